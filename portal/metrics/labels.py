"""The report in words: names of metrics, formulas, and how each compares with its target."""

from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.metrics.calculations import Metric, MetricCount, MetricReading, MetricsReport
from portal.metrics.drilldown_queries import DrilldownFilter
from portal.metrics.periods import Period, PeriodChoice, add_months
from portal.metrics.queries import RequestCohort
from portal.web.filters import day, month, month_year

TargetStatus = tuple[str, str, str]

METRICS = {
    Metric.FULFILLMENT: _l("Reference fulfillment"),
    Metric.ACTIVATION: _l("Advocate activation"),
    Metric.VOLUME: _l("Reference volume"),
    Metric.ADVOCATES: _l("Advocate count"),
}
NO_DATA = {
    Metric.FULFILLMENT: _l("No requests yet"),
    Metric.ACTIVATION: _l("No one enrolled yet"),
    Metric.VOLUME: _l("Nothing delivered yet"),
    Metric.ADVOCATES: _l("No one active yet"),
}
PERIODS = {
    PeriodChoice.QUARTER: _l("Quarter so far"),
    PeriodChoice.LAST_QUARTER: _l("Last quarter"),
    PeriodChoice.YEAR: _l("Year so far"),
    PeriodChoice.LAST_YEAR: _l("Last year"),
    PeriodChoice.TWELVE_MONTHS: _l("Twelve months"),
}
PREVIOUS_PERIODS = {
    PeriodChoice.QUARTER: _l("last quarter"),
    PeriodChoice.LAST_QUARTER: _l("in the quarter before"),
    PeriodChoice.YEAR: _l("last year"),
    PeriodChoice.LAST_YEAR: _l("in the year before"),
    PeriodChoice.TWELVE_MONTHS: _l("in the twelve months before"),
}

DRILLDOWN_FILTERS = {
    DrilldownFilter.COUNTED: _l("Counted"),
    DrilldownFilter.DELIVERED: _l("Delivered"),
    DrilldownFilter.OPEN: _l("Still open"),
    DrilldownFilter.OTHER: _l("Without a reference"),
    DrilldownFilter.LEFT_OUT: _l("Left out"),
    DrilldownFilter.EVERYONE: _l("Enrolled"),
    DrilldownFilter.ACTIVE: _l("Active"),
    DrilldownFilter.QUIET: _l("Not active"),
}


def drilldown_lede(name: Metric, at: datetime) -> str:
    """What the rows behind a number are."""
    return {
        Metric.FULFILLMENT: _("Requests sent in this period, newest first."),
        Metric.ACTIVATION: _("People enrolled on %(day)s, and when they last helped.", day=day(at)),
        Metric.VOLUME: _("References delivered in this period, newest first."),
        Metric.ADVOCATES: _("People active on %(day)s, and when they last helped.", day=day(at)),
    }[name]


def formula(report: MetricsReport, name: Metric) -> str:
    days = report.active_days
    return {
        Metric.FULFILLMENT: _("Delivered ÷ requested, by month of request"),
        Metric.ACTIVATION: _("Helped at least once in %(days)s days ÷ enrolled, at month end", days=days),
        Metric.VOLUME: _("References delivered, by day of delivery"),
        Metric.ADVOCATES: _("Enrolled people who helped in the last %(days)s days, at month end", days=days),
    }[name]


def target_status(reading: MetricReading, period: Period) -> TargetStatus:
    """Above, on or under the target, in words with their color."""
    if reading.now.value is None:
        return no_data_status(reading.metric)
    if reading.gap is None:
        return _("No target set"), "", "circle-dashed"
    if reading.gap >= 0:
        return _reached(reading), "good", "circle-check"
    is_running = reading.metric is Metric.VOLUME and period.is_running
    return _below_target(reading, period, is_running), "" if is_running else "warn", "target-arrow"


def no_data_status(name: Metric) -> TargetStatus:
    return str(NO_DATA[name]), "", "circle-dashed"


def _reached(reading: MetricReading) -> str:
    target = with_unit(reading.target, reading)
    if not reading.gap:
        return _("On target (%(target)s)", target=target)
    return _(
        "%(distance)s above target (%(target)s)", distance=_distance(reading.gap, reading), target=target
    )


