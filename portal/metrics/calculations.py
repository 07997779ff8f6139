"""From counts to figures: now, before, the trend, and the distance to the target."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from operator import add
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal import policies as settings
from portal.advocates.policies import ACTIVE_DAYS
from portal.errors import NotFound
from portal.metrics import policies, queries
from portal.metrics.periods import Period, PeriodChoice, add_months, midnights, month_bounds, period
from portal.metrics.queries import EnrollmentCount, ReferenceVolume, RequestCohort
from tenants.clock import utc_now
from tenants.database import tenant


class Metric(StrEnum):
    FULFILLMENT = "fulfillment"
    ACTIVATION = "activation"
    VOLUME = "volume"
    ADVOCATES = "advocates"


def metric_of(given: str) -> Metric:
    if given not in set(Metric):
        raise NotFound("There is no such metric.")
    return Metric(given)


@dataclass(frozen=True)
class MetricCount:
    """A number, or a part of a whole; nothing at all before the first request, or the first enrollment."""

    part: int
    whole: int | None = None
    has_begun: bool = True

    @property
    def value(self) -> int | None:
        """The number itself, or the percentage; None when there is nothing to count or to divide by."""
        if not self.has_begun:
            return None
        if self.whole is None:
            return self.part
        return None if self.whole == 0 else (200 * self.part + self.whole) // (2 * self.whole)


@dataclass(frozen=True)
class MetricReading:
    """One metric. A target of 0 is no target."""

    metric: Metric
    now: MetricCount
    before: MetricCount
    trend: Sequence[MetricCount]
    target: int

    @property
    def is_ratio(self) -> bool:
        return self.now.whole is not None

    @property
    def gap(self) -> int | None:
        """How far above (or, negative, below) its target it is."""
        return None if self.now.value is None or not self.target else self.now.value - self.target

    @property
    def change(self) -> int | None:
        if self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value


@dataclass(frozen=True)
class MetricsReport:
    period: Period
    months: Sequence[date]
    cohort: RequestCohort
    volume: ReferenceVolume
    active_days: int
    readings: dict[Metric, MetricReading]

    @property
    def is_empty(self) -> bool:
        return all(not reading.now.whole and not reading.now.part for reading in self.readings.values())

    def without(self, names: Collection[str]) -> "MetricsReport":
        """As if these were not measured: those of programs that are off."""
        left = {name: reading for name, reading in self.readings.items() if name.value not in names}
        return replace(self, readings=left)


def today(session: Session) -> date:
    return utc_now().astimezone(zone(session)).date()


def zone(session: Session) -> ZoneInfo:
    return ZoneInfo(tenant(session).time_zone)


def report(session: Session, choice: PeriodChoice) -> MetricsReport:
    """Everything the page of metrics shows, in three statements."""
    chosen = period(choice, today(session))
    given = settings.values(session)
    starts, counts, active_days = _counts(session, chosen)
    requests = {start: month.cohort for start, month in zip(starts, counts.months, strict=False)}
    references = {start: month.volume for start, month in zip(starts, counts.months, strict=False)}
    first = _first_month(starts, counts)
    before, *trend = counts.enrollments
    here = _within(chosen)
    return MetricsReport(
        chosen,
        chosen.trend(),
        _sum(requests, here, RequestCohort()),
        _sum(references, here, ReferenceVolume()),
        active_days,
        {
            Metric.FULFILLMENT: _fulfillment(
                requests, first, chosen, given[policies.FULFILLMENT_TARGET.name]
            ),
            Metric.ACTIVATION: _activation(before, trend, given[policies.ACTIVATION_TARGET.name]),
            Metric.VOLUME: _volume(references, first, chosen, given[policies.VOLUME_TARGET.name]),
            Metric.ADVOCATES: _advocates(before, trend, given[policies.ADVOCATES_TARGET.name]),
        },
    )


def as_of(session: Session, chosen: Period) -> datetime:
    """The moment at which the people of a period are counted: its end, or now."""
    return min(midnights([chosen.end], zone(session))[0], utc_now())


def bounds_of(session: Session, chosen: Period) -> tuple[datetime, datetime]:
    start, end = midnights([chosen.start, chosen.end], zone(session))
    return start, end


def _counts(session: Session, chosen: Period) -> tuple[list[date], queries.MetricCounts, int]:
    """By month as far back as anything is compared; at the period's start and at each month's end (or now).

    Last the days that make somebody active at the period's end.
    """
    here, now = zone(session), utc_now()
    starts = month_bounds(min(chosen.before().start, chosen.trend()[0]), chosen.end)
    ends = [chosen.start, *(add_months(month, 1) for month in chosen.trend())]
    moments = [min(end, now) for end in midnights(ends, here)]
    days = settings.values_at(session, ACTIVE_DAYS, moments)
    return starts, queries.count(session, midnights(starts, here), moments, days), days[-1]


def _first_month(starts: Sequence[date], counts: queries.MetricCounts) -> date:
    """The month from which requests are counted: no month before it, none at all without a request."""
    if counts.first_month is None:
        return date.max
    return starts[max(counts.first_month, 0)]


def _fulfillment(
    requests: dict[date, RequestCohort], first: date, chosen: Period, target: int
) -> MetricReading:
    def count(months: Sequence[date]) -> MetricCount:
        cohort = _sum(requests, months, RequestCohort())
        return MetricCount(cohort.delivered, cohort.requested, months[-1] >= first)

    return _reading(Metric.FULFILLMENT, count, chosen, target)


def _volume(
    references: dict[date, ReferenceVolume], first: date, chosen: Period, target: int
) -> MetricReading:
    def count(months: Sequence[date]) -> MetricCount:
        delivered = _sum(references, months, ReferenceVolume()).delivered
        return MetricCount(delivered, has_begun=bool(delivered) or months[-1] >= first)

    return _reading(Metric.VOLUME, count, chosen, target * chosen.months // 3)


def _reading(
    metric: Metric, count: Callable[[Sequence[date]], MetricCount], chosen: Period, target: int
) -> MetricReading:
    trend = [count([month]) for month in chosen.trend()]
    return MetricReading(metric, count(_within(chosen)), count(_within(chosen.before())), trend, target)


def _activation(before: EnrollmentCount, trend: Sequence[EnrollmentCount], target: int) -> MetricReading:
    at_start, *at_ends = [MetricCount(one.active, one.enrolled, one.has_begun) for one in (before, *trend)]
    return MetricReading(Metric.ACTIVATION, at_ends[-1], at_start, at_ends, target)


def _advocates(before: EnrollmentCount, trend: Sequence[EnrollmentCount], target: int) -> MetricReading:
    at_start, *at_ends = [MetricCount(one.active, has_begun=one.has_begun) for one in (before, *trend)]
    return MetricReading(Metric.ADVOCATES, at_ends[-1], at_start, at_ends, target)


def _within(chosen: Period) -> list[date]:
    return month_bounds(chosen.start, add_months(chosen.end, -1))


Counted = TypeVar("Counted", RequestCohort, ReferenceVolume)


def _sum(by_month: dict[date, Counted], months: Sequence[date], nothing: Counted) -> Counted:
    return reduce(add, (by_month[month] for month in months if month in by_month), nothing)
