"""Three figures of the quarter so far, as the home page shows them."""

from dataclasses import dataclass

from flask_babel import gettext as _

from portal.metrics import labels
from portal.metrics.calculations import Metric, MetricReading, MetricsReport
from portal.web.charts import rounded_range

Sparkline = tuple[list[int | None], int, int, int | None, str]
SHOWN = (Metric.FULFILLMENT, Metric.ACTIVATION, Metric.VOLUME)


@dataclass(frozen=True)
class HeadlineFigure:
    """The arguments of the macro `ui.figure`."""

    name: str
    value: int | None
    unit: str
    change: str
    tone: str
    compared_with: str
    n: str
    series: Sparkline | None


def headline_figures(report: MetricsReport) -> list[HeadlineFigure]:
    return [_headline_figure(report, report.readings[name]) for name in SHOWN if name in report.readings]


def _headline_figure(report: MetricsReport, reading: MetricReading) -> HeadlineFigure:
    """A number that still grows is not compared with a whole quarter."""
    name, began = (
        str(labels.METRICS[reading.metric]),
        any(count.part or count.whole for count in reading.trend),
    )
    compared = began and reading.is_ratio and reading.change is not None
    return HeadlineFigure(
        name=name,
        value=reading.now.value if began else None,
        unit="%" if reading.is_ratio else "",
        change=labels.change_amount(reading) if compared else "",
        tone="" if not reading.change else "good" if reading.change > 0 else "warn",
        compared_with=_("vs. last quarter"),
        n=_n(reading) if began else labels.no_data_status(reading.metric)[0],
        series=_sparkline(reading, name) if began else None,
    )


def _n(reading: MetricReading) -> str:
    """39 of 50 delivered. Target 80%."""
    counted = {
        Metric.FULFILLMENT: _("%(n)s delivered.", n=labels.fraction(reading.now)),
        Metric.ACTIVATION: _("%(n)s active.", n=labels.fraction(reading.now)),
        Metric.VOLUME: _("%(n)s last quarter.", n=reading.before.part) if reading.before.has_begun else "",
    }[reading.metric]
    if not reading.target:
        return counted
    return f"{counted} {_('Target %(target)s.', target=labels.with_unit(reading.target, reading))}".strip()


def _sparkline(reading: MetricReading, name: str) -> Sparkline:
    values = [count.value for count in reading.trend]
    target = reading.target if reading.is_ratio and reading.target else None
    known = [value for value in values if value is not None] or [0]
    low, high = rounded_range(values, target)
    label = _("%(name)s by month, from %(first)s to %(last)s", name=name, first=known[0], last=known[-1])
    return values, low if reading.is_ratio else 0, high, target, label
