"""May this letter leave now? Asked while it is claimed, and by the dry run of a sequence: one set of rules for both.

What somebody asked for passes all but hard suppression. Invitations need no consent, since none can exist yet.
Letters of a programme need the consent their purpose names (domain.md 3.6).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from portal.advocates.models import State
from portal.outreach.hours import Hours, zone_named
from portal.outreach.kinds import LetterKind
from portal.outreach.models import Hold, LetterClass
from portal.outreach.suppression.models import Reason
from portal.outreach.suppression.rules import holding
from portal.regions import shown

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
SOON = timedelta(minutes=10)
LOOK_AGAIN = timedelta(hours=6)  # where nobody can say when it is free
WARNED, BLOCKED = 0.001, 0.003  # complaints for each accepted letter, in 30 days
FEWEST_COMPLAINTS = 2  # one press of a button in a small workspace says nothing yet

LEFT = shown("This person is not in the programme any more, so the letter was not sent.")
TAKEN_BACK = shown("This person no longer agrees to what the letter is about, so it was not sent.")
OVER = shown("This ask was answered, ended or changed before the letter left, so it was not sent.")
STALE = shown("What it is about was over or had changed before the letter left, so it was not sent.")
ENDED = shown("Its sequence ended for this person before the letter left, so it was not sent.")
ANSWERED = shown("This person has answered the invitation already, so it was not sent again.")
RESTS = shown("Its sequence is paused. It leaves when the sequence goes on.")
ON_A_PAUSE = shown("This person asked for a pause.")
QUIET = shown("It waits for the hours in which this person reads work mail.")
ENOUGH = shown("This person had %(number)s letters lately, which is as many as we allow.")
ENOUGH_TODAY = shown("This workspace has sent %(number)s letters today, which is its own limit.")
TOO_MANY_COMPLAINTS = shown(
    "%(share)s %% of the letters of the last 30 days were marked as spam. Letters to many people rest until it is less."
)
BLOCKED_BY_COMPLAINTS = shown(
    "%(share)s %% of the letters of the last 30 days were marked as spam. Nothing but answers leaves until it is less."
)
NEVER = {
    Reason.BOUNCED: shown("Letters to this address came back: there is no such mailbox."),
    Reason.COMPLAINED: shown("This person marked a letter as spam, so we do not write again."),
    Reason.UNSUBSCRIBED: shown("This person does not want such letters any more."),
    Reason.ERASED: shown("This person was erased, so we do not write again."),
    Reason.OPTED_OUT: shown("Your CRM says that this person opted out."),
    Reason.BY_HAND: shown("A manager noted that this address gets no letters."),
}


@dataclass(frozen=True)
class Judgement:
    """`why` is translated when shown, with `blanks` put in. `free_at`: when it is looked at again; None: never."""

    hold: Hold = Hold.NONE
    why: str = ""
    blanks: Mapping[str, Any] = field(default_factory=dict)
    free_at: datetime | None = None

    @property
    def words(self) -> str:
        return self.why % self.blanks if self.blanks else self.why


FREE = Judgement()


class Standing(NamedTuple):
    """A person of the programme, as far as letters go."""

    state: State
    consents: Sequence[str]
    paused_until: datetime | None = None
    time_zone: str = ""  # as it is now; empty: as the letter has it


@dataclass(frozen=True)
class Rules:
    """The workspace's own numbers."""

    hours: Hours
    a_week: int
    a_month: int
    a_day: int
    zone: str


@dataclass
class Facts:
    """What the rules look at, read once for many letters. `count` keeps it true while letters are let go."""

    now: datetime
    tomorrow: datetime  # when the workspace's next day begins
    rules: Rules
    suppressed: Mapping[str, Sequence[tuple[Reason, str]]] = field(default_factory=dict)
    people: Mapping[UUID, Standing] = field(default_factory=dict)
    open_asks: Mapping[UUID, int] = field(default_factory=dict)  # ask -> version of its link
    resting: frozenset[UUID] = frozenset()  # sequences that do not run
    lately: dict[str, list[datetime]] = field(
        default_factory=dict
    )  # address -> letters of programmes, oldest first
    today: int = 0
    complaints: float = 0.0  # share of the accepted
    openings: dict[tuple[str, int | None, int | None], datetime | None] = field(default_factory=dict)

    def opening(self, letter: Any) -> datetime | None:
        """Worked out once for a zone and a window, not once for a letter."""
        key = (self._zone(letter), letter.window_from, letter.window_until)
        if key not in self.openings:
            hours = self.rules.hours.within(letter.window_from, letter.window_until)
            self.openings[key] = hours.opening(self.now, zone_named(key[0], self.rules.zone))
        return self.openings[key]

    def _zone(self, letter: Any) -> str:
        """Whoever moved since the letter was written reads it where they are now."""
        person = self.people.get(letter.advocate_id)
        return (person and person.time_zone) or letter.time_zone

    def count(self, letter: Any) -> None:
        if letter.letter_class != LetterClass.TRANSACTIONAL:
            self.today += 1
            self.lately.setdefault(letter.recipient_norm, []).append(self.now)


