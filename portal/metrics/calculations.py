"""From counts to figures: now, before, the trend, and the distance to the target."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.declarations.metrics import METRICS, CountWindows, Metric, Numbers, Unit
from portal.declarations.program_switches import metrics_off
from portal.errors import NotFound
from portal.metrics import queries
from portal.metrics.queries import Count, CounterResult
from portal.reporting.calendar import ReportingCalendar, reporting_calendar
from portal.reporting.periods import Period, PeriodChoice, ends_of, month_starts
from portal.zone_changes import ZonePeriod


def metric_of(name: str) -> Metric:
    found = METRICS.find(name)
    if found is None:
        raise NotFound("We couldn’t find this metric.")
    return found


@dataclass(frozen=True)
class MetricCount:
    """The numbers of a metric in a period, and what follows from them; nothing before its first row of all.

    `corrected_on`: the day on which a row of a month that had closed was entered, the last time.
    """

    metric: Metric
    numbers: Numbers
    has_begun: bool = True
    corrected_on: date | None = None

    @property
    def value(self) -> int | None:
        return self.metric.value.of(self.numbers) if self.has_begun else None

    def number(self, part: str) -> int | None:
        return self.numbers[part] if self.has_begun else None

    @property
    def has_data(self) -> bool:
        return any(self.numbers[part] for part in self.metric.value.parts)

    @property
    def likely_range(self) -> tuple[float, float] | None:
        found = self.metric.likely_range
        return found.of(self.numbers) if found and self.has_begun else None

    @property
    def says_too_little(self) -> bool:
        return self.metric.likely_range is not None and self.likely_range is None


@dataclass(frozen=True)
class MetricReading:
    """One metric. A target of 0 is no target; `targets` and `trend` go by month, `days` is its window."""

    metric: Metric
    now: MetricCount
    before: MetricCount
    trend: Sequence[MetricCount]
    target: int
    targets: Sequence[int] = ()
    days: int = 0

    @property
    def is_ratio(self) -> bool:
        return self.metric.unit is Unit.PERCENT

    @property
    def is_score(self) -> bool:
        return self.metric.unit is Unit.SCORE

    @property
    def has_scale(self) -> bool:
        """It may rise and fall, so its picture need not begin at 0, and it has a target for any period."""
        return self.metric.unit is not Unit.COUNT

    @property
    def symbol(self) -> str:
        """As the macros of figures know it: “±” writes the sign of a score."""
        return {Unit.PERCENT: "%", Unit.SCORE: "±", Unit.COUNT: ""}[self.metric.unit]

    @property
    def says_too_little(self) -> bool:
        return self.now.says_too_little

    @property
    def has_data(self) -> bool:
        return any(count.has_data for count in self.trend)

    @property
    def target_line(self) -> list[int | None]:
        return [None if self.metric.target_months else target or None for target in self.targets]

    @property
    def gap(self) -> int | None:
        return None if self.now.value is None or not self.target else self.now.value - self.target

    @property
    def is_reached(self) -> bool:
        return self.gap is not None and (self.gap >= 0 if self.metric.up_is_good else self.gap <= 0)

    @property
    def change(self) -> int | None:
        """None, too, where one of the two was counted from too few to say so."""
        if self.now.value is None or self.before.value is None:
            return None
        if self.now.says_too_little or self.before.says_too_little:
            return None
        return self.now.value - self.before.value

    @property
    def could_be_chance(self) -> bool:
        found = self.metric.likely_range
        if not found or not self.change:
            return False
        return found.could_be_chance(self.now.numbers, self.before.numbers)

    @property
    def trend_values(self) -> list[int | None]:
        """What a picture may join by a line: months that were counted from too few are gaps."""
        return [None if count.says_too_little else count.value for count in self.trend]

    @property
    def trend_ranges(self) -> list[tuple[float, float] | None]:
        return [count.likely_range for count in self.trend]


@dataclass(frozen=True)
class MetricsReport:
    """`earlier_zones`: those in which some of the months ended, before the workspace moved."""

    period: Period
    months: Sequence[date]
    readings: Sequence[MetricReading]
    earlier_zones: Sequence[ZonePeriod] = ()

    @property
    def is_empty(self) -> bool:
        return not any(reading.now.has_data for reading in self.readings)


def report(session: Session, choice: PeriodChoice) -> MetricsReport:
    calendar = reporting_calendar(session)
    chosen, metrics = calendar.period(choice), METRICS.without(metrics_off(session))
    reader = _ReportReader(session, calendar, chosen, metrics)
    readings = [reader.reading(metric) for metric in metrics]
    return MetricsReport(chosen, chosen.trend(), readings, calendar.zones_since(chosen.trend()[0]))


class _ReportReader:
    """Counts once, by month as far back as anything is compared, and at the ends of periods and months."""

    def __init__(
        self, session: Session, calendar: ReportingCalendar, chosen: Period, metrics: Sequence[Metric]
    ) -> None:
        self.calendar, self.chosen = calendar, chosen
        self.months = month_starts(min(chosen.start_before, chosen.trend()[0]), chosen.end)
        ends = [chosen.start, *ends_of(chosen.trend())]
        self.moments = sorted(set(calendar.closes(ends)))
        self.bounds = calendar.starts([*self.months, chosen.end])
        windows = CountWindows(self.bounds, self.moments)
        self.found = queries.count(session, metrics, windows)

    def reading(self, metric: Metric) -> MetricReading:
        months = self.chosen.trend()
        return MetricReading(
            metric,
            self._count(metric, self.chosen.month_list),
            self._count(metric, self.chosen.before().month_list),
            [self._count(metric, [month]) for month in months],
            self.calendar.target(metric.target, metric.target_months, self.chosen),
            self.calendar.values_at_close(metric.target, ends_of(months)),
            self.calendar.values_at_close(metric.window, [self.chosen.end])[0],
        )

    def _count(self, metric: Metric, months: Sequence[date]) -> MetricCount:
        result = self.found[metric.counter]
        if metric.is_as_of:
            moment = self.calendar.closes(ends_of(months[-1:]))[0]
            count = result.at(self.moments.index(moment) + 1)
            return self._metric_count(metric, count, result, moment)
        places = [self.months.index(month) + 1 for month in months]
        return self._metric_count(metric, _sum(result, places), result, self.bounds[places[-1]])

    def _metric_count(
        self, metric: Metric, count: Count, result: CounterResult, until: datetime
    ) -> MetricCount:
        has_begun = result.first is not None and result.first < until
        corrected_on = self.calendar.day_of(count.corrected_at) if count.corrected_at else None
        return MetricCount(metric, count.numbers, has_begun, corrected_on)


def _sum(result: CounterResult, places: Sequence[int]) -> Count:
    counts = [result.at(place) for place in places]
    numbers: Counter[str] = Counter()
    for count in counts:
        numbers.update(count.numbers)
    return Count(numbers, max((one.corrected_at for one in counts if one.corrected_at), default=None))
