"""The hours in which people read emails, by their own clock.

From when until when is a setting (portal/outreach/policies.py); which emails keep to it, sending_rules.py says.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class SendingHours:
    """Open from one full hour until another; `until` not after `first` means: at any hour."""

    from_hour: int
    until_hour: int
    weekdays_only: bool

    def narrowed_to(self, from_hour: int | None, until_hour: int | None) -> "SendingHours":
        """Narrow by a sequence's own window; one that leaves nothing open is passed over."""
        if from_hour is None or until_hour is None:
            return self
        if self.until_hour <= self.from_hour:
            return SendingHours(from_hour, until_hour, self.weekdays_only)
        narrow = SendingHours(
            max(from_hour, self.from_hour), min(until_hour, self.until_hour), self.weekdays_only
        )
        return narrow if narrow.from_hour < narrow.until_hour else self

    def next_opening(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """Return when it opens next, in UTC; None while it is open."""
        local = at.astimezone(zone)
        if self._is_open(local):
            return None
        day = local.date() if self._is_always_open or local.hour < self.from_hour else local.date() + DAY
        while self.weekdays_only and day.weekday() >= SATURDAY:
            day += DAY
        opens = 0 if self._is_always_open else self.from_hour
        return datetime.combine(day, time(opens), zone).astimezone(UTC)

    @property
    def _is_always_open(self) -> bool:
        return self.until_hour <= self.from_hour

    def _is_open(self, local: datetime) -> bool:
        if self.weekdays_only and local.weekday() >= SATURDAY:
            return False
        return self._is_always_open or self.from_hour <= local.hour < self.until_hour


@lru_cache(maxsize=1000)
def zone_or_default(name: str, default: str) -> ZoneInfo:
    for known in (name, default):
        try:
            return ZoneInfo(known)
        except (KeyError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")
