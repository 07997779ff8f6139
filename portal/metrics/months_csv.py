"""Every figure by month and for the whole period, for a spreadsheet."""

from collections.abc import Iterator

from flask_babel import gettext as _

from portal.metrics import labels
from portal.metrics.calculations import MetricCount, MetricReading, MetricsReport
from portal.reporting.periods import Period, add_months

CsvLine = tuple[object, ...]
NO_PARTS = ("", "", "")  # of a metric with fewer numbers than columns


def months(report: MetricsReport) -> Iterator[CsvLine]:
    yield (
        *(_("Metric"), _("Period"), _("Value"), _("Unit"), _("Part"), _("Whole"), _("Minus")),
        *(_("Target"), _("Running"), _("Corrected on"), _("Definition"), _("Also")),
    )
    for reading in report.readings:
        for month, count, target in zip(report.months, reading.trend, reading.target_line, strict=True):
            running = report.period.runs_in(month)
            yield _line(reading, f"{month:%Y-%m}", count, target, running)
        named, running = _period_name(report.period), report.period.is_running
        yield _line(reading, named, reading.now, reading.target or None, running)


def _line(
    reading: MetricReading, period: str, count: MetricCount, target: int | None, is_running: bool
) -> CsvLine:
    part, whole, minus, *_rest = (
        *(_cell(count.number(name)) for name in reading.metric.value.parts),
        *NO_PARTS,
    )
    return (
        _(reading.metric.label),
        period,
        _cell(count.value),
        reading.symbol.replace("±", _("points")),
        part,
        whole,
        minus,
        _cell(target),
        _("running") if is_running else "",
        f"{count.corrected_on:%Y-%m-%d}" if count.corrected_on else "",
        _("version %(number)s", number=reading.metric.version),
        labels.also(count),
    )


def _period_name(period: Period) -> str:
    """2026-10 to 2026-12"""
    last = add_months(period.end, -1)
    return _("%(first)s to %(last)s", first=f"{period.start:%Y-%m}", last=f"{last:%Y-%m}")


def _cell(number: int | None) -> object:
    return "" if number is None else number
