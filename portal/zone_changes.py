"""The workspace's time zone through time: a month that closed in the old zone keeps its bounds."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal import policies
from tenants.database import tenant

MOST_DAYS_BACK = 2  # a move can set the date back by so many days
EVER, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class ZonePeriod:
    """The zone from a moment to before another."""

    zone: ZoneInfo
    since: datetime
    until: datetime


def zone_periods(session: Session) -> list[ZonePeriod]:
    changes = policies.previous_values(session, policies.TIME_ZONE)
    zones = [*(before for _, before in changes), tenant(session).time_zone]
    moments = [EVER, *(at for at, _ in changes), NEVER]
    return [ZonePeriod(ZoneInfo(zone), *moments[n : n + 2]) for n, zone in enumerate(zones)]


def day_starts(periods: Sequence[ZonePeriod], days: Sequence[date]) -> list[datetime]:
    """Return for each day the first moment at which it was this day, or a later one, in the workspace."""
    return [_day_start(periods, day) for day in days]


def day_at(periods: Sequence[ZonePeriod], moment: datetime) -> date:
    """Return the day that began last: a move to the west sets the clocks back and begins no day again."""
    first = moment.astimezone(periods[-1].zone).date()
    days = [first + timedelta(days=number) for number in range(MOST_DAYS_BACK + 1)]
    return days[bisect_right(day_starts(periods, days), moment) - 1]


def _day_start(periods: Sequence[ZonePeriod], day: date) -> datetime:
    starts = (max(datetime.combine(day, time(), each.zone), each.since) for each in periods)
    return next(start for start, each in zip(starts, periods, strict=True) if start < each.until)
