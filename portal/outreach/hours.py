"""The hours in which people read letters, by their own clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """Open from one full hour until another; `until` not after `first` means: at any hour."""

    first: int
    until: int
    weekdays_only: bool

    def within(self, first: int | None, until: int | None) -> "Hours":
        """Narrowed by a sequence's own window; a window that leaves nothing open is passed over."""
        if first is None or until is None:
            return self
        if self.until <= self.first:
            return Hours(first, until, self.weekdays_only)
        narrow = Hours(max(first, self.first), min(until, self.until), self.weekdays_only)
        return narrow if narrow.first < narrow.until else self

    def opening(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """None while it is open; else when it opens next, in UTC."""
        local = at.astimezone(zone)
        if self._is_open(local):
            return None
        day = local.date() if self._at_any_hour or local.hour < self.first else local.date() + DAY
        while self.weekdays_only and day.weekday() >= SATURDAY:
            day += DAY
        opens = 0 if self._at_any_hour else self.first
        return datetime.combine(day, time(opens), zone).astimezone(UTC)

    @property
    def _at_any_hour(self) -> bool:
        return self.until <= self.first

    def _is_open(self, local: datetime) -> bool:
        if self.weekdays_only and local.weekday() >= SATURDAY:
            return False
        return self._at_any_hour or self.first <= local.hour < self.until


@lru_cache(maxsize=1000)
def zone_named(name: str, otherwise: str) -> ZoneInfo:
    """The reader's zone as it was given, else the workspace's."""
    for known in (name, otherwise):
        try:
            return ZoneInfo(known)
        except (KeyError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")
