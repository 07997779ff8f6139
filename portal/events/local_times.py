"""A time that somebody typed, in the zone of a place: on two days of the year it does not exist, or comes twice."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class ClockFault(StrEnum):
    SKIPPED = "skipped"  # clocks go forward over it
    TWICE = "twice"  # clocks go back over it


@dataclass(frozen=True)
class LocalTime:
    typed: datetime  # without a zone
    zone: ZoneInfo

    @property
    def fault(self) -> ClockFault | None:
        if self.first.astimezone(self.zone).replace(tzinfo=None) != self.typed:
            return ClockFault.SKIPPED
        return ClockFault.TWICE if self.first != self.second else None

    @property
    def first(self) -> datetime:
        return self._at(0)

    @property
    def second(self) -> datetime:
        """The same as the first, except where clocks go back."""
        return self._at(1)

    def _at(self, fold: int) -> datetime:
        return self.typed.replace(tzinfo=self.zone, fold=fold).astimezone(UTC)


def typed_time(moment: datetime, zone: str) -> datetime:
    """As a form shows it again."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0, second=0, microsecond=0)


def is_second_time(moment: datetime, zone: str) -> bool:
    return moment.astimezone(ZoneInfo(zone)).fold == 1
