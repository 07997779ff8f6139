from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from markupsafe import Markup

from portal.asks.metrics import ACTIVATION, ADVOCATE_COUNT
from portal.declarations.metrics import Metric
from portal.metrics import labels
from portal.metrics.calculations import MetricCount, MetricReading, MetricsReport
from portal.metrics.labels import beside, corrections, fraction, lede, note, period_text, target_status
from portal.metrics.metric_figures import MetricChart, figure
from portal.references.metrics import FULFILLMENT, VOLUME
from portal.reporting.periods import PeriodChoice, add_months, months_period, period
from portal.web.dispatch import Portal

TODAY = date(2026, 11, 24)
QUARTER = period(PeriodChoice.QUARTER, TODAY, lambda month: 1)


@pytest.fixture(autouse=True)
def in_english(app: Portal) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def count(metric: Metric, *numbers: int, **more: int) -> MetricCount:
    """The parts of its value, in their order; every other part is 0."""
    parts = dict.fromkeys(metric.counter.parts, 0)
    given = zip(metric.value.parts, numbers, strict=True)
    return MetricCount(metric, parts | dict(given) | {name.replace("_", "-"): n for name, n in more.items()})


def reading(metric: Metric, now: tuple[int, ...], before: tuple[int, ...], target: int) -> MetricReading:
    then = count(metric, *before)
    counts = [then] * 11 + [count(metric, *now)]
    return MetricReading(metric, counts[-1], then, counts, target, [target] * 12, 180)


def full_report(*given: MetricReading) -> MetricsReport:
    readings = {
        one.metric.name: one
        for one in (
            reading(FULFILLMENT, (39, 50), (36, 50), 80),
            reading(ACTIVATION, (41, 96), (34, 88), 45),
            reading(VOLUME, (12,), (30,), 30),
            reading(ADVOCATE_COUNT, (41,), (34,), 0),
            *given,
        )
    }
    return MetricsReport(QUARTER, QUARTER.trend(), list(readings.values()))


def of(report: MetricsReport, metric: Metric) -> MetricReading:
    return next(one for one in report.readings if one.metric is metric)


def status(one: MetricReading) -> tuple[str, str, str]:
    badge = target_status(one, QUARTER)
    return badge.word, badge.tone, badge.icon


def change(one: MetricReading) -> str:
    return labels.change(one, QUARTER, Markup)


def drawn(report: MetricsReport, metric: Metric) -> MetricChart:
    numbers = figure(report, of(report, metric), lambda *given: None).numbers
    assert numbers is not None
    return numbers.chart


@pytest.mark.parametrize(
    ("numbers", "value"),
    [((39, 50), 78), ((1, 200), 1), ((1, 3), 33), ((2, 3), 67), ((0, 5), 0)],
)
def test_a_ratio_is_rounded_to_the_nearest_percent(numbers: tuple[int, int], value: int) -> None:
    assert count(FULFILLMENT, *numbers).value == value
    assert count(VOLUME, 7).value == 7


def test_nothing_divided_by_nothing_is_no_number() -> None:
    assert count(FULFILLMENT, 0, 0).value is None
    nothing = reading(FULFILLMENT, (0, 0), (0, 0), 80)
    assert (nothing.gap, nothing.change) == (None, None)
    assert status(nothing)[0] == "No requests yet"
    assert change(nothing) == ""


def test_how_it_stands_against_the_target_is_said_in_words_and_color() -> None:
    assert status(reading(FULFILLMENT, (39, 50), (36, 50), 80)) == (
        "2 points below target (80%)", "warn", "target-arrow",
    )  # fmt: skip
    over = reading(FULFILLMENT, (81, 100), (1, 2), 80)
    assert status(over)[:2] == ("1 point above target (80%)", "good")
    on = reading(FULFILLMENT, (80, 100), (1, 2), 80)
    assert status(on)[:2] == ("On target (80%)", "good")
    assert status(reading(ADVOCATE_COUNT, (41,), (34,), 0))[0] == "No target set"


def test_where_less_is_better_a_target_is_reached_from_above() -> None:
    fewer = replace(FULFILLMENT, up_is_good=False)
    assert status(reading(fewer, (81, 100), (1, 2), 80))[:2] == ("1 point above target (80%)", "warn")
    assert status(reading(fewer, (70, 100), (1, 2), 80))[:2] == ("10 points below target (80%)", "good")


def test_a_quarter_that_runs_is_not_yet_short_of_its_volume() -> None:
    running = reading(VOLUME, (12,), (30,), 30)
    assert status(running) == ("18 more by Thu 31 Dec (target 30)", "", "target-arrow")
    closed = period(PeriodChoice.LAST_QUARTER, TODAY, lambda month: 1)
    badge = target_status(running, closed)
    assert (badge.word, badge.tone) == ("18 below target (30)", "warn")


