"""Counting by month and at month ends: one statement, however many metrics and rows there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, cast, literal, null, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from portal.declarations.metrics import CountWindows, Metric, MetricCounter, Numbers, Statement

BEGINNING = 0  # the place of the row that says when the first of all came about


@dataclass(frozen=True)
class Count:
    """The numbers of one month, or at one moment; and when a row of it was entered after its close."""

    numbers: Numbers
    corrected_at: datetime | None = None


@dataclass(frozen=True)
class CounterResult:
    counter: MetricCounter
    counts: Mapping[int, Count] = field(default_factory=dict)  # by place
    first: datetime | None = None

    def at(self, place: int) -> Count:
        return self.counts.get(place) or Count(dict.fromkeys(self.counter.parts, 0))


def count(
    session: Session, metrics: Sequence[Metric], windows: CountWindows
) -> dict[MetricCounter, CounterResult]:
    """Run each counter once, also where several metrics share it."""
    counters = {metric.counter.name: metric.counter for metric in metrics}
    parts = [part for each in counters.values() for part in _statements(session, each, windows)]
    rows = session.execute(union_all(*parts)).all() if parts else []
    return {
        counter: _result(counter, [row[1:] for row in rows if row[0] == name])
        for name, counter in counters.items()
    }


def _statements(session: Session, counter: MetricCounter, windows: CountWindows) -> Iterator[Statement]:
    found = counter.statement(session, windows).subquery()
    yield select(literal(counter.name), found.c.place, found.c.numbers, found.c.corrected_at)
    nothing = cast(null(), ARRAY(BigInteger))
    first = cast(select(counter.begins()).scalar_subquery(), DateTime(timezone=True))
    yield select(literal(counter.name), literal(BEGINNING), nothing, first)


def _result(counter: MetricCounter, rows: Sequence[Any]) -> CounterResult:
    first = next((at for place, _, at in rows if place == BEGINNING), None)
    counts = {
        place: Count(dict(zip(counter.parts, numbers, strict=True)), corrected_at)
        for place, numbers, corrected_at in rows
        if place != BEGINNING
    }
    return CounterResult(counter, counts, first)