def _below_target(reading: MetricReading, period: Period, is_running: bool) -> str:
    distance, target = _distance(-(reading.gap or 0), reading), with_unit(reading.target, reading)
    if is_running:
        last = day(period.end - date.resolution)
        return _(
            "%(distance)s more by %(day)s (target %(target)s)", distance=distance, day=last, target=target
        )
    return _("%(distance)s below target (%(target)s)", distance=distance, target=target)


def change(reading: MetricReading, period: Period) -> str:
    """72% last quarter: 6 points up"""
    if reading.change is None:
        return ""
    before = with_unit(reading.before.value or 0, reading)
    at_end = reading.metric in {Metric.ACTIVATION, Metric.ADVOCATES}
    when = (
        _("on %(day)s", day=day(period.start - date.resolution))
        if at_end
        else str(PREVIOUS_PERIODS[period.choice])
    )
    if reading.metric is Metric.VOLUME and period.is_running:
        return f"{before} {when}"  # what still grows is not compared with a whole quarter
    return _("%(before)s %(when)s: %(moved)s", before=before, when=when, moved=change_amount(reading))


def change_amount(reading: MetricReading) -> str:
    """6 points up"""
    if not reading.change:
        return _("no change")
    distance = _distance(abs(reading.change), reading)
    return (
        _("%(distance)s up", distance=distance)
        if reading.change > 0
        else _("%(distance)s down", distance=distance)
    )


def note(report: MetricsReport, name: Metric) -> str:
    if name is Metric.FULFILLMENT:
        return _outcomes(report.cohort)
    off_platform = report.volume.off_platform if name is Metric.VOLUME else 0
    return (
        ngettext("%(num)d arranged by a rep directly", "%(num)d arranged by reps directly", off_platform)
        if off_platform
        else ""
    )


def _outcomes(cohort: RequestCohort) -> str:
    outcomes = (
        (cohort.open, _("%(n)s still open", n=cohort.open)),
        (cohort.content, _("%(n)s accepted a written reference", n=cohort.content)),
        (cohort.unfulfilled, _("%(n)s not fulfilled", n=cohort.unfulfilled)),
        (cohort.withdrawn, _("%(n)s withdrawn", n=cohort.withdrawn)),
        (cohort.duplicates, ngettext("%(num)d duplicate", "%(num)d duplicates", cohort.duplicates)),
        (cohort.off_platform, _("%(n)s arranged outside Goodword", n=cohort.off_platform)),
    )
    return ", ".join(text for number, text in outcomes if number)


def period_text(period: Period) -> str:
    """Quarter so far, Oct to Nov 2026"""
    last = period.last_month if period.is_running else add_months(period.end, -1)
    return f"{PERIODS[period.choice]}, {month_range(period.start, last)}"


def month_range(first: date, last: date) -> str:
    if first == last:
        return month_year(last)
    start = month(first) if first.year == last.year else month_year(first)
    return _("%(first)s to %(last)s", first=start, last=month_year(last))


COMPARED = (Metric.FULFILLMENT, Metric.ACTIVATION)


def lede(report: MetricsReport) -> str:
    """One or two sentences: who is over, who is short, and what would close the gap."""
    if report.is_empty:
        return _("No figures yet. They start with the first request and the first enrolled person.")
    compared = [_compared(report.readings[name]) for name in COMPARED if name in report.readings]
    return " ".join([*(text for text in compared if text), *_gap_closer(report.readings[Metric.ACTIVATION])])


def _compared(reading: MetricReading) -> str:
    if reading.gap is None:
        return ""
    name, distance = METRICS[reading.metric], _distance(abs(reading.gap), reading)
    if reading.gap < 0:
        return _("%(name)s is %(distance)s below target.", name=name, distance=distance)
    if reading.gap == 0:
        return _("%(name)s is on target.", name=name)
    return _("%(name)s is %(distance)s above target.", name=name, distance=distance)


def _gap_closer(reading: MetricReading) -> list[str]:
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


def fraction(count: MetricCount) -> str:
    if count.whole is None:
        return str(count.part)
    return _("%(part)s of %(whole)s", part=count.part, whole=count.whole)


def with_unit(value: int, reading: MetricReading) -> str:
    return f"{value}%" if reading.is_ratio else str(value)


def _distance(number: int, reading: MetricReading) -> str:
    return ngettext("%(num)d point", "%(num)d points", number) if reading.is_ratio else str(number)
