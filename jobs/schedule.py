"""What happens by the clock. A due slot is a row: of any number of tickers one takes it.

Everything here looks at what is due now, so a slot that was missed is made up for by the next one.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from jobs.advocates import anchor_consents, run_hourly
from jobs.asks import expire_overdue, refresh_daily
from jobs.late_emails import log_late_emails, tenants_with_late_emails
from jobs.programs import do_due_work
from jobs.service_waits import is_connection_lost
from portal.asks import calendar_days
from portal.declarations.registry import DeclaredTwice
from portal.exports import actions as exports
from portal.imports import actions as imports
from portal.outreach.delivery_events import actions as events
from portal.outreach.senders import actions as senders
from portal.outreach.sequences import stopping
from portal.programs import PROGRAMS
from portal.signin.rate_limits import LONGEST_WINDOW
from portal.signin.sessions import SESSION_LIFETIME
from tenants.clock import utc_now
from tenants.database import system_session, tenant_session
from tenants.models import RateLimit, ScheduleRun, SignInRequest, SignInSession, Tenant
from tenants.queries import tenants_with_due

log = structlog.get_logger()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Schedule:
    name: str
    every: timedelta
    run: Callable[[], None]

    def slot(self, now: datetime) -> datetime:
        return EPOCH + (now - EPOCH) // self.every * self.every


@dataclass(frozen=True)
class EachTenant:
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
                if is_connection_lost(problem):
                    raise
                log.exception("schedule failed", workspace=str(tenant_id))


def in_each_tenant(
    tenants: Callable[[Session], Sequence[UUID]], act: Callable[[Session], object]
) -> EachTenant:
    def turn(tenant_id: UUID) -> None:
        with tenant_session(tenant_id) as session:
            act(session)

    return EachTenant(tenants, turn)


def all_tenants(session: Session) -> Sequence[UUID]:
    return session.scalars(select(Tenant.id).order_by(Tenant.id)).all()


def delete_old_sign_ins() -> None:
    """Delete each table's rows by themselves: whoever signs in holds one and waits for another."""
    now = utc_now()
    for old in (
        delete(RateLimit).where(RateLimit.last_used_at < now - LONGEST_WINDOW),
        delete(SignInRequest).where(SignInRequest.created_at < now - DAY),
        delete(SignInSession).where(SignInSession.created_at < now - SESSION_LIFETIME),
    ):
        with system_session() as session:
            session.execute(old)


def delete_old_slots() -> None:
    with system_session() as session:
        session.execute(delete(ScheduleRun).where(ScheduleRun.due_at < utc_now() - 7 * DAY))


def tenants_with_overdue_asks(session: Session) -> Sequence[UUID]:
    return tenants_with_due(session, "asks", today=calendar_days.latest_today())


def of_programs() -> Iterator[Schedule]:
    """What each program declares, in the workspaces that use it."""
    for program in PROGRAMS:
        for work in program.due_work:
            turn = partial(do_due_work, program=program, work=work)
            yield Schedule(
                f"{program.name}: {work.name}", work.every, EachTenant(work.workspaces or all_tenants, turn)
            )


def named_once(*schedules: Schedule) -> tuple[Schedule, ...]:
    """A slot is taken by name: of two with one name, one would never run."""
    twice = [name for name, times in Counter(each.name for each in schedules).items() if times > 1]
    if twice:
        raise DeclaredTwice(f"There are two schedules called “{twice[0]}”.")
    return schedules


SCHEDULES = named_once(
    *of_programs(),
    Schedule("late emails", 10 * MINUTE, in_each_tenant(tenants_with_late_emails, log_late_emails)),
    Schedule(
        "sequences that are over",
        10 * MINUTE,
        in_each_tenant(all_tenants, stopping.finish_complete_sequences),
    ),
    Schedule("overdue asks", 10 * MINUTE, EachTenant(tenants_with_overdue_asks, expire_overdue)),
    Schedule("advocates", HOUR, in_each_tenant(all_tenants, run_hourly)),
    Schedule("clear old imports", HOUR, in_each_tenant(all_tenants, imports.clean_up)),
    Schedule("clear old exports", HOUR, in_each_tenant(all_tenants, exports.clean_up)),
    Schedule("free days", DAY, EachTenant(all_tenants, refresh_daily)),
    Schedule("senders' domains", HOUR, in_each_tenant(all_tenants, senders.request_rechecks)),
    Schedule("anchor consents", DAY, in_each_tenant(all_tenants, anchor_consents)),
    Schedule("forget old events", DAY, in_each_tenant(all_tenants, events.delete_old_events)),
    Schedule("forget old sign-ins", HOUR, delete_old_sign_ins),
    Schedule("forget old slots", DAY, delete_old_slots),
)


def run_due(now: datetime) -> None:
    for schedule in SCHEDULES:
        if claim_slot(schedule.name, schedule.slot(now)):
            run(schedule)


def run(schedule: Schedule) -> None:
    try:
        schedule.run()
    except Exception as problem:
        if is_connection_lost(problem):
            raise
        log.exception("schedule failed", schedule=schedule.name)


def claim_slot(name: str, due_at: datetime) -> bool:
    """Return True for exactly one of those who ask."""
    row = insert(ScheduleRun).values(name=name, due_at=due_at, taken_at=utc_now())
    with system_session() as session:
        return session.scalar(row.on_conflict_do_nothing().returning(ScheduleRun.name)) is not None
