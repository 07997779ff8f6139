"""What a workspace sent each day, for the daily limit and the share of complaints."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.outreach.governance.models import DailyMailStats
from tenants.database import tenant, tenant_of


def workspace_day(session: Session, at: datetime) -> date:
    return at.astimezone(ZoneInfo(tenant(session).time_zone)).date()


def add_to_daily_stats(session: Session, day: date, **increments: int) -> None:
    """Add to a day. Its row is locked after all emails, here as everywhere: nobody waits in a circle."""
    first = {name: max(number, 0) for name, number in increments.items()}
    new = insert(DailyMailStats).values(tenant_id=tenant_of(session), day=day, **first)
    more = {
        name: func.greatest(getattr(DailyMailStats, name) + number, 0) for name, number in increments.items()
    }
    session.execute(new.on_conflict_do_update(index_elements=["tenant_id", "day"], set_=more))