def test_a_change_names_what_it_is_measured_against() -> None:
    report = full_report()
    assert change(of(report, FULFILLMENT)) == "72% last quarter: 6 points up"
    assert change(of(report, ACTIVATION)) == "39% on Wed 30 Sept: 4 points up"
    assert change(of(report, VOLUME)) == "30 last quarter"


def test_beside_it_stands_what_is_decided_and_what_came_another_way() -> None:
    more = {"decided": 41, "open": 9, "content": 2, "withdrawn": 3, "duplicates": 1}
    now = count(FULFILLMENT, 39, 50, **more)
    assert fraction(now) == "39 of 50"
    assert beside(now) == "39 of 41 decided, 9 open"
    assert note(now) == "2 accepted a written reference, 3 withdrawn, 1 duplicate"
    assert note(count(VOLUME, 12, off_platform=1)) == "1 arranged by a rep directly"
    assert (note(count(ACTIVATION, 3, 4)), beside(count(ACTIVATION, 3, 4))) == ("", "")


def test_what_is_decided_is_not_told_twice() -> None:
    assert beside(count(FULFILLMENT, 12, 12, decided=12)) == ""


def test_every_number_of_a_sentence_leads_to_its_own_rows() -> None:
    now = count(FULFILLMENT, 12, 22, decided=12, open=10)

    def link(words: str, part: str) -> Markup:
        return Markup("[{}: {}]").format(part, words)

    assert fraction(now, link) == "[delivered: 12] of [counted: 22]"
    assert beside(now, link) == "[delivered: 12] of [decided: 12] decided, [open: 10 open]"


def test_the_page_opens_with_who_is_short_and_what_would_help() -> None:
    assert lede(full_report()) == (
        "Reference fulfillment is 2 points below target. "
        "Advocate activation is 2 points below target. 3 more active people would close that gap."
    )


def test_a_period_is_named_by_its_months() -> None:
    assert period_text(QUARTER) == "Quarter so far, Oct to Nov 2026"
    first_days = period(PeriodChoice.QUARTER, date(2026, 10, 5), lambda month: 1)
    assert period_text(first_days) == "Quarter so far, Oct 2026"
    twelve = period(PeriodChoice.TWELVE_MONTHS, TODAY, lambda month: 1)
    assert period_text(twelve) == "Twelve months, Dec 2025 to Nov 2026"
    october = date(2026, 10, 1)
    assert period_text(months_period(october, add_months(october, 1), TODAY)) == "Oct 2026"
    later = date(2027, 2, 1)
    assert period_text(months_period(later, add_months(later, 2), TODAY)) == "Feb 2027"


def test_a_figure_that_never_counted_anything_shows_no_number() -> None:
    report = full_report(reading(FULFILLMENT, (0, 0), (0, 0), 80))
    assert figure(report, of(report, FULFILLMENT), lambda *given: None).numbers is None


def test_the_picture_holds_the_numbers_and_the_target() -> None:
    chart = drawn(full_report(), FULFILLMENT)
    assert (chart.low, chart.high, chart.targets) == (70, 80, [80] * 12)
    assert [label for label, _ in chart.rows] == ["Fulfillment", "Delivered", "Requested"]
    assert [month.is_running for month in chart.months] == [False] * 11 + [True]
    assert [label for label, _ in drawn(full_report(), VOLUME).rows] == ["Delivered"]
    assert drawn(full_report(), VOLUME).targets == [None] * 12, "a quarter's target is no month's"


def test_months_before_anything_happened_have_no_number() -> None:
    never = MetricCount(VOLUME, dict.fromkeys(VOLUME.counter.parts, 0), has_begun=False)
    months = [never] * 10 + [count(VOLUME, 0), count(VOLUME, 3)]
    grown = MetricReading(VOLUME, months[-1], never, months, 30, [30] * 12)
    chart = drawn(full_report(grown), VOLUME)
    assert chart.values == [None] * 10 + [0, 3]
    assert [value for value, _ in chart.rows[0][1]] == [None] * 10 + [0, 3]
    assert change(grown) == ""


def test_months_that_were_corrected_are_named_with_the_day() -> None:
    one = reading(FULFILLMENT, (39, 50), (36, 50), 80)
    late = replace(one.trend[10], corrected_on=date(2026, 11, 3))
    shown = replace(one, trend=[*one.trend[:10], late, one.trend[11]])
    assert corrections(one, QUARTER.trend()) == ""
    assert corrections(shown, QUARTER.trend()) == "Oct 2026 on Tue 3 Nov"
