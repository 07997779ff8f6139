from collections.abc import Iterator
from datetime import date

import pytest

from portal.metrics.calculations import Metric, MetricCount, MetricReading, MetricsReport
from portal.metrics.labels import change, lede, note, period_text, target_status
from portal.metrics.metric_figures import figure
from portal.metrics.periods import PeriodChoice, period
from portal.metrics.queries import ReferenceVolume, RequestCohort
from portal.web.dispatch import Portal

QUARTER = period(PeriodChoice.QUARTER, date(2026, 11, 24))


@pytest.fixture(autouse=True)
def in_english(app: Portal) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def reading(name: Metric, now: MetricCount, before: MetricCount, target: int) -> MetricReading:
    return MetricReading(name, now, before, [before] * 11 + [now], target)


def full_report(**given: MetricReading) -> MetricsReport:
    readings = {
        Metric.FULFILLMENT: reading(Metric.FULFILLMENT, MetricCount(39, 50), MetricCount(36, 50), 80),
        Metric.ACTIVATION: reading(Metric.ACTIVATION, MetricCount(41, 96), MetricCount(34, 88), 45),
        Metric.VOLUME: reading(Metric.VOLUME, MetricCount(12), MetricCount(30), 30),
        Metric.ADVOCATES: reading(Metric.ADVOCATES, MetricCount(41), MetricCount(34), 0),
    } | {Metric(name): one for name, one in given.items()}
    cohort = RequestCohort(requested=50, delivered=39, open=9, content=2, withdrawn=3, duplicates=1)
    return MetricsReport(QUARTER, QUARTER.trend(), cohort, ReferenceVolume(12, 1), 180, readings)


@pytest.mark.parametrize(
    ("count", "value"),
    [
        (MetricCount(39, 50), 78),
        (MetricCount(1, 200), 1),
        (MetricCount(1, 3), 33),
        (MetricCount(2, 3), 67),
        (MetricCount(0, 5), 0),
        (MetricCount(7), 7),
    ],
)
def test_a_ratio_is_rounded_to_the_nearest_percent(count: MetricCount, value: int) -> None:
    assert count.value == value


def test_nothing_divided_by_nothing_is_no_number() -> None:
    assert MetricCount(0, 0).value is None
    nothing = reading(Metric.FULFILLMENT, MetricCount(0, 0), MetricCount(0, 0), 80)
    assert (nothing.gap, nothing.change) == (None, None)
    assert target_status(nothing, QUARTER)[0] == "No requests yet"
    assert change(nothing, QUARTER) == ""


def test_how_it_stands_against_the_target_is_said_in_words_and_color() -> None:
    report = full_report()
    assert target_status(report.readings[Metric.FULFILLMENT], QUARTER) == (
        "2 points below target (80%)", "warn", "target-arrow",
    )  # fmt: skip
    over = reading(Metric.FULFILLMENT, MetricCount(81, 100), MetricCount(1, 2), 80)
    assert target_status(over, QUARTER)[:2] == ("1 point above target (80%)", "good")
    on = reading(Metric.FULFILLMENT, MetricCount(80, 100), MetricCount(1, 2), 80)
    assert target_status(on, QUARTER)[:2] == ("On target (80%)", "good")
    assert target_status(report.readings[Metric.ADVOCATES], QUARTER)[0] == "No target set"


def test_a_quarter_that_runs_is_not_yet_short_of_its_volume() -> None:
    running = full_report().readings[Metric.VOLUME]
    assert target_status(running, QUARTER) == ("18 more by Thu 31 Dec (target 30)", "", "target-arrow")
    closed = period(PeriodChoice.LAST_QUARTER, date(2026, 11, 24))
    assert target_status(running, closed)[:2] == ("18 below target (30)", "warn")


def test_a_change_names_what_it_is_measured_against() -> None:
    report = full_report()
    assert change(report.readings[Metric.FULFILLMENT], QUARTER) == "72% last quarter: 6 points up"
    assert change(report.readings[Metric.ACTIVATION], QUARTER) == "39% on Wed 30 Sept: 4 points up"
    assert change(report.readings[Metric.VOLUME], QUARTER) == "30 last quarter"


def test_beside_it_stands_what_was_left_out_or_came_another_way() -> None:
    report = full_report()
    assert (
        note(report, Metric.FULFILLMENT)
        == "9 still open, 2 accepted a written reference, 3 withdrawn, 1 duplicate"
    )
    assert note(report, Metric.VOLUME) == "1 arranged by a rep directly"
    assert note(report, Metric.ACTIVATION) == ""


def test_the_page_opens_with_who_is_short_and_what_would_help() -> None:
    assert lede(full_report()) == (
        "Reference fulfillment is 2 points below target. "
        "Advocate activation is 2 points below target. 3 more active people would close that gap."
    )


def test_a_period_is_named_by_its_months() -> None:
    assert period_text(QUARTER) == "Quarter so far, Oct to Nov 2026"
    assert period_text(period(PeriodChoice.QUARTER, date(2026, 10, 5))) == "Quarter so far, Oct 2026"
    assert (
        period_text(period(PeriodChoice.TWELVE_MONTHS, date(2026, 11, 24)))
        == "Twelve months, Dec 2025 to Nov 2026"
    )


def test_a_figure_without_a_trend_has_no_chart() -> None:
    nothing = reading(Metric.FULFILLMENT, MetricCount(0, 0), MetricCount(0, 0), 80)
    assert figure(full_report(fulfillment=nothing), Metric.FULFILLMENT).chart is None
    drawn = figure(full_report(), Metric.FULFILLMENT).chart
    assert drawn is not None
    assert (drawn.low, drawn.high, drawn.target) == (70, 80, 80)
    assert [label for label, _ in drawn.rows] == ["Fulfillment", "Delivered", "Requested"]


def test_months_before_anything_happened_have_no_number() -> None:
    never = MetricCount(0, has_begun=False)
    grown = MetricReading(
        Metric.VOLUME, MetricCount(3), never, [never] * 10 + [MetricCount(0), MetricCount(3)], 30
    )
    drawn = figure(full_report(volume=grown), Metric.VOLUME).chart
    assert drawn is not None
    assert drawn.values == [None] * 10 + [0, 3]
    assert drawn.rows[0][1] == [None] * 10 + [0, 3]
    assert change(grown, QUARTER) == ""
