"""Who would get what and when, and who would not and why: nothing is written, and the rules are those of the claim.

A draft is looked at as if it started now; a sequence that runs, at the next letter of whoever is on the way.
"""

from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence as Row
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from portal.advocates.models import State as Standing
from portal.outreach.facts import gather, rules_of, standing
from portal.outreach.governance import Judgement
from portal.outreach.kinds import LetterKind
from portal.outreach.models import Hold
from portal.outreach.sequences import ends, timing
from portal.outreach.sequences.forecast import Fate, Forecast, Leaving, Planned
from portal.outreach.sequences.models import OWN, State, Step
from portal.outreach.sequences.queries import Whole
from portal.outreach.sequences.travellers import Traveller, of_audience, on_the_way
from portal.regions import shown
from tenants.clock import utc_now

LEFT = shown("This person is not in the programme any more.")
NOT_AGREED = shown("This person has not agreed to such letters.")
ON_A_PAUSE = shown("This person asked for a pause, so the sequence starts without them.")
ANSWERED = shown("This was answered, ended or changed already.")
LIMIT = shown("The sequence will have written as many letters as it may by then.")
NO_ADDRESS = shown("This is not an address that mail can go to.")
TOO_LATE = shown("The time of this letter has passed, so it is passed over.")
AHEAD_OF_TIME = {
    Hold.LEFT: LEFT,
    Hold.CONSENT: NOT_AGREED,
    Hold.OVER: ANSWERED,
}  # the claim says them afterwards


@dataclass(frozen=True)
class Line:
    """One person, the next letter, when it leaves or why it does not, and the letters that would follow."""

    person: Traveller
    step: Step | None
    leaving: Leaving
    then: Row[tuple[Step, datetime]] = ()

    @property
    def fate(self) -> Fate:
        return self.leaving.fate

    @property
    def why(self) -> Judgement:
        return self.leaving.why


@dataclass(frozen=True)
class Outcome:
    lines: Row[Line]

    @cached_property
    def counts(self) -> Counter[Fate]:
        return Counter(line.fate for line in self.lines)

    def reasons(self, fate: Fate) -> list[tuple[tuple[Hold, str], int]]:
        """Why (the rule, and its sentence without numbers put in), and for how many; the most frequent first."""
        return Counter((line.why.hold, line.why.why) for line in self.of(fate)).most_common()

    def of(self, fate: Fate) -> list[Line]:
        return [line for line in self.lines if line.fate == fate]

    def first(self, fate: Fate | None = None) -> datetime | None:
        """When the first letter leaves."""
        lines = self.of(fate) if fate else self.lines
        return min((line.leaving.at for line in lines if line.leaving.at), default=None)


@dataclass
class DryRun:
    """`room`: letters the sequence may still write; None: any number."""

    whole: Whole
    people: Row[Traveller]
    now: datetime
    forecast: Forecast
    room: int | None

    def lines(self) -> Iterator[Line]:
        for person in self.people:
            step, due = _next(self.whole.steps, person, self.now)
            yield self._line(person, step, due) if step else Line(person, None, _never(Hold.OVER, TOO_LATE))

    def _line(self, person: Traveller, step: Step, due: datetime) -> Line:
        if (left_out := self._left_out(person)) is not None:
            return Line(person, step, left_out)
        if self.room is not None:
            self.room -= 1
        letter = _planned(self.whole, person, step)
        leaving = _said_ahead(self.forecast.leaving(letter, due))
        return Line(person, step, leaving, self._then(person, step, letter, leaving.at))

    def _left_out(self, person: Traveller) -> Leaving | None:
        """Who gets no letter written, in a draft because the start leaves them out."""
        if self.whole.sequence.state is State.DRAFT:
            if person.state is Standing.PAUSED:
                return _never(Hold.PAUSED, ON_A_PAUSE)
            if person.state is not Standing.ENROLLED:
                return _never(Hold.LEFT, LEFT)
            if self.whole.sequence.purpose not in person.consents:
                return _never(Hold.CONSENT, NOT_AGREED)
            if not person.has_address:
                return _never(Hold.OVER, NO_ADDRESS)
        return _never(Hold.OVER, LIMIT) if self.room == 0 else None

    def _then(
        self, person: Traveller, step: Step, letter: Planned, left: datetime | None
    ) -> list[tuple[Step, datetime]]:
        steps, found = self.whole.steps, []
        for later in steps[step.number :]:
            if left is None:
                break
            due = max(timing.due_at(later, person.anchor), left + timing.respite(steps, later))
            left = self.forecast.opening(letter, due)
            found.append((later, left))
        return found


def dry_run(session: Session, whole: Whole) -> Outcome:
    """In the order in which the letters would be written."""
    now, sequence = utc_now(), whole.sequence
    draft = sequence.state is State.DRAFT
    people = of_audience(session, sequence, whole.steps[0], now) if draft else on_the_way(session, sequence)
    room = ends.room(session, sequence)
    return Outcome(list(DryRun(whole, people, now, _forecast(session, whole, people), room).lines()))


def _forecast(session: Session, whole: Whole, people: Row[Traveller]) -> Forecast:
    zone = rules_of(session).zone
    known = {
        person.advocate_id: standing(person.state, person.consents, person.paused_until, zone)
        for person in people
        if person.advocate_id and person.state
    }
    steps = whole.steps
    letters = [_planned(whole, person, steps[min(person.place, len(steps) - 1)]) for person in people]
    return Forecast(gather(session, letters, people=known, resting=frozenset()), known)


def _next(steps: Row[Step], person: Traveller, now: datetime) -> tuple[Step | None, datetime]:
    """The step that comes next and when; what is too late for its moment is passed over."""
    if person.due > now:
        return steps[person.place], person.due
    step, place = timing.turn(steps, person.place, person.anchor, now)
    if step is not None:
        return step, now
    return (steps[place.step], place.next_at) if place.next_at else (None, now)


def _planned(whole: Whole, person: Traveller, step: Step) -> Planned:
    rule, sequence = LetterKind(step.kind).rule, whole.sequence
    return Planned(
        kind=step.kind,
        letter_class=rule.letter_class,
        purpose=person.purpose or rule.purpose,
        recipient_norm=person.address.lower(),
        advocate_id=person.advocate_id,
        time_zone=person.time_zone,
        about_id=person.about_id,
        links=person.links,
        window_from=sequence.window_from,
        window_until=sequence.window_until,
        bulk=sequence.programme == OWN,
    )


def _never(hold: Hold, why: str) -> Leaving:
    return Leaving(None, Judgement(hold, why))


def _said_ahead(leaving: Leaving) -> Leaving:
    words = AHEAD_OF_TIME.get(leaving.why.hold)
    return _never(leaving.why.hold, words) if words and leaving.at is None else leaving
