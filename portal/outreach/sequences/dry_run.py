"""Who would get what and when, and who would not and why: nothing is written, and the rules are those of the claim.

A draft is looked at as if it started now; a sequence that runs, at the next letter of whoever is on the way.
"""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence as Row
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates.models import State as Standing
from portal.outreach.facts import gather, rules_of, standing
from portal.outreach.governance import Judgement
from portal.outreach.governance import Standing as InProgramme
from portal.outreach.models import Hold
from portal.outreach.sequences import ends, timing
from portal.outreach.sequences.before import Before, Reader, letters_before
from portal.outreach.sequences.forecast import Fate, Forecast, Leaving, Planned
from portal.outreach.sequences.models import OWN, Run, State, Step
from portal.outreach.sequences.queries import Whole
from portal.outreach.sequences.travellers import Traveller, of_audience, on_the_way
from portal.regions import shown
from tenants.addresses import normal_email
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


class Line(NamedTuple):
    """One person, the next letter, and when it leaves or why it does not."""

    person: Traveller
    step: Step | None
    leaving: Leaving

    @property
    def fate(self) -> Fate:
        return self.leaving.fate

    @property
    def why(self) -> Judgement:
        return self.leaving.why


@dataclass
class DryRun:
    """`room`: letters the sequence may still write; None: any number. `before`: each until it is expected to leave."""

    whole: Whole
    now: datetime
    forecast: Forecast
    room: int | None
    before: Mapping[Reader, Before] = field(default_factory=dict)
    turns: dict[Any, tuple[Step | None, datetime]] = field(default_factory=dict)

    @cached_property
    def is_draft(self) -> bool:
        return self.whole.sequence.state is State.DRAFT

    def line(self, person: Traveller, letter: Planned) -> Line:
        at = (person.place, person.anchor, person.due)  # the same for everybody in a draft
        if at not in self.turns:
            self.turns[at] = _next(self.whole.steps, person, self.now)
        step, due = self.turns[at]
        if step is None:
            return Line(person, None, TOO_LATE_BY_NOW)
        if (left_out := self._left_out(person)) is not None:
            return Line(person, step, left_out)
        leaving = self.forecast.leaving(letter, self._its_turn(person, step, due))
        if self.room is not None and leaving.fate is not Fate.NOT:
            self.room -= 1  # a letter that never leaves frees its place
        return Line(person, step, _said_ahead(leaving))

    def _left_out(self, person: Traveller) -> Leaving | None:
        """Who gets no letter written; in a draft because the start leaves them out."""
        if self.is_draft:
            if person.state is not Standing.ENROLLED:
                return RESTING if person.state is Standing.PAUSED else GONE
            if not person.agrees:
                return NOT_ASKED_FOR
            if not person.has_address:
                return NOWHERE
        return ENOUGH if self.room == 0 else None

    def _its_turn(self, person: Traveller, step: Step, due: datetime) -> datetime:
        """Put off as the walk does it, turn after turn, until it would be written."""
        before = self.before.get(_reader(person))
        while before and (later := before.as_of(due).put_off(self.whole.steps, step, due)):
            due = later
        return due

    def then(self, line: Line) -> list[tuple[Step, datetime]]:
        """The letters that would follow, where nothing else holds them."""
        steps, found, left = self.whole.steps, [], line.leaving.at
        (letter,) = _planned(self.whole, [line.person])
        for later in steps[line.step.number :] if line.step else ():
            if left is None:
                break
            due = max(timing.due_at(later, line.person.anchor), left)
            due = Before(False, None, left).put_off(steps, later, due) or due
            left = self.forecast.opening(letter, due)
            found.append((later, left))
        return found


@dataclass(frozen=True)
class Outcome:
    run: DryRun
    lines: Row[Line]

    @cached_property
    def counts(self) -> Counter[Fate]:
        return Counter(line.leaving.fate for line in self.lines)

    def reasons(self, fate: Fate) -> list[tuple[tuple[Hold, str], int]]:
        """Why (the rule, and its sentence without numbers put in), and for how many; the most frequent first."""
        return Counter((line.why.hold, line.why.why) for line in self.of(fate)).most_common()

    def of(self, fate: Fate) -> list[Line]:
        return [line for line in self.lines if line.leaving.fate == fate]

    def first(self, fate: Fate | None = None) -> datetime | None:
        """When the first letter leaves."""
        lines = self.of(fate) if fate else self.lines
        return min((line.leaving.at for line in lines if line.leaving.at), default=None)


