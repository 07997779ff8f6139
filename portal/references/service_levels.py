"""The clock of a request: what was promised, what is used up, what is left; it stops while the rep is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from portal import policies
from portal.references import policies as rules
from portal.references.business_calendar import DAY, BusinessCalendar, calendar_of
from portal.references.models import ReferenceRequest
from tenants.clock import utc_now
from tenants.database import tenant

WARNING_PERCENT = 80  # percent used: from here on it is worth a look


class SlaStage(StrEnum):
    """What is promised, in the order it falls due."""

    FIRST_RESPONSE = "first_response"
    FIRST_ASK = "first_ask"
    DELIVERY = "delivery"


@dataclass(frozen=True)
class SlaClock:
    stage: SlaStage
    due: datetime
    met_at: datetime | None
    used: timedelta  # working time
    left: timedelta  # working time, negative when late
    is_paused: bool

    @property
    def is_late(self) -> bool:
        return self.left < timedelta()

    @property
    def percent(self) -> int:
        return round(100 * self.used / max(self.used + self.left, timedelta(minutes=1)))

    @property
    def tone(self) -> str:
        if self.is_paused:
            return ""
        return "bad" if self.is_late else "warn" if self.percent >= WARNING_PERCENT else ""


@dataclass(frozen=True)
class ServiceLevels:
    """A workspace's calendar and what its desk promises in working days, read once for a page."""

    calendar: BusinessCalendar
    days: dict[SlaStage, int]
    now: datetime
    answer_days: int = 3
    feedback_wait_days: int = 3
    name_after_yes: bool = True

    def due(self, request: ReferenceRequest, stage: SlaStage) -> datetime:
        """Return when the promise is due; never at night or on a weekend, but on the working day before."""
        allowed = self.days[stage] * DAY + timedelta(seconds=request.paused_seconds)
        return self.calendar.within_office_hours(
            self.calendar.add_working_time(request.submitted_at or request.created_at, allowed)
        )

    def next_due(self, request: ReferenceRequest) -> datetime:
        return self.due(request, next_stage(request))

    def current_clock(self, request: ReferenceRequest) -> SlaClock:
        return self._clock(request, next_stage(request), request.due_at)

    def clock_of_stage(self, request: ReferenceRequest, stage: SlaStage) -> SlaClock:
        return self._clock(request, stage, self.due(request, stage))

    def _clock(self, request: ReferenceRequest, stage: SlaStage, due: datetime) -> SlaClock:
        met = met_at(request, stage)
        seen = met or request.ended_at or request.waiting_since or self.now
        used = self.calendar.working_time_between(request.submitted_at or request.created_at, seen)
        waited = timedelta(seconds=request.paused_seconds)
        stopped = request.waiting_since is not None and met is None
        return SlaClock(stage, due, met, max(used - waited, timedelta()), self._left(seen, due), stopped)

    def _left(self, seen: datetime, due: datetime) -> timedelta:
        if seen <= due:
            return self.calendar.working_time_between(seen, due)
        return min(-self.calendar.working_time_between(due, seen), -timedelta(minutes=1))


def next_stage(request: ReferenceRequest) -> SlaStage:
    return next((stage for stage in SlaStage if met_at(request, stage) is None), SlaStage.DELIVERY)


def met_at(request: ReferenceRequest, stage: SlaStage) -> datetime | None:
    moments = {
        SlaStage.FIRST_RESPONSE: request.first_response_at,
        SlaStage.FIRST_ASK: request.first_ask_at,
        SlaStage.DELIVERY: request.delivered_at,
    }
    return moments[stage]


def service_levels(session: Session) -> ServiceLevels:
    given = policies.values(session)
    holidays = bool(given[rules.PUBLIC_HOLIDAYS.name])
    return ServiceLevels(
        calendar_of(tenant(session).time_zone, with_holidays=holidays),
        {
            SlaStage.FIRST_RESPONSE: given[rules.FIRST_RESPONSE_DAYS.name],
            SlaStage.FIRST_ASK: given[rules.FIRST_ASK_DAYS.name],
            SlaStage.DELIVERY: given[rules.DELIVERY_DAYS.name],
        },
        utc_now(),
        answer_days=given[rules.ANSWER_DAYS.name],
        feedback_wait_days=given[rules.FEEDBACK_WAIT_DAYS.name],
        name_after_yes=bool(given[rules.NAME_AFTER_YES.name]),
    )