def judge(letter: Any, facts: Facts) -> Judgement:
    """The first rule that holds it back; FREE when none does. What never ends comes first."""
    for rule in RULES[letter.letter_class]:
        if (found := rule(letter, facts)) is not None:
            return _later(found, facts)
    return FREE


def _later(found: Judgement, facts: Facts) -> Judgement:
    """What is free by now and still held, such as after a pause nobody has ended yet, is not asked again at once."""
    if found.free_at is None or found.free_at > facts.now:
        return found
    return replace(found, free_at=facts.now + SOON)


def _suppressed(letter: Any, facts: Facts) -> Judgement | None:
    found = facts.suppressed.get(letter.recipient_norm)
    if not found:
        return None
    reason = holding(found, LetterClass(letter.letter_class), letter.purpose)
    return Judgement(Hold.SUPPRESSED, NEVER[reason]) if reason else None


def _left(letter: Any, facts: Facts) -> Judgement | None:
    person = facts.people.get(letter.advocate_id)
    if person is None or person.state not in {State.ENROLLED, State.PAUSED}:
        return Judgement(Hold.LEFT, LEFT)
    return None


def _taken_back(letter: Any, facts: Facts) -> Judgement | None:
    if letter.purpose not in facts.people[letter.advocate_id].consents:
        return Judgement(Hold.CONSENT, TAKEN_BACK)
    return None


def _over(letter: Any, facts: Facts) -> Judgement | None:
    """A letter about an ask holds while the ask is open and its link is the one in the letter."""
    if letter.kind not in ABOUT_OPEN_ASKS:
        return None
    answer = letter.links.get("answer") or {}
    if facts.open_asks.get(letter.about_id) != answer.get("version"):
        return Judgement(Hold.OVER, OVER)
    return None


def _answered(letter: Any, facts: Facts) -> Judgement | None:
    person = facts.people.get(letter.advocate_id)
    return None if person is None or person.state is State.INVITED else Judgement(Hold.OVER, ANSWERED)


def _taken_out(letter: Any, facts: Facts) -> Judgement | None:
    """Its sequence ended for this reader while it was on its way, and it came back."""
    return None if letter.over_at is None else Judgement(Hold.OVER, ENDED)


def _stale(letter: Any, facts: Facts) -> Judgement | None:
    if letter.valid_until is None or letter.valid_until > facts.now:
        return None
    return Judgement(Hold.OVER, STALE)


def _rests(letter: Any, facts: Facts) -> Judgement | None:
    """Looked at again by itself: the sequence may go on at the very moment this is written."""
    if letter.sequence_id not in facts.resting:
        return None
    return Judgement(Hold.PAUSED, RESTS, free_at=facts.now + LOOK_AGAIN)


def _on_a_pause(letter: Any, facts: Facts) -> Judgement | None:
    person = facts.people[letter.advocate_id]
    if person.state is not State.PAUSED:
        return None
    return Judgement(Hold.PAUSED, ON_A_PAUSE, free_at=person.paused_until or facts.now + LOOK_AGAIN)


def _complained_of(letter: Any, facts: Facts) -> Judgement | None:
    if facts.complaints < WARNED:
        return None
    share = {"share": f"{facts.complaints * 100:.2f}"}
    if facts.complaints >= BLOCKED:
        return Judgement(Hold.COMPLAINTS, BLOCKED_BY_COMPLAINTS, share, facts.now + LOOK_AGAIN)
    if letter.bulk:
        return Judgement(Hold.COMPLAINTS, TOO_MANY_COMPLAINTS, share, facts.now + LOOK_AGAIN)
    return None


def _too_often(letter: Any, facts: Facts) -> Judgement | None:
    """Free once the letter that fills the window is old enough."""
    sent = facts.lately.get(letter.recipient_norm)
    if not sent:
        return None
    free = max(
        _free(sent, facts.now, WEEK, facts.rules.a_week), _free(sent, facts.now, MONTH, facts.rules.a_month)
    )
    if free <= facts.now:
        return None
    return Judgement(Hold.CAP, ENOUGH, {"number": len(sent)}, free)


def _free(sent: Sequence[datetime], now: datetime, window: timedelta, most: int) -> datetime:
    inside = [at for at in sent if at > now - window]
    return inside[-most] + window if len(inside) >= most else now


def _at_night(letter: Any, facts: Facts) -> Judgement | None:
    opens = facts.opening(letter)
    return None if opens is None else Judgement(Hold.QUIET, QUIET, free_at=opens)


def _enough_today(letter: Any, facts: Facts) -> Judgement | None:
    if facts.today < facts.rules.a_day:
        return None
    return Judgement(Hold.DAY, ENOUGH_TODAY, {"number": facts.today}, facts.tomorrow)


ABOUT_OPEN_ASKS = frozenset({LetterKind.ASK.value, "ask_reminder"})
ENDS = (_taken_out, _stale)
LIMITS = (_complained_of, _too_often, _at_night, _enough_today)
RULES = {
    LetterClass.TRANSACTIONAL: (_suppressed, *ENDS, _rests),
    LetterClass.INVITATION: (_suppressed, _answered, *ENDS, _rests, *LIMITS),
    LetterClass.PROGRAMME: (_suppressed, _left, _taken_back, _over, *ENDS, _rests, _on_a_pause, *LIMITS),
}
