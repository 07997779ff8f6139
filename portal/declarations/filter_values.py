"""What is typed into a filter of a list: words, or a range of numbers or days, kept in the address as “10..200”."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from portal.declarations.attribute_values import read_day, read_number

BETWEEN = ".."  # in an address, between the ends of a range
LOW, HIGH = "from", "to"  # of the fields in which a range is typed: "employees-from"


class FilterKind(StrEnum):
    CHOICE = "choice"  # one of the values that it offers
    TEXT = "text"
    NUMBER = "number"
    DAY = "day"

    @property
    def is_range(self) -> bool:
        return self in (FilterKind.NUMBER, FilterKind.DAY)


class FilterFault(StrEnum):
    NO_NUMBER = "no_number"
    NO_DAY = "no_day"
    BACKWARDS = "backwards"


NOT_READ = {FilterKind.NUMBER: FilterFault.NO_NUMBER, FilterKind.DAY: FilterFault.NO_DAY}


@dataclass(frozen=True)
class FilterRange:
    """Both ends are in it; None: open."""

    low: Decimal | date | None = None
    high: Decimal | date | None = None

    @classmethod
    def of(cls, kind: FilterKind, text: str) -> "FilterRange | None":
        """From an address; None for what means nothing."""
        typed = TypedRange.of(kind, *text.split(BETWEEN)) if text.count(BETWEEN) == 1 else None
        return None if typed is None or typed.faults else typed.range


@dataclass(frozen=True)
class TypedRange:
    """As somebody typed it, with what is wrong with either end."""

    low: str
    high: str
    range: FilterRange | None = None  # none: nothing was typed, or something is wrong
    faults: Mapping[str, FilterFault] = field(default_factory=dict)  # of LOW or HIGH

    @classmethod
    def of(cls, kind: FilterKind, low: str, high: str) -> "TypedRange":
        low, high = low.strip(), high.strip()
        ends = {name: read_end(kind, text) for name, text in ((LOW, low), (HIGH, high)) if text}
        faults = {name: NOT_READ[kind] for name, end in ends.items() if end is None}
        found: Any = FilterRange(ends.get(LOW), ends.get(HIGH))
        if not faults and found.low is not None and found.high is not None and found.low > found.high:
            faults = {HIGH: FilterFault.BACKWARDS}
        return cls(low, high, found if ends and not faults else None, faults)

    @property
    def value(self) -> str:
        """For an address."""
        return f"{_text(self.range.low)}{BETWEEN}{_text(self.range.high)}" if self.range else ""


def read_end(kind: FilterKind, text: str) -> Decimal | date | None:
    return read_day(text) if kind is FilterKind.DAY else read_number(text)


def _text(end: Decimal | date | None) -> str:
    return "" if end is None else end.isoformat() if isinstance(end, date) else format(end, "f")
