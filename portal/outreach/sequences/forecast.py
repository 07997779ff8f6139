"""When a letter would leave, by the rules of the claim: asked again each time they name, until they let it go."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.advocates.models import State
from portal.outreach.governance import ABOUT_OPEN_ASKS, Facts, Judgement, Standing, judge
from portal.outreach.hours import zone_named
from portal.outreach.models import Hold, LetterClass

MOST_LOOKS = 60  # a workspace that sends ten thousand letters in its slowest way
DAY = timedelta(days=1)
EXPECTED = frozenset({Hold.NONE, Hold.QUIET})  # nothing unusual: it leaves in the hours of its reader


class Fate(StrEnum):
    GETS = "gets"
    LATER = "later"
    NOT = "not"


class Planned(NamedTuple):
    """A letter that is not written yet, as the rules look at one."""

    kind: str
    letter_class: LetterClass
    purpose: str = ""
    recipient_norm: str = ""
    advocate_id: UUID | None = None
    time_zone: str = ""
    about_id: UUID | None = None
    links: Mapping[str, Any] = {}
    sequence_id: UUID | None = None
    window_from: int | None = None
    window_until: int | None = None
    over_at: None = None
    valid_until: datetime | None = None
    bulk: bool = False


@dataclass(frozen=True)
class Leaving:
    """`at`: when it leaves; None: never, or nobody can say. `why`: what holds it until then, or for good."""

    at: datetime | None
    why: Judgement

    @property
    def fate(self) -> Fate:
        if self.at is None and self.why.free_at is None:
            return Fate.NOT
        return Fate.GETS if self.at is not None and self.why.hold in EXPECTED else Fate.LATER


@dataclass
class Forecast:
    """Letters let go one after the other, as the claim does it: each counts for those after it."""

    facts: Facts
    people: dict[UUID, Standing]  # those the facts hold
    days: Counter[date] = field(default_factory=Counter)
    openings: dict[datetime, dict[Any, Any]] = field(default_factory=dict)
    alike: dict[Any, Leaving] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(self.facts.rules.zone)
        self.days[self._day(self.facts.now)] = self.facts.today

    def leaving(self, letter: Planned, due: datetime) -> Leaving:
        """What was found for one reader holds for all of whom nothing else is known, while the day has room."""
        known = self._alike(letter, due)
        found = self.alike.get(known) if known else None
        if found is None or not self._has_room(found, letter):
            found = self._looked_up(letter, due)
            if known:
                self.alike[known] = found
        if found.at is not None and letter.letter_class is not LetterClass.TRANSACTIONAL:
            self.days[self._day(found.at)] += 1
            self.facts.lately.setdefault(letter.recipient_norm, []).append(found.at)
        return found

    def opening(self, letter: Planned, at: datetime) -> datetime:
        """The next of its reader's hours, where nothing else holds it."""
        if letter.letter_class is LetterClass.TRANSACTIONAL:
            return at
        hours = self.facts.rules.hours.within(letter.window_from, letter.window_until)
        return hours.opening(at, zone_named(letter.time_zone, self.facts.rules.zone)) or at

    def _alike(self, letter: Planned, due: datetime) -> tuple[Any, ...] | None:
        """All that the rules look at; None where they know something of this reader or this ask alone."""
        reader = letter.recipient_norm
        if reader in self.facts.suppressed or reader in self.facts.lately or letter.kind in ABOUT_OPEN_ASKS:
            return None
        person = self.people.get(letter.advocate_id) if letter.advocate_id else None
        agrees = person is not None and letter.purpose in person.consents
        standing = (person.state, person.paused_until, agrees) if person else None
        return (letter.letter_class, letter.time_zone, letter.window_from, letter.window_until, standing, due)

    def _has_room(self, found: Leaving, letter: Planned) -> bool:
        if found.at is None or letter.letter_class is LetterClass.TRANSACTIONAL:
            return True
        return self.days[self._day(found.at)] < self.facts.rules.a_day

    def _looked_up(self, letter: Planned, due: datetime) -> Leaving:
        at, held = due, Judgement()
        for _ in range(MOST_LOOKS):
            said = judge(letter, self._as_of(at, letter))
            if said.hold is Hold.NONE:
                return Leaving(at, held)
            held = held if held.hold not in EXPECTED else said
            if said.free_at is None or said.hold is Hold.COMPLAINTS:
                return Leaving(None, said)
            at = max(said.free_at, at + timedelta(minutes=1))
        return Leaving(None, held)

    def _as_of(self, at: datetime, letter: Planned) -> Facts:
        """The facts as they will be: the day's letters, the hours, and a pause that is over by then."""
        facts, day = self.facts, self._day(at)
        facts.now, facts.today = at, self.days[day]
        facts.tomorrow = datetime.combine(day + DAY, time(), self.zone).astimezone(UTC)
        facts.openings = self.openings.setdefault(at, {})
        reader = letter.advocate_id
        person = self.people.get(reader) if reader else None
        if reader and person and person.paused_until and person.paused_until <= at:
            self.people[reader] = person._replace(state=State.ENROLLED, paused_until=None)
        return facts

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()
