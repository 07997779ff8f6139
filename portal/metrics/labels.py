"""The report in words: periods, how each metric compares with its target and with before, fractions, notes."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup, escape

from portal.badges import StatusBadge
from portal.declarations.metrics import Metric, NetShare, PeriodRule, Share
from portal.metrics.calculations import MetricCount, MetricReading, MetricsReport
from portal.reporting.periods import Period, PeriodChoice, add_months
from portal.time_zones import city
from portal.web.filters import day, month, month_year, zone_name

LinkToPart = Callable[[str, str], Markup]  # words, and the part whose rows they open

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
PERIOD_RULES = {
    PeriodRule.BY_REQUEST: _l("Counted in the month of the request."),
    PeriodRule.BY_DELIVERY: _l("Counted on the day of delivery."),
    PeriodRule.AT_PERIOD_END: _l("Counted at the end of the period."),
    PeriodRule.BY_ASK: _l("Counted in the month in which people were asked."),
    PeriodRule.BY_EVENT: _l("Counted in the month in which the event ended."),
}


def target_status(reading: MetricReading, period: Period) -> StatusBadge:
    if reading.now.value is None:
        return no_data_status(reading.metric)
    if reading.says_too_little:
        return StatusBadge(_(too_few(reading)), "", "circle-dashed")
    if reading.gap is None:
        return StatusBadge(_("No target set"), "", "circle-dashed")
    if reading.is_reached:
        return StatusBadge(_beside_target(reading), "good", "circle-check")
    is_running = reading.metric.grows and reading.metric.up_is_good and period.is_running
    words = _missing(reading, period) if is_running else _beside_target(reading)
    return StatusBadge(words, "" if is_running else "warn", "target-arrow")


def too_few(reading: MetricReading) -> str:
    return reading.metric.likely_range.too_few if reading.metric.likely_range else ""


def likely_range(reading: MetricReading) -> str:
    """+31 to +50; why there is none; nothing for a metric that is what it is."""
    if reading.says_too_little:
        return _(too_few(reading))
    ends = range_ends(reading.now, reading)
    return _("%(range)s, 95%% sure", range=ends) if ends else ""


def range_ends(count: MetricCount, reading: MetricReading) -> str:
    if count.likely_range is None:
        return ""
    low, high = (with_unit(round(end), reading) for end in count.likely_range)
    return _("%(low)s to %(high)s", low=low, high=high)


def no_data_status(metric: Metric) -> StatusBadge:
    return StatusBadge(_(metric.no_data), "", "circle-dashed")


def _beside_target(reading: MetricReading) -> str:
    gap, target = reading.gap or 0, with_unit(reading.target, reading)
    distance = _distance(abs(gap), reading)
    if not gap:
        return _("On target (%(target)s)", target=target)
    if gap > 0:
        return _("%(distance)s above target (%(target)s)", distance=distance, target=target)
    return _("%(distance)s below target (%(target)s)", distance=distance, target=target)


def _missing(reading: MetricReading, period: Period) -> str:
    distance, target = _distance(-(reading.gap or 0), reading), with_unit(reading.target, reading)
    last = day(period.end - date.resolution)
    return _("%(distance)s more by %(day)s (target %(target)s)", distance=distance, day=last, target=target)


def change(reading: MetricReading, period: Period, link: Callable[[str], Markup]) -> Markup:
    if reading.change is None:
        return Markup()
    before = link(with_unit(reading.before.value or 0, reading))
    when = _before_in_words(reading.metric, period)
    if reading.metric.grows and period.is_running:
        return before + " " + when  # what still grows is not compared with a whole quarter
    said = _("%(before)s %(when)s: %(moved)s")
    if reading.could_be_chance:
        said = _("%(before)s %(when)s: %(moved)s, which could be chance")
    sentence = _sentence(said)
    return sentence % {"before": before, "when": when, "moved": change_amount(reading)}


def _before_in_words(metric: Metric, period: Period) -> str:
    if metric.is_as_of:
        return _("on %(day)s", day=day(period.start - date.resolution))
    return str(PREVIOUS_PERIODS[period.choice]) if period.choice else _("before")


def change_amount(reading: MetricReading) -> str:
    if not reading.change:
        return _("no change")
    distance = _distance(abs(reading.change), reading)
    return (
        _("%(distance)s up", distance=distance)
        if reading.change > 0
        else _("%(distance)s down", distance=distance)
    )


def fraction(count: MetricCount, link: LinkToPart | None = None) -> Markup:
    value = count.metric.value
    if isinstance(value, Share):
        return _share(_("%(part)s of %(whole)s"), value, count, link)
    if isinstance(value, NetShare):
        return _net_share(value, count, link)
    return _linked(str(count.value), value.parts[0], link)


def beside(count: MetricCount, link: LinkToPart | None = None) -> Markup:
    """Say “12 of 12 decided, 10 open”; nothing where it says the same as the fraction."""
    second = count.metric.beside
    whole = count.metric.value.parts[-1]
    if second is None or count.numbers[second.share.whole] == count.numbers[whole]:
        return Markup()
    said = _share(_(second.text), second.share, count, link)
    return Markup(", ").join([said, *_notes(count, second.notes, link)])


def note(count: MetricCount, link: LinkToPart | None = None) -> Markup:
    said = count.metric.beside.notes if count.metric.beside else ()
    return Markup(", ").join(
        _notes(count, [part.name for part in count.metric.parts if part.name not in said], link)
    )


def also(count: MetricCount) -> str:
    return ", ".join(words.unescape() for words in (beside(count), note(count)) if words)


def _notes(count: MetricCount, names: Sequence[str], link: LinkToPart | None) -> list[Markup]:
    parts = [count.metric.part(name) for name in names]
    return [
        _linked(ngettext(*part.note, count.numbers[part.name]), part.name, link)
        for part in parts
        if part.note[0] and count.numbers[part.name]
    ]


def _share(words: str, share: Share, count: MetricCount, link: LinkToPart | None) -> Markup:
    part, whole = (_linked(str(count.numbers[name]), name, link) for name in share.parts)
    return _sentence(words) % {"part": part, "whole": whole, "percent": share.of(count.numbers)}


def _net_share(net: NetShare, count: MetricCount, link: LinkToPart | None) -> Markup:
    """118 promoters less 31 detractors, of 212"""
    said = {name: _linked(str(count.numbers[name]), name, link) for name in net.parts}
    named = {name: escape(_(count.metric.part(name).label).lower()) for name in net.parts}
    return _sentence(_("%(plus)s %(ups)s less %(minus)s %(downs)s, of %(whole)s")) % {
        "plus": said[net.plus],
        "ups": named[net.plus],
        "minus": said[net.minus],
        "downs": named[net.minus],
        "whole": said[net.whole],
    }


def _linked(words: str, part: str, link: LinkToPart | None) -> Markup:
    return link(words, part) if link else escape(words)


def _sentence(words: str) -> Markup:
    """A sentence of ours that links are put into; what else is put in is escaped."""
    return Markup(words)  # noqa: S704 - words of a catalog


def formula(reading: MetricReading) -> str:
    return _(reading.metric.formula, days=reading.days)


def definition(metric: Metric) -> list[str]:
    return [_(metric.definition), _(metric.exclusions), str(PERIOD_RULES[metric.rule])]


def corrections(reading: MetricReading, months: Sequence[date]) -> str:
    return ", ".join(
        _("%(month)s on %(day)s", month=month_year(first), day=day(count.corrected_on))
        for first, count in zip(months, reading.trend, strict=True)
        if count.corrected_on
    )


def zone_text(report: MetricsReport, now: datetime, zone: str) -> str:
    place = f"{city(zone)} ({zone_name(now, zone)})"
    said = [_("Months end at midnight in %(place)s.", place=place)]
    said += [
        _(
            "Until %(day)s they ended at midnight in %(place)s.",
            day=day(each.until),
            place=city(each.zone.key),
        )
        for each in report.earlier_zones
    ]
    return " ".join([*said, _("“-” means nothing happened yet; it’s never shown as 0.")])


def period_text(period: Period) -> str:
    last = period.last_month if period.is_running else add_months(period.end, -1)
    months = month_range(period.start, max(last, period.start))
    return f"{PERIODS[period.choice]}, {months}" if period.choice else months


def month_range(first: date, last: date) -> str:
    if first == last:
        return month_year(last)
    start = month(first) if first.year == last.year else month_year(first)
    return _("%(first)s to %(last)s", first=start, last=month_year(last))


def lede(report: MetricsReport) -> str:
    if report.is_empty:
        return _("No figures yet. They start with the first request and the first enrolled person.")
    ratios = [reading for reading in report.readings if reading.has_scale]
    said = [*(_compared(reading) for reading in ratios), *(_gap_closer(reading) for reading in ratios)]
    return " ".join(sentence for sentence in said if sentence)


def _compared(reading: MetricReading) -> str:
    if reading.gap is None or reading.says_too_little:
        return ""
    name, distance = _(reading.metric.label), _distance(abs(reading.gap), reading)
    if reading.gap < 0:
        return _("%(name)s is %(distance)s below target.", name=name, distance=distance)
    if reading.gap == 0:
        return _("%(name)s is on target.", name=name)
    return _("%(name)s is %(distance)s above target.", name=name, distance=distance)


def _gap_closer(reading: MetricReading) -> str:
    value = reading.metric.value
    if not reading.metric.gap_text[0] or not isinstance(value, Share):
        return ""
    if reading.gap is None or reading.gap >= 0:
        return ""
    part, whole = reading.now.numbers[value.part], reading.now.numbers[value.whole]
    return ngettext(*reading.metric.gap_text, -(-reading.target * whole // 100) - part)


def with_unit(value: int, reading: MetricReading) -> str:
    if reading.is_score:
        return f"{value:+d}" if value else "0"
    return f"{value}%" if reading.is_ratio else str(value)


def _distance(number: int, reading: MetricReading) -> str:
    return ngettext("%(num)d point", "%(num)d points", number) if reading.has_scale else str(number)
