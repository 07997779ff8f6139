"""What happens by the clock. A due slot is a row: of any number of tickers one takes it.

Everything here looks at what is due now, so a slot that was missed is made up for by the next one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from jobs.advocates import by_the_hour
from jobs.alarms import say_late, with_late_letters
from jobs.asks import expire, look_at_every_day
from jobs.references import look_at_calls, look_at_calls_ahead, look_at_calls_without_times
from jobs.waiting import is_away
from portal.advocates import consent_anchors
from portal.exports import actions as exports
from portal.imports import actions as imports
from portal.outreach.events import actions as events
from portal.outreach.senders import actions as senders
from portal.outreach.sequences import ends
from portal.references.catching_up import horizon
from portal.signin.rate_limits import KEPT
from tenants.clock import utc_now
from tenants.database import system_session, tenant_session
from tenants.models import RateLimit, ScheduleRun, SignInRequest, SignInSession, Tenant
from tenants.queries import tenants_with_due

log = structlog.get_logger()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FIRST_MIDNIGHT = timedelta(hours=14)  # how far ahead of UTC the earliest zone is
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Schedule:
    name: str
    every: timedelta
    run: Callable[[], None]

    def slot(self, now: datetime) -> datetime:
        return EPOCH + (now - EPOCH) // self.every * self.every


@dataclass(frozen=True)
class ForEach:
    """A turn for each workspace that has something due; one that fails does not stop the others."""

    tenants: Callable[[Session], Sequence[UUID]]
    turn: Callable[[UUID], object]

    def __call__(self) -> None:
        with system_session(read_only=True) as session:
            ids = self.tenants(session)
        for tenant_id in ids:
            try:
                self.turn(tenant_id)
            except Exception as problem:
                if is_away(problem):
                    raise
                log.exception("schedule failed", workspace=str(tenant_id))


def in_each(tenants: Callable[[Session], Sequence[UUID]], act: Callable[[Session], object]) -> ForEach:
    """One unit of work for each workspace."""

    def turn(tenant_id: UUID) -> None:
        with tenant_session(tenant_id) as session:
            act(session)

    return ForEach(tenants, turn)


def every_tenant(session: Session) -> Sequence[UUID]:
    return session.scalars(select(Tenant.id).order_by(Tenant.id)).all()


def forget_old_sign_ins() -> None:
    """Codes end in minutes, limits look back a day at most, sessions end after thirty days."""
    with system_session() as session:
        session.execute(delete(RateLimit).where(RateLimit.last_used_at < utc_now() - KEPT))
        session.execute(delete(SignInRequest).where(SignInRequest.created_at < utc_now() - DAY))
        session.execute(delete(SignInSession).where(SignInSession.created_at < utc_now() - 30 * DAY))


def forget_old_slots() -> None:
    with system_session() as session:
        session.execute(delete(ScheduleRun).where(ScheduleRun.due_at < utc_now() - 7 * DAY))


def with_overdue_asks(session: Session) -> Sequence[UUID]:
    """An answer is due until the end of the day where the workspace is; somewhere the next day has begun."""
    return tenants_with_due(session, "asks", today=(utc_now() + FIRST_MIDNIGHT).date())


def with_meetings_over(session: Session) -> Sequence[UUID]:
    return tenants_with_due(session, "meetings", now=utc_now())


def with_meetings_ahead(session: Session) -> Sequence[UUID]:
    return tenants_with_due(session, "meetings", now=horizon())


SCHEDULES: tuple[Schedule, ...] = (
    Schedule("meetings", MINUTE, ForEach(with_meetings_over, look_at_calls)),
    Schedule("meetings ahead", 10 * MINUTE, ForEach(with_meetings_ahead, look_at_calls_ahead)),
    Schedule("calls without times", HOUR, ForEach(every_tenant, look_at_calls_without_times)),
    Schedule("late letters", 10 * MINUTE, in_each(with_late_letters, say_late)),
    Schedule("sequences that are over", 10 * MINUTE, in_each(every_tenant, ends.finish_those_over)),
    Schedule("overdue asks", 10 * MINUTE, ForEach(with_overdue_asks, expire)),
    Schedule("advocates", HOUR, in_each(every_tenant, by_the_hour)),
    Schedule("clear old imports", HOUR, in_each(every_tenant, imports.clean_up)),
    Schedule("clear old exports", HOUR, in_each(every_tenant, exports.clean_up)),
    Schedule("free days", DAY, ForEach(every_tenant, look_at_every_day)),
    Schedule("senders' domains", HOUR, in_each(every_tenant, senders.ask_anew)),
    Schedule("anchor consents", DAY, in_each(every_tenant, consent_anchors.anchor)),
    Schedule("forget old events", DAY, in_each(every_tenant, events.forget)),
    Schedule("forget old sign-ins", HOUR, forget_old_sign_ins),
    Schedule("forget old slots", DAY, forget_old_slots),
)


def run_due(now: datetime) -> None:
    """Run every schedule whose slot nobody has taken yet."""
    for schedule in SCHEDULES:
        if take(schedule.name, schedule.slot(now)):
            run(schedule)


def run(schedule: Schedule) -> None:
    try:
        schedule.run()
    except Exception as problem:
        if is_away(problem):
            raise
        log.exception("schedule failed", schedule=schedule.name)


def take(name: str, due_at: datetime) -> bool:
    """True for exactly one of those who ask."""
    row = insert(ScheduleRun).values(name=name, due_at=due_at, taken_at=utc_now())
    with system_session() as session:
        return session.scalar(row.on_conflict_do_nothing().returning(ScheduleRun.name)) is not None
