"""The clock of a request: what was promised, what is used up, what is left; it stops while the rep is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from portal import policies
from portal.references import policies as rules
from portal.references.business import DAY, BusinessCalendar, calendar_of
from portal.references.models import ReferenceRequest
from tenants.clock import utc_now
from tenants.database import tenant

CLOSE = 80  # percent used: from here on it is worth a look


class Stage(StrEnum):
    """What is promised, in the order it falls due."""

    ANSWERED = "answered"
    NAMED = "named"
    HELD = "held"


@dataclass(frozen=True)
class Clock:
    stage: Stage
    due: datetime
    met_at: datetime | None
    used: timedelta  # working time
    left: timedelta  # working time, negative when late
    stopped: bool

    @property
    def late(self) -> bool:
        return self.left < timedelta()

    @property
    def percent(self) -> int:
        return round(100 * self.used / max(self.used + self.left, timedelta(minutes=1)))

    @property
    def tone(self) -> str:
        if self.stopped:
            return ""
        return "bad" if self.late else "warn" if self.percent >= CLOSE else ""


@dataclass(frozen=True)
class Promises:
    """A workspace's calendar and what its desk promises in working days, read once for a page."""

    calendar: BusinessCalendar
    days: dict[Stage, int]
    now: datetime
    answer_days: int = 3
    silent_days: int = 3
    name_after_yes: bool = True

    def due(self, wanted: ReferenceRequest, stage: Stage) -> datetime:
        """Never at night or on a weekend: then it is due when the working day before ends."""
        allowed = self.days[stage] * DAY + timedelta(seconds=wanted.waited_seconds)
        return self.calendar.in_office(self.calendar.after(wanted.submitted_at or wanted.created_at, allowed))

    def next_due(self, wanted: ReferenceRequest) -> datetime:
        return self.due(wanted, next_stage(wanted))

    def of(self, wanted: ReferenceRequest) -> Clock:
        """The clock of the promise that is open now."""
        return self._clock(wanted, next_stage(wanted), wanted.due_at)

    def at(self, wanted: ReferenceRequest, stage: Stage) -> Clock:
        return self._clock(wanted, stage, self.due(wanted, stage))

    def _clock(self, wanted: ReferenceRequest, stage: Stage, due: datetime) -> Clock:
        met = met_at(wanted, stage)
        seen = met or wanted.ended_at or wanted.waiting_since or self.now
        used = self.calendar.between(wanted.submitted_at or wanted.created_at, seen)
        waited = timedelta(seconds=wanted.waited_seconds)
        stopped = wanted.waiting_since is not None and met is None
        return Clock(stage, due, met, max(used - waited, timedelta()), self._left(seen, due), stopped)

    def _left(self, seen: datetime, due: datetime) -> timedelta:
        if seen <= due:
            return self.calendar.between(seen, due)
        return min(-self.calendar.between(due, seen), -timedelta(minutes=1))


def next_stage(wanted: ReferenceRequest) -> Stage:
    return next((stage for stage in Stage if met_at(wanted, stage) is None), Stage.HELD)


def met_at(wanted: ReferenceRequest, stage: Stage) -> datetime | None:
    moments = {
        Stage.ANSWERED: wanted.answered_at,
        Stage.NAMED: wanted.named_at,
        Stage.HELD: wanted.delivered_at,
    }
    return moments[stage]


def promises(session: Session) -> Promises:
    given = policies.values(session)
    holidays = bool(given[rules.PUBLIC_HOLIDAYS.name])
    return Promises(
        calendar_of(tenant(session).time_zone, with_holidays=holidays),
        {
            Stage.ANSWERED: given[rules.FIRST_ANSWER_DAYS.name],
            Stage.NAMED: given[rules.NAMED_DAYS.name],
            Stage.HELD: given[rules.HELD_DAYS.name],
        },
        utc_now(),
        answer_days=given[rules.ANSWER_DAYS.name],
        silent_days=given[rules.SILENT_DAYS.name],
        name_after_yes=bool(given[rules.NAME_AFTER_YES.name]),
    )
