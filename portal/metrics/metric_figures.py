"""A report made ready for the page: each figure with its words, its chart of twelve months, and links to its rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal.badges import StatusBadge
from portal.declarations.metrics import Metric
from portal.metrics import labels
from portal.metrics.calculations import MetricReading, MetricsReport
from portal.reporting.periods import Period, month_arguments
from portal.web.charts import rounded_range, upright_lines
from portal.web.filters import month

RowsUrl = Callable[[Metric, str, Mapping[str, str]], str | None]  # part and period; None: the reader may not
Cell = tuple[int | None, str | None]  # a number, and the address of its rows


@dataclass(frozen=True)
class MonthColumn:
    name: str
    is_running: bool


@dataclass(frozen=True)
class MetricChart:
    """What `figures.plot` draws; `rows` are the lines of its table."""

    values: Sequence[int | None]
    low: int
    high: int
    targets: Sequence[int | None]
    months: Sequence[MonthColumn]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    caption: str
    range_lines: str = ""  # a path
    range_texts: Sequence[str] = ()  # by month

    @property
    def is_running(self) -> bool:
        return self.months[-1].is_running


@dataclass(frozen=True)
class FigureNumbers:
    """All that is counted, in words; what has rows is a link for readers who may open them."""

    value: int | None
    change: Markup
    n: Markup
    beside: Markup
    note: Markup
    corrections: str
    rows_href: str | None
    rows_label: str
    chart: MetricChart
    likely_range: str = ""


@dataclass(frozen=True)
class MetricFigure:
    """A metric as its page shows it; without numbers before anything was counted."""

    id: str
    name: str
    unit: str
    status: StatusBadge
    formula: str
    definition: Sequence[str] = ()
    version: int = 0
    empty_text: str = ""
    first_step: tuple[str, str] = ("", "")  # a page and the words of its button
    numbers: FigureNumbers | None = None
    aside: str = ""  # on a number that is not ours


def figure(report: MetricsReport, reading: MetricReading, rows_url: RowsUrl, aside: str = "") -> MetricFigure:
    metric, has_data = reading.metric, reading.has_data
    return MetricFigure(
        id=metric.name,
        name=_(metric.label),
        unit=reading.symbol,
        status=labels.target_status(reading, report.period) if has_data else labels.no_data_status(metric),
        formula=labels.formula(reading),
        definition=labels.definition(metric),
        version=metric.version,
        empty_text=_(metric.empty_text),
        first_step=metric.first_step,
        numbers=_numbers(report, reading, rows_url) if has_data else None,
        aside=aside,
    )


def _numbers(report: MetricsReport, reading: MetricReading, rows_url: RowsUrl) -> FigureNumbers:
    metric, chosen = reading.metric, report.period
    everything = metric.parts[0].name

    def link(words: str, part: str, period: Period = chosen) -> Markup:
        return linked(words, rows_url(metric, part, period.arguments))

    return FigureNumbers(
        value=reading.now.value,
        change=labels.change(reading, chosen, lambda words: link(words, everything, chosen.before())),
        n=labels.fraction(reading.now, link),
        beside=labels.beside(reading.now, link),
        note=labels.note(reading.now, link),
        corrections=labels.corrections(reading, report.months),
        likely_range=labels.likely_range(reading),
        rows_href=rows_url(metric, everything, chosen.arguments),
        rows_label=_(metric.rows.link_label),
        chart=chart(report, reading, rows_url),
    )


def linked(words: str, href: str | None) -> Markup:
    return Markup('<a class="gw-rows-link" href="{}">{}</a>').format(href, words) if href else escape(words)


def chart(report: MetricsReport, reading: MetricReading, rows_url: RowsUrl) -> MetricChart:
    values, ranges = reading.trend_values, reading.trend_ranges
    low, high = rounded_range([*values, *reading.target_line, *(end for one in ranges if one for end in one)])
    texts = [labels.range_ends(count, reading) for count in reading.trend]
    return MetricChart(
        values,
        low if reading.has_scale else 0,
        high,
        reading.target_line,
        [MonthColumn(month(first), report.period.runs_in(first)) for first in report.months],
        list(_table(report, reading, rows_url)),
        f"{_(reading.metric.label)}, {labels.month_range(report.months[0], report.months[-1])}",
        upright_lines(ranges, low, high),
        texts if any(texts) else (),
    )


def _table(
    report: MetricsReport, reading: MetricReading, rows_url: RowsUrl
) -> Iterator[tuple[str, list[Cell]]]:
    """The value of each month where it is worked out, then the parts it is worked out from."""
    metric, trend = reading.metric, reading.trend

    def line(part: str, values: Sequence[int | None]) -> list[Cell]:
        urls = [rows_url(metric, part, month_arguments(first, first)) for first in report.months]
        return [(value, None if value is None else url) for value, url in zip(values, urls, strict=True)]

    if len(metric.value.parts) > 1:
        yield _(metric.short_label), line(metric.parts[0].name, [count.value for count in trend])
    for part in metric.value.parts:
        yield _(metric.part(part).label), line(part, [count.number(part) for count in trend])
