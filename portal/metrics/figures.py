"""A report made ready for `charts.metric`: each figure with its words and the chart of its twelve months."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from portal.metrics import wording
from portal.metrics.reckoning import Name, Reading, Report
from portal.web.charts import rounded_range
from portal.web.filters import month

ROWS = {  # the three lines under a chart
    Name.FULFILMENT: (_l("Fulfilment"), _l("Delivered"), _l("Requested")),
    Name.ACTIVATION: (_l("Activation"), _l("Active"), _l("Enrolled")),
    Name.VOLUME: (_l("Delivered"),),
    Name.ADVOCATES: (_l("Active"),),
}


@dataclass(frozen=True)
class Chart:
    """What `charts.metric` draws."""

    values: Sequence[int | None]
    low: int
    high: int
    target: int | None
    months: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int | None]]]
    caption: str


@dataclass(frozen=True)
class Figure:
    """A metric as its page shows it."""

    id: str
    name: str
    value: int | None
    unit: str
    standing: wording.Standing
    change: str
    formula: str
    n: str
    beside: str
    rows_href: str | None
    chart: Chart | None


def figure(report: Report, name: Name, rows_href: str | None = None) -> Figure:
    """A figure that never counted anything shows no number at all."""
    reading, drawn = report.readings[name], chart(report, report.readings[name])
    began = drawn is not None
    return Figure(
        id=name.value,
        name=str(wording.NAMES[name]),
        value=reading.now.value if began else None,
        unit="%" if reading.is_ratio else "",
        standing=wording.standing(reading, report.period) if began else wording.nothing_yet(name),
        change=wording.change(reading, report.period) if began else "",
        formula=wording.formula(report, name),
        n=wording.part_of(reading.now) if began else "",
        beside=wording.beside(report, name),
        rows_href=rows_href if began else None,
        chart=drawn,
    )


def chart(report: Report, reading: Reading) -> Chart | None:
    values = [count.value for count in reading.trend]
    if not any(count.part or count.whole for count in reading.trend):
        return None
    target = reading.target if reading.target and reading.name is not Name.VOLUME else None
    low, high = rounded_range(values, target)
    lines: list[list[int | None]] = [
        values,
        [count.part if count.begun else None for count in reading.trend],
        [count.whole if count.begun else None for count in reading.trend],
    ]
    return Chart(
        values,
        low if reading.is_ratio else 0,
        high,
        target,
        [month(first) for first in report.months],
        [(str(label), line) for label, line in zip(ROWS[reading.name], lines, strict=False)],
        f"{wording.NAMES[reading.name]}, {wording.span(report.months[0], report.months[-1])}",
    )
