"""Working time of a workspace: its own time zone, without weekends and the public holidays of its country.

A working day counts 24 hours of wall clock, so "two working days after Monday 09:14" is Wednesday 09:14,
also when the clocks change in between.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
from babel.core import get_global

DAY = timedelta(days=1)
SATURDAY = 5
OPENS, CLOSES = time(8), time(18)


@dataclass(frozen=True)
class BusinessCalendar:
    zone: ZoneInfo
    holidays: Container[date] = frozenset()

    def is_open(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.holidays

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def add_working_time(self, start: datetime, amount: timedelta) -> datetime:
        for begins, ends in self._open_from(self._wall(start)):
            if amount <= ends - begins:
                return self._moment(begins + amount)
            amount -= ends - begins
        raise AssertionError("days never end")

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        until, total = self._wall(end), timedelta()
        for begins, ends in self._open_from(self._wall(start)):
            if begins >= until:
                break
            total += min(ends, until) - begins
        return total

    def within_office_hours(self, moment: datetime) -> datetime:
        """Return the moment itself in office hours, else the end of the working day before."""
        wall = self._wall(moment)
        day = wall.date()
        if self.is_open(day) and OPENS <= wall.time() <= CLOSES:
            return moment
        while not self.is_open(day) or datetime.combine(day, CLOSES) > wall:
            day -= DAY
        return self._moment(datetime.combine(day, CLOSES))

    def days_after(self, day: date, count: int) -> date:
        while count > 0:
            day += DAY
            count -= self.is_open(day)
        return day

    def _open_from(self, wall: datetime) -> Iterator[tuple[datetime, datetime]]:
        while True:
            midnight = datetime.combine(wall.date() + DAY, time())
            if self.is_open(wall.date()):
                yield wall, midnight
            wall = midnight

    def _wall(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def _moment(self, wall: datetime) -> datetime:
        return wall.replace(tzinfo=self.zone).astimezone(UTC)


def calendar_of(time_zone: str, *, with_holidays: bool = True) -> BusinessCalendar:
    closed = _public_holidays(time_zone) if with_holidays else frozenset()
    return BusinessCalendar(ZoneInfo(time_zone), closed)


def _public_holidays(time_zone: str) -> Container[date]:
    """Those of the country the zone lies in; none when the country is not known."""
    country = get_global("zone_territories").get(time_zone)
    if country not in holidays.list_supported_countries():
        return frozenset()
    return holidays.country_holidays(country)
