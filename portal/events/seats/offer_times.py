"""Until when an offered seat is kept: pure rules of time (docs/domain.md, 3.5)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SHORTEST = timedelta(hours=2)
LAST_DAY = timedelta(hours=24)
UNTAKEN_FOR = timedelta(hours=2)  # an offer whose email no provider took by then passes on
MOST_MISSED_OFFERS = 3  # in a row; then nobody is offered a seat who can't be told
NIGHT_BEGINS, NIGHT_ENDS = time(20), time(8)


def offer_ends(told_at: datetime, starts_at: datetime, zone: ZoneInfo, hours: int = 48) -> datetime:
    """Counted from when a provider took the email; never in the guest's night, unless the event starts before.

    `hours`: at most, as the workspace says.
    """
    end = told_at + max(min(timedelta(hours=hours), (starts_at - told_at) / 3), SHORTEST)
    return min(_after_night(end, zone), max(starts_at, told_at))


def _after_night(moment: datetime, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    if NIGHT_ENDS <= local.time() < NIGHT_BEGINS:
        return moment
    morning = local.date() + timedelta(days=1) if local.time() >= NIGHT_BEGINS else local.date()
    return datetime.combine(morning, NIGHT_ENDS, zone).astimezone(moment.tzinfo)


def is_last_day(starts_at: datetime, now: datetime) -> bool:
    """Too late for offers: all who wait are told, and the first yes wins."""
    return starts_at - now <= LAST_DAY
