"""The report in words: what each figure is called, how it is made, and how it stands against its target."""

from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.metrics.periods import Choice, Period, add_months
from portal.metrics.queries import Cohort
from portal.metrics.reckoning import Count, Name, Reading, Report
from portal.metrics.rows import Show
from portal.web.filters import day, month, month_year

Standing = tuple[str, str, str]

NAMES = {
    Name.FULFILMENT: _l("Reference fulfilment"),
    Name.ACTIVATION: _l("Advocate activation"),
    Name.VOLUME: _l("Reference volume"),
    Name.ADVOCATES: _l("Advocate count"),
}
NOTHING_YET = {
    Name.FULFILMENT: _l("No requests yet"),
    Name.ACTIVATION: _l("Nobody enrolled yet"),
    Name.VOLUME: _l("Nothing delivered yet"),
    Name.ADVOCATES: _l("Nobody active yet"),
}
PERIODS = {
    Choice.QUARTER: _l("Quarter so far"),
    Choice.LAST_QUARTER: _l("Last quarter"),
    Choice.YEAR: _l("Year so far"),
    Choice.LAST_YEAR: _l("Last year"),
    Choice.TWELVE_MONTHS: _l("Twelve months"),
}
BEFORE = {
    Choice.QUARTER: _l("last quarter"),
    Choice.LAST_QUARTER: _l("in the quarter before"),
    Choice.YEAR: _l("last year"),
    Choice.LAST_YEAR: _l("in the year before"),
    Choice.TWELVE_MONTHS: _l("in the twelve months before"),
}

SHOWS = {
    Show.COUNTED: _l("Counted"),
    Show.DELIVERED: _l("Delivered"),
    Show.OPEN: _l("Still open"),
    Show.OTHER: _l("Without a reference"),
    Show.LEFT_OUT: _l("Left out"),
    Show.EVERYONE: _l("Enrolled"),
    Show.ACTIVE: _l("Active"),
    Show.QUIET: _l("Not active"),
}


def rows_lede(name: Name, at: datetime) -> str:
    """What the rows behind a number are."""
    return {
        Name.FULFILMENT: _("Requests sent in this period, the newest first."),
        Name.ACTIVATION: _("People enrolled on %(day)s, and what they did last.", day=day(at)),
        Name.VOLUME: _("References delivered in this period, the newest first."),
        Name.ADVOCATES: _("People who were active on %(day)s, and what they did last.", day=day(at)),
    }[name]


def formula(report: Report, name: Name) -> str:
    days = report.active_days
    return {
        Name.FULFILMENT: _("Delivered ÷ requested, by month of request"),
        Name.ACTIVATION: _("One or more acts in %(days)s days ÷ enrolled, at month end", days=days),
        Name.VOLUME: _("References delivered, by day of delivery"),
        Name.ADVOCATES: _("Enrolled people with an act in %(days)s days, at month end", days=days),
    }[name]


def standing(reading: Reading, period: Period) -> Standing:
    """Above, on or under the target, in words with their colour."""
    if reading.now.value is None:
        return nothing_yet(reading.name)
    if reading.gap is None:
        return _("No target set"), "", "circle-dashed"
    if reading.gap >= 0:
        return _reached(reading), "good", "circle-check"
    is_running = reading.name is Name.VOLUME and period.is_running
    return _short(reading, period, is_running), "" if is_running else "warn", "target-arrow"


def nothing_yet(name: Name) -> Standing:
    return str(NOTHING_YET[name]), "", "circle-dashed"


def _reached(reading: Reading) -> str:
    target = with_unit(reading.target, reading)
    if not reading.gap:
        return _("On target (%(target)s)", target=target)
    return _("%(distance)s over target (%(target)s)", distance=_distance(reading.gap, reading), target=target)


def _short(reading: Reading, period: Period, is_running: bool) -> str:
    distance, target = _distance(-(reading.gap or 0), reading), with_unit(reading.target, reading)
    if is_running:
        last = day(period.end - date.resolution)
        return _("%(distance)s to go by %(day)s (%(target)s)", distance=distance, day=last, target=target)
    return _("%(distance)s under target (%(target)s)", distance=distance, target=target)


