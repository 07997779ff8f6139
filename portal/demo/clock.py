"""The clock of demo and development: it jumps ahead for web, workers and ticker alike, and never back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.errors import DomainError
from portal.references.models import Meeting, MeetingState
from tenants.clock import offset, utc_now
from tenants.database import tenant_session
from tenants.models import ClockOffset, SignInSession, Tenant

AFTER_A_CALL = timedelta(hours=2, minutes=1)  # by then both sides were asked how it went
MAX_AHEAD = timedelta(days=5 * 366)


def jump(session: Session, to: datetime) -> None:
    ahead = to - utc_now()
    if ahead <= timedelta():
        raise DomainError("The clock only moves forward, and that time has passed.")
    if offset() + ahead > MAX_AHEAD:
        raise DomainError("That’s too far ahead. The limit is five years.")
    session.merge(ClockOffset(is_set=True, seconds=round((offset() + ahead).total_seconds())))
    session.execute(
        update(SignInSession).values(
            created_at=SignInSession.created_at + ahead, last_post_at=SignInSession.last_post_at + ahead
        )
    )


def after_next_call(session: Session) -> datetime | None:
    ends = [end for one in session.scalars(select(Tenant)) if (end := _next_end(one)) is not None]
    return min(ends) + AFTER_A_CALL if ends else None


def display_zone(session: Session) -> ZoneInfo:
    oldest = session.scalar(select(Tenant.time_zone).order_by(Tenant.id).limit(1))
    return ZoneInfo(oldest or "UTC")


def _next_end(workspace: Tenant) -> datetime | None:
    end = Meeting.starts_at + func.make_interval(0, 0, 0, 0, 0, Meeting.minutes)
    coming = select(func.min(end)).where(
        Meeting.state == MeetingState.SCHEDULED, end + AFTER_A_CALL > utc_now()
    )
    with tenant_session(workspace.id, read_only=True) as session:
        return session.scalar(coming)
