"""Times to offer: working hours of the advocate that are also working hours of the prospect, a few a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.references.business_calendar import BusinessCalendar, calendar_of
from portal.references.meetings.bookings import Booking, clash

HALF_HOUR = timedelta(minutes=30)
TIMES_PER_DAY = 3  # times shown
NOTICE = timedelta(hours=20)
FEWEST_DAYS, MOST_DAYS = 5, 10  # working days to choose from
HOUR_RANGES = (
    ((9, 18), (8, 18)),
    ((8, 20), (7, 21)),
    ((9, 18), (0, 24)),
)  # (here, there): as good as it gets


@dataclass(frozen=True)
class SuggestedDay:
    on: date
    times: tuple[datetime, ...]  # UTC
    taken: tuple[Booking, ...] = ()  # what the person has that day already

    def without(self, time: datetime | None) -> "SuggestedDay":
        return replace(self, times=tuple(at for at in self.times if at != time))

    @property
    def in_order(self) -> list[tuple[datetime, Booking | None]]:
        free = [(at, None) for at in self.times]
        return sorted([*free, *((one.starts_at, one) for one in self.taken)], key=lambda line: line[0])


@dataclass(frozen=True)
class FreeTime:
    """What the person has already, and how long a further call and the pause after it take."""

    bookings: Sequence[Booking]
    takes: timedelta

    def has(self, at: datetime) -> bool:
        return clash(self.bookings, at, at + self.takes) is None

    def taken(self, on: date, zone: ZoneInfo) -> tuple[Booking, ...]:
        return tuple(one for one in self.bookings if one.starts_at.astimezone(zone).date() == on)


def suggested_days(
    here: str,
    there: str,
    now: datetime,
    until: date,
    minutes: int,
    bookings: Sequence[Booking] = (),
    pause: timedelta = timedelta(),
) -> list[SuggestedDay]:
    length, zone = timedelta(minutes=minutes), ZoneInfo(here)
    free = FreeTime(bookings, length + pause)
    days = [
        SuggestedDay(on, _suggested_times(on, zone, ZoneInfo(there), length, free), free.taken(on, zone))
        for on in _open_days(here, now, until)
    ]
    return [
        SuggestedDay(day.on, tuple(at for at in day.times if at > now + NOTICE), day.taken)
        for day in days
        if day.times
    ]


def _open_days(zone: str, now: datetime, until: date) -> list[date]:
    calendar = calendar_of(zone)
    first = calendar.days_after(calendar.today(now), 1)
    last = max(until, calendar.days_after(first, FEWEST_DAYS - 1))
    return list(_open(calendar, first, last))[:MOST_DAYS]


def _open(calendar: BusinessCalendar, first: date, last: date) -> Iterator[date]:
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        if calendar.is_open(day):
            yield day


def _suggested_times(
    on: date, here: ZoneInfo, there: ZoneInfo, length: timedelta, free: FreeTime
) -> tuple[datetime, ...]:
    """Three times spread over the shared hours; if these are too few, over longer days; else over the own day."""
    shared: list[datetime] = []
    for own, other in HOUR_RANGES:
        starts = filter(free.has, _starts(on, here, length, *own))
        shared = [at for at in starts if _within(at, there, length, *other)]
        if len(shared) >= TIMES_PER_DAY:
            break
    return _spread(shared) if shared else ()


def _starts(on: date, zone: ZoneInfo, length: timedelta, opens: int, closes: int) -> Iterator[datetime]:
    at = datetime.combine(on, time(opens), zone)
    while _end(at, length) <= datetime.combine(on, time(closes), zone):
        yield at.astimezone(UTC)
        at += HALF_HOUR


def _within(at: datetime, zone: ZoneInfo, length: timedelta, opens: int, closes: int) -> bool:
    start = at.astimezone(zone)
    end = start + length
    if start.weekday() > 4:
        return False
    return start.hour >= opens and (end.date() == start.date() and end.hour * 60 + end.minute <= closes * 60)


def _end(at: datetime, length: timedelta) -> datetime:
    return at + length


def _spread(times: list[datetime]) -> tuple[datetime, ...]:
    """From the early, the middle and the late part."""
    places = sorted({len(times) // 6, len(times) // 2, len(times) * 5 // 6})
    return tuple(times[place] for place in places)