def change(reading: Reading, period: Period) -> str:
    """72 % last quarter, so 6 points up"""
    if reading.change is None:
        return ""
    before = with_unit(reading.before.value or 0, reading)
    at_end = reading.name in {Name.ACTIVATION, Name.ADVOCATES}
    when = _("on %(day)s", day=day(period.start - date.resolution)) if at_end else str(BEFORE[period.choice])
    if reading.name is Name.VOLUME and period.is_running:
        return f"{before} {when}"  # what still grows is not compared with a whole quarter
    return _("%(before)s %(when)s, so %(moved)s", before=before, when=when, moved=moved(reading))


def moved(reading: Reading) -> str:
    """6 points up"""
    if not reading.change:
        return _("no change")
    distance = _distance(abs(reading.change), reading)
    return (
        _("%(distance)s up", distance=distance)
        if reading.change > 0
        else _("%(distance)s down", distance=distance)
    )


def beside(report: Report, name: Name) -> str:
    if name is Name.FULFILMENT:
        return _what_became(report.cohort)
    outside = report.volume.outside if name is Name.VOLUME else 0
    return (
        ngettext("%(num)d arranged by a rep alone", "%(num)d arranged by reps alone", outside)
        if outside
        else ""
    )


def _what_became(cohort: Cohort) -> str:
    words = (
        (cohort.open, _("%(n)s still open", n=cohort.open)),
        (cohort.content, _("%(n)s took a quote", n=cohort.content)),
        (cohort.unfulfilled, _("%(n)s not fulfilled", n=cohort.unfulfilled)),
        (cohort.withdrawn, _("%(n)s withdrawn", n=cohort.withdrawn)),
        (cohort.duplicates, ngettext("%(num)d duplicate", "%(num)d duplicates", cohort.duplicates)),
        (cohort.outside, _("%(n)s arranged outside", n=cohort.outside)),
    )
    return ", ".join(said for number, said in words if number)


def period_words(period: Period) -> str:
    """Quarter so far, Oct to Nov 2026"""
    last = period.last_month if period.is_running else add_months(period.end, -1)
    return f"{PERIODS[period.choice]}, {span(period.start, last)}"


def span(first: date, last: date) -> str:
    if first == last:
        return month_year(last)
    start = month(first) if first.year == last.year else month_year(first)
    return _("%(first)s to %(last)s", first=start, last=month_year(last))


def lede(report: Report) -> str:
    """One or two sentences: who is over, who is short, and what would close the gap."""
    if report.is_empty:
        return _("Nothing to count yet. The first request and the first person who enrolls start it.")
    said = [_compared(report.readings[name]) for name in (Name.FULFILMENT, Name.ACTIVATION)]
    return " ".join([*(words for words in said if words), *_gap_closer(report.readings[Name.ACTIVATION])])


def _compared(reading: Reading) -> str:
    if reading.gap is None:
        return ""
    name, distance = NAMES[reading.name], _distance(abs(reading.gap), reading)
    if reading.gap < 0:
        return _("%(name)s is %(distance)s short of its target.", name=name, distance=distance)
    if reading.gap == 0:
        return _("%(name)s is on its target.", name=name)
    return _("%(name)s is %(distance)s over its target.", name=name, distance=distance)


def _gap_closer(reading: Reading) -> list[str]:
    if reading.gap is None or reading.gap >= 0 or not reading.now.whole:
        return []
    missing = -(-reading.target * reading.now.whole // 100) - reading.now.part
    return [
        ngettext(
            "%(num)d more active person would close that gap.",
            "%(num)d more active people would close that gap.",
            missing,
        )
    ]


def part_of(count: Count) -> str:
    if count.whole is None:
        return str(count.part)
    return _("%(part)s of %(whole)s", part=count.part, whole=count.whole)


def with_unit(value: int, reading: Reading) -> str:
    return f"{value} %" if reading.is_ratio else str(value)


def _distance(number: int, reading: Reading) -> str:
    return ngettext("%(num)d point", "%(num)d points", number) if reading.is_ratio else str(number)