def dry_run(session: Session, whole: Whole) -> Outcome:
    """In the order in which the letters would be written."""
    now, sequence = utc_now(), whole.sequence
    draft = sequence.state is State.DRAFT
    people = of_audience(session, sequence, whole.steps[0], now) if draft else on_the_way(session, sequence)
    letters = _planned(whole, people)
    known = _known(people, rules_of(session).zone)
    facts = gather(session, letters, people=known, resting=frozenset())
    forecast = Forecast(facts, known)
    before = {} if draft else _expected(forecast, _before(session, whole, people), people, letters)
    run = DryRun(whole, now, forecast, ends.room(session, sequence), before)
    return Outcome(run, [run.line(*both) for both in zip(people, letters, strict=True)])


def _before(session: Session, whole: Whole, people: Row[Traveller]) -> Mapping[Reader, Before]:
    if not any(step.minutes > 0 for step in whole.steps):
        return {}
    kinds = session.scalars(select(Run.about_kind).where(Run.sequence_id == whole.sequence.id).distinct())
    return letters_before(session, whole.sequence.id, kinds.all(), {person.about_id for person in people})


def _expected(
    forecast: Forecast, before: Mapping[Reader, Before], people: Row[Traveller], letters: Row[Planned]
) -> Mapping[Reader, Before]:
    """When those that still wait leave, each counting for all that come after; the rules take them for the next."""
    now, found = forecast.facts.now, dict(before)
    alike = {_reader(person): letter for person, letter in zip(people, letters, strict=True)}
    wait = [(said.until or now, reader) for reader, said in before.items() if said.waits and reader in alike]
    for until, reader in sorted(wait, key=itemgetter(0)):
        leaves = forecast.leaving(alike[reader], max(until, now)).at or until
        found[reader] = replace(before[reader], until=leaves)
    return found


def _reader(person: Traveller) -> Reader:
    return person.about_id, normal_email(person.address)


def _known(people: Row[Traveller], zone: str) -> dict[UUID, InProgramme]:
    """Of each person what the rules ask: who is on the way twice may agree to one of two purposes."""
    found: dict[UUID, InProgramme] = {}
    for person in people:
        if (key := person.advocate_id) is None or person.state is None:
            continue
        agreed = [person.purpose] if person.agrees else []
        if key in found:
            agreed = [*agreed, *found[key].consents]
        found[key] = standing(person.state, agreed, person.paused_until, zone)
    return found


def _next(steps: Row[Step], person: Traveller, now: datetime) -> tuple[Step | None, datetime]:
    """The step that comes next and when; what is too late for its moment is passed over."""
    if person.due > now:
        return steps[person.place], person.due
    step, place = timing.turn(steps, person.place, person.anchor, now)
    if step is not None:
        return step, now
    return (steps[place.step], place.next_at) if place.next_at else (None, now)


def _planned(whole: Whole, people: Row[Traveller]) -> list[Planned]:
    """The next letter of each."""
    sequence = whole.sequence
    blanks = [
        Planned(
            kind=kind.value,
            letter_class=kind.rule.letter_class,
            purpose=kind.rule.purpose,
            window_from=sequence.window_from,
            window_until=sequence.window_until,
            bulk=sequence.programme == OWN,
        )
        for kind in whole.kinds
    ]
    return [_to(person, blanks[min(person.place, len(blanks) - 1)]) for person in people]


def _to(person: Traveller, letter: Planned) -> Planned:
    return letter._replace(
        purpose=person.purpose or letter.purpose,
        recipient_norm=normal_email(person.address),
        advocate_id=person.advocate_id,
        time_zone=person.time_zone,
        about_id=person.about_id,
        links=person.links,
    )


def _never(hold: Hold, why: str) -> Leaving:
    return Leaving(None, Judgement(hold, why))


RESTING = _never(Hold.PAUSED, ON_A_PAUSE)
GONE = _never(Hold.LEFT, LEFT)
NOT_ASKED_FOR = _never(Hold.CONSENT, NOT_AGREED)
NOWHERE = _never(Hold.OVER, NO_ADDRESS)
ENOUGH = _never(Hold.OVER, LIMIT)
TOO_LATE_BY_NOW = _never(Hold.OVER, TOO_LATE)


def _said_ahead(leaving: Leaving) -> Leaving:
    words = AHEAD_OF_TIME.get(leaving.why.hold)
    return _never(leaving.why.hold, words) if words and leaving.at is None else leaving
