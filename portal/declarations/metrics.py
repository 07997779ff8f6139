"""Metrics: each is declared once, in `metrics.py` of its feature, with its definition, its count and its rows.

The page, home, the files and the rows behind a number read nothing but this. Every number is a part of a metric: the
count gives it by its name, the rows show it by the same name.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.declarations.registry import Registry
from portal.policies import Policy

TEMPLATES = Path(__file__).parents[2] / "templates"
Numbers = Mapping[str, int]  # by the names of parts
Statement = Select[*tuple[Any, ...]]


class PeriodRule(StrEnum):
    """What decides the month of a number."""

    BY_REQUEST = "by_request"
    BY_DELIVERY = "by_delivery"
    AT_PERIOD_END = "at_period_end"
    BY_ASK = "by_ask"
    BY_EVENT = "by_event"


class Unit(StrEnum):
    PERCENT = "percent"
    COUNT = "count"
    SCORE = "score"  # points from -100 to 100


@dataclass(frozen=True)
class CountWindows:
    """Months as pairs of neighboring bounds, and the moments that close periods: both ascending, none twice."""

    bounds: Sequence[datetime]
    moments: Sequence[datetime]


@dataclass(frozen=True)
class RowsWindow:
    """A period from start to before end; `at` is its end, or now while it runs. Days are written in `zone`."""

    start: datetime
    end: datetime
    at: datetime
    zone: str


@dataclass(frozen=True, eq=False)
class MetricCounter:
    """What counts the parts of one metric, or of a family.

    `statement` yields (place, numbers in the order of `parts`, when one of them was last corrected after its close).
    The place is the month's among the windows, from 1; with AT_PERIOD_END the moment's. `begins` is when the first
    of all that is counted came about.
    """

    name: str
    parts: tuple[str, ...]
    statement: Callable[[Session, CountWindows], Statement]
    begins: Callable[[], ColumnElement[Any]]


@dataclass(frozen=True, kw_only=True)
class MetricPart:
    """One number of a metric and the rows behind it; `name` is what their address says."""

    name: str
    label: str
    note: tuple[str, str] = ("", "")  # what stands beside the metric when there are any: one, many; `num`
    is_tab: bool = True  # else its rows open from its number only


class MetricValue(Protocol):
    """How the number of a metric follows from its parts."""

    @property
    def parts(self) -> tuple[str, ...]:
        """Those that stand under the chart, as the fraction names them."""

    def of(self, numbers: Numbers) -> int | None:
        """Return the value; None where there is nothing to divide by."""


@dataclass(frozen=True)
class Total:
    part: str

    @property
    def parts(self) -> tuple[str, ...]:
        return (self.part,)

    def of(self, numbers: Numbers) -> int | None:
        return numbers[self.part]


@dataclass(frozen=True)
class Share:
    """In percent, rounded to the nearest."""

    part: str
    whole: str

    @property
    def parts(self) -> tuple[str, ...]:
        return self.part, self.whole

    def of(self, numbers: Numbers) -> int | None:
        part, whole = numbers[self.part], numbers[self.whole]
        return None if whole == 0 else (200 * part + whole) // (2 * whole)


@dataclass(frozen=True)
class NetShare:
    """Percent of one part less percent of another, to the nearest whole; halves go up."""

    plus: str
    minus: str
    whole: str

    @property
    def parts(self) -> tuple[str, ...]:
        return self.plus, self.whole, self.minus

    def of(self, numbers: Numbers) -> int | None:
        net, whole = numbers[self.plus] - numbers[self.minus], numbers[self.whole]
        return None if whole == 0 else (200 * net + whole) // (2 * whole)


@dataclass(frozen=True)
class LikelyRange:
    """Where the true number lies in 95 of 100 cases; None where too few were counted to say so."""

    of: Callable[[Numbers], tuple[float, float] | None]
    too_few: str  # in place of the range, and of the distance to the target
    could_be_chance: Callable[[Numbers, Numbers], bool]  # two numbers that differ; both have a range


@dataclass(frozen=True)
class Beside:
    """A second fraction in a sentence of its own, `part` of `whole`, while it differs from the first."""

    share: Share
    text: str
    notes: tuple[str, ...] = ()  # the parts whose notes end the sentence


def no_context(session: Session, rows: Sequence[Any], window: RowsWindow, reader: Any) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True, eq=False)
class MetricRows:
    """The rows behind the parts of a metric: on a page, and in a file."""

    select: Callable[[Session, RowsWindow, str], Statement]  # of a part: one object a row
    key: Sequence[InstrumentedAttribute[Any]]  # what the list is ordered and paged by
    template: str
    export: Callable[[Session, RowsWindow, str], Any]  # an ExportTable
    lede: str  # `day`: the last day of the period
    link_label: str  # "See the requests"
    context: Callable[[Session, Sequence[Any], RowsWindow, Any], Mapping[str, Any]] = no_context
    erased: Callable[[Session, RowsWindow, str], int] | None = None  # rows that count and are no longer held
    newest_first: bool = True


@dataclass(frozen=True, kw_only=True, eq=False)
class Metric:
    """Words are marked for translators where they are declared and translated where they are shown."""

    name: str  # in addresses and files of others, so it never changes
    position: int  # among the others; the lowest stands first
    label: str
    short_label: str  # over a line of numbers
    definition: str  # in words, a sentence or two
    formula: str  # `days`: of the window
    exclusions: str  # what is left out
    rule: PeriodRule
    unit: Unit
    value: MetricValue
    parts: tuple[MetricPart, ...]  # the first is all that is counted
    counter: MetricCounter
    rows: MetricRows
    no_data: str  # in place of the number
    empty_text: str  # in place of the chart
    first_step: tuple[str, str] = ("", "")  # a page that brings the first row, and the words of the button
    up_is_good: bool = True
    version: int = 1  # of the definition
    target: Policy | None = None
    target_months: int = 0  # a target for so many months; 0: for any period
    window: Policy | None = None  # so many days back it looks
    beside: Beside | None = None
    likely_range: LikelyRange | None = None
    aside: Callable[[Session], str] | None = (
        None  # a sentence on a number that is not ours; empty: nothing to say
    )
    headline: str = ""  # under the number on home; `n`, `before`. Empty: not there
    gap_text: tuple[str, str] = ("", "")  # what would close the gap to its target: one, many; `num`

    @property
    def is_as_of(self) -> bool:
        return self.rule is PeriodRule.AT_PERIOD_END

    @property
    def grows(self) -> bool:
        """Tell whether it adds up while its period runs, so that it is not compared with a whole one."""
        return self.unit is Unit.COUNT and not self.is_as_of

    def part(self, name: str) -> MetricPart:
        return next((part for part in self.parts if part.name == name), self.parts[0])

    def problems(self) -> Iterator[str]:
        for words in ("label", "short_label", "definition", "formula", "exclusions", "no_data", "empty_text"):
            if not getattr(self, words).strip():
                yield f"its {words} is missing."
        if not (TEMPLATES / self.rows.template).is_file():
            yield f"its template templates/{self.rows.template} is missing."
        if self.version < 1:
            yield "the versions of its definition count from 1."
        names = [part.name for part in self.parts]
        beside = (*self.beside.share.parts, *self.beside.notes) if self.beside else ()
        for name in sorted({*names, *self.value.parts, *beside}):
            if name not in names or name not in self.counter.parts:
                yield f"“{name}” is not both one of its parts and counted."


class MetricRegistry(Registry[Metric]):
    """Every metric, in the order in which pages show them."""

    def without(self, names: Collection[str]) -> list[Metric]:
        return [metric for metric in self if metric.name not in names]

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        counters: dict[str, MetricCounter] = {}
        for metric in self:
            if counters.setdefault(metric.counter.name, metric.counter) is not metric.counter:
                yield f"There are two counters called “{metric.counter.name}”."


METRICS = MetricRegistry("metric")
