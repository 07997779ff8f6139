"""A few figures of the quarter so far, as the home page shows them: those metrics that say so."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from portal.metrics import labels
from portal.metrics.calculations import MetricReading, MetricsReport
from portal.metrics.metric_figures import RowsUrl
from portal.web.charts import rounded_range, upright_lines

Sparkline = tuple[list[int | None], int, int, list[int | None], str, bool, str]


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
    href: str | None


def headline_figures(report: MetricsReport, rows_url: RowsUrl) -> Sequence[HeadlineFigure]:
    shown = [reading for reading in report.readings if reading.metric.headline]
    return [_headline_figure(report, reading, rows_url) for reading in shown]


def _headline_figure(report: MetricsReport, reading: MetricReading, rows_url: RowsUrl) -> HeadlineFigure:
    """A number that still grows is not compared with a whole quarter."""
    metric, began = reading.metric, reading.has_data
    compared = began and reading.change is not None and not metric.grows
    return HeadlineFigure(
        name=_(metric.label),
        value=reading.now.value if began else None,
        unit=reading.symbol,
        change=labels.change_amount(reading) if compared else "",
        tone=_tone(reading),
        compared_with=_compared_with(reading),
        n=_n(reading) if began else labels.no_data_status(metric).word,
        series=_sparkline(report, reading) if began else None,
        href=rows_url(metric, metric.parts[0].name, report.period.arguments) if began else None,
    )


def _compared_with(reading: MetricReading) -> str:
    return _("vs. last quarter, could be chance") if reading.could_be_chance else _("vs. last quarter")


def _tone(reading: MetricReading) -> str:
    if not reading.change or reading.could_be_chance:
        return ""
    return "good" if (reading.change > 0) is reading.metric.up_is_good else "warn"


def _n(reading: MetricReading) -> str:
    """39 of 50 delivered. 39 of 41 decided, 9 open. Target 80%. Of too few no target is named."""
    beside = labels.beside(reading.now).unescape()
    said = [_counted(reading), f"{beside}." if beside else ""]
    if reading.says_too_little:
        said.append(f"{_(labels.too_few(reading))}.")
    elif reading.target:
        said.append(_("Target %(target)s.", target=labels.with_unit(reading.target, reading)))
    return " ".join(sentence for sentence in said if sentence)


def _counted(reading: MetricReading) -> str:
    before = reading.before.value if reading.before.has_begun else None
    said = reading.metric.headline
    if "%(before)s" in said and before is None:
        return ""
    return _(said, n=labels.fraction(reading.now), before=before)


def _sparkline(report: MetricsReport, reading: MetricReading) -> Sparkline:
    values, ranges = reading.trend_values, reading.trend_ranges
    targets: list[int | None] = reading.target_line if reading.has_scale else [None for _value in values]
    known = [value for value in values if value is not None] or [0]
    low, high = rounded_range([*values, *targets, *(end for one in ranges if one for end in one)])
    low = low if reading.has_scale else 0
    label = _(
        "%(name)s by month, from %(first)s to %(last)s",
        name=_(reading.metric.label),
        first=known[0],
        last=known[-1],
    )
    lines = upright_lines(ranges, low, high, edge=True)
    return values, low, high, targets, label, report.period.is_running, lines
