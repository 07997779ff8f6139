"""Three figures of the quarter so far, as the home page shows them."""

from dataclasses import dataclass

from flask_babel import gettext as _

from portal.metrics import wording
from portal.metrics.reckoning import Name, Reading, Report
from portal.web.charts import rounded_range

Spark = tuple[list[int | None], int, int, int | None, str]
SHOWN = (Name.FULFILMENT, Name.ACTIVATION, Name.VOLUME)


@dataclass(frozen=True)
class Headline:
    """The arguments of the macro `ui.figure`."""

    name: str
    value: int | None
    unit: str
    change: str
    tone: str
    after: str
    n: str
    series: Spark | None


def headlines(report: Report) -> list[Headline]:
    return [_headline(report, report.readings[name]) for name in SHOWN]


def _headline(report: Report, reading: Reading) -> Headline:
    """A number that still grows is not compared with a whole quarter."""
    name, began = str(wording.NAMES[reading.name]), any(count.part or count.whole for count in reading.trend)
    compared = began and reading.is_ratio and reading.change is not None
    return Headline(
        name=name,
        value=reading.now.value if began else None,
        unit="%" if reading.is_ratio else "",
        change=wording.moved(reading) if compared else "",
        tone="" if not reading.change else "good" if reading.change > 0 else "warn",
        after=_("on last quarter"),
        n=_n(reading) if began else wording.nothing_yet(reading.name)[0],
        series=_spark(reading, name) if began else None,
    )


def _n(reading: Reading) -> str:
    """39 of 50 delivered. Target 80 %."""
    counted = {
        Name.FULFILMENT: _("%(n)s delivered.", n=wording.part_of(reading.now)),
        Name.ACTIVATION: _("%(n)s active.", n=wording.part_of(reading.now)),
        Name.VOLUME: _("%(n)s last quarter.", n=reading.before.part) if reading.before.begun else "",
    }[reading.name]
    if not reading.target:
        return counted
    return f"{counted} {_('Target %(target)s.', target=wording.with_unit(reading.target, reading))}".strip()


def _spark(reading: Reading, name: str) -> Spark:
    values = [count.value for count in reading.trend]
    target = reading.target if reading.is_ratio and reading.target else None
    known = [value for value in values if value is not None] or [0]
    low, high = rounded_range(values, target)
    words = _("%(name)s by month, from %(first)s to %(last)s", name=name, first=known[0], last=known[-1])
    return values, low if reading.is_ratio else 0, high, target, words
