"""Budgets count calendar days of the workspace: an ask of Monday evening is an ask of Monday."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenants.clock import utc_now
from tenants.database import tenant


def workspace_zone(session: Session) -> ZoneInfo:
    return ZoneInfo(tenant(session).time_zone)


def today(session: Session) -> date:
    return day_of(utc_now(), workspace_zone(session))


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
