"""Whose clock a reader is shown: at a place, the place's; online, their own. The other one is named beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from portal.events.models import Event, EventFormat
from portal.web import filters


@dataclass(frozen=True)
class ReaderTime:
    zone: str  # large
    other_zone: str  # small; empty where both clocks show the same at that moment
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, event: Event, own_zone: str) -> Self:
        zone, other = zones(event, own_zone)
        shown = "" if _same_clock(event.starts_at, zone, other) else other
        return cls(zone, shown, event.starts_at, event.ends_at)

    @property
    def month(self) -> str:
        return filters.month(self._local)

    @property
    def day(self) -> int:
        return self._local.day

    @property
    def _local(self) -> datetime:
        return self.starts_at.astimezone(ZoneInfo(self.zone))

    @property
    def is_one_day(self) -> bool:
        here = ZoneInfo(self.zone)
        return self.starts_at.astimezone(here).date() == self.ends_at.astimezone(here).date()


def zones(event: Event, own_zone: str) -> tuple[str, str]:
    own = own_zone or event.time_zone
    return (event.time_zone, own) if event.format is EventFormat.IN_PERSON else (own, event.time_zone)


def reader_zone(event: Event, own_zone: str) -> str:
    return zones(event, own_zone)[0]


def _same_clock(at: datetime, zone: str, other: str) -> bool:
    return at.astimezone(ZoneInfo(zone)).utcoffset() == at.astimezone(ZoneInfo(other)).utcoffset()
