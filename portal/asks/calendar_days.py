"""Budgets count calendar days of the workspace: an ask of Monday evening is an ask of Monday."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, cast, func
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.advocates.asked_person import Askable
from portal.outreach.governance.sending_hours import zone_or_default
from tenants.clock import utc_now
from tenants.database import tenant

EARLIEST_ZONE_OFFSET = timedelta(hours=14)  # how far ahead of UTC the earliest zone is


def workspace_zone(session: Session) -> ZoneInfo:
    return ZoneInfo(tenant(session).time_zone)


def today(session: Session) -> date:
    return day_of(utc_now(), workspace_zone(session))


def latest_today() -> date:
    return (utc_now() + EARLIEST_ZONE_OFFSET).date()


def today_of(session: Session, advocate: Askable) -> date:
    return day_of(utc_now(), reader_zone(session, advocate))


def reader_zone(session: Session, advocate: Askable) -> ZoneInfo:
    return zone_or_default(advocate.time_zone, tenant(session).time_zone)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def day_in(
    zone: ZoneInfo, moment: ColumnElement[Any] | InstrumentedAttribute[datetime | None]
) -> ColumnElement[Any]:
    """As `day_of`, in SQL."""
    return cast(func.timezone(zone.key, moment), Date)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
