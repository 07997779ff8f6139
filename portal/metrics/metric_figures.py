"""A report made ready for `charts.metric`: each figure with its words and the chart of its twelve months."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from portal.metrics import labels
from portal.metrics.calculations import Metric, MetricReading, MetricsReport
from portal.web.charts import rounded_range
from portal.web.filters import month

CHART_ROWS = {  # the three lines under a chart
    Metric.FULFILLMENT: (_l("Fulfillment"), _l("Delivered"), _l("Requested")),
    Metric.ACTIVATION: (_l("Activation"), _l("Active"), _l("Enrolled")),
    Metric.VOLUME: (_l("Delivered"),),
    Metric.ADVOCATES: (_l("Active"),),
}


@dataclass(frozen=True)
class MetricChart:
    """What `charts.metric` draws."""

    values: Sequence[int | None]
    low: int
    high: int
    target: int | None
    months: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int | None]]]
    caption: str


@dataclass(frozen=True)
class MetricFigure:
    """A metric as its page shows it."""

    id: str
    name: str
    value: int | None
    unit: str
    status: labels.TargetStatus
    change: str
    formula: str
    n: str
    note: str
    rows_href: str | None
    chart: MetricChart | None


def figure(report: MetricsReport, name: Metric, rows_href: str | None = None) -> MetricFigure:
    """A figure that never counted anything shows no number at all."""
    reading, drawn = report.readings[name], chart(report, report.readings[name])
    began = drawn is not None
    return MetricFigure(
        id=name.value,
        name=str(labels.METRICS[name]),
        value=reading.now.value if began else None,
        unit="%" if reading.is_ratio else "",
        status=labels.target_status(reading, report.period) if began else labels.no_data_status(name),
        change=labels.change(reading, report.period) if began else "",
        formula=labels.formula(report, name),
        n=labels.fraction(reading.now) if began else "",
        note=labels.note(report, name),
        rows_href=rows_href if began else None,
        chart=drawn,
    )


def chart(report: MetricsReport, reading: MetricReading) -> MetricChart | None:
    values = [count.value for count in reading.trend]
    if not any(count.part or count.whole for count in reading.trend):
        return None
    target = reading.target if reading.target and reading.metric is not Metric.VOLUME else None
    low, high = rounded_range(values, target)
    lines: list[list[int | None]] = [
        values,
        [count.part if count.has_begun else None for count in reading.trend],
        [count.whole if count.has_begun else None for count in reading.trend],
    ]
    return MetricChart(
        values,
        low if reading.is_ratio else 0,
        high,
        target,
        [month(first) for first in report.months],
        [(str(label), line) for label, line in zip(CHART_ROWS[reading.metric], lines, strict=False)],
        f"{labels.METRICS[reading.metric]}, {labels.month_range(report.months[0], report.months[-1])}",
    )
