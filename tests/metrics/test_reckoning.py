from datetime import date

import pytest

from portal.metrics.figures import figure
from portal.metrics.periods import Choice, period
from portal.metrics.queries import Cohort, Volume
from portal.metrics.reckoning import Count, Name, Reading, Report
from portal.metrics.wording import beside, change, lede, period_words, standing
from portal.web.dispatch import Portal

QUARTER = period(Choice.QUARTER, date(2026, 11, 24))


@pytest.fixture(autouse=True)
def in_english(app: Portal):
    with app.test_request_context("/"):
        yield


def reading(name: Name, now: Count, before: Count, target: int) -> Reading:
    return Reading(name, now, before, [before] * 11 + [now], target)


def full_report(**given: Reading) -> Report:
    readings = {
        Name.FULFILMENT: reading(Name.FULFILMENT, Count(39, 50), Count(36, 50), 80),
        Name.ACTIVATION: reading(Name.ACTIVATION, Count(41, 96), Count(34, 88), 45),
        Name.VOLUME: reading(Name.VOLUME, Count(12), Count(30), 30),
        Name.ADVOCATES: reading(Name.ADVOCATES, Count(41), Count(34), 0),
    } | {Name(name): one for name, one in given.items()}
    cohort = Cohort(requested=50, delivered=39, open=9, content=2, withdrawn=3, duplicates=1)
    return Report(QUARTER, QUARTER.trend(), cohort, Volume(12, 1), 180, readings)


@pytest.mark.parametrize(
    ("count", "value"),
    [
        (Count(39, 50), 78),
        (Count(1, 200), 1),
        (Count(1, 3), 33),
        (Count(2, 3), 67),
        (Count(0, 5), 0),
        (Count(7), 7),
    ],
)
def test_a_ratio_is_rounded_to_the_nearest_percent(count: Count, value: int):
    assert count.value == value


def test_nothing_divided_by_nothing_is_no_number():
    assert Count(0, 0).value is None
    nothing = reading(Name.FULFILMENT, Count(0, 0), Count(0, 0), 80)
    assert (nothing.gap, nothing.change) == (None, None)
    assert standing(nothing, QUARTER)[0] == "No requests yet"
    assert change(nothing, QUARTER) == ""


def test_how_it_stands_against_the_target_is_said_in_words_and_colour():
    report = full_report()
    assert standing(report.readings[Name.FULFILMENT], QUARTER) == (
        "2 points under target (80 %)", "warn", "target-arrow",
    )  # fmt: skip
    over = reading(Name.FULFILMENT, Count(81, 100), Count(1, 2), 80)
    assert standing(over, QUARTER)[:2] == ("1 point over target (80 %)", "good")
    on = reading(Name.FULFILMENT, Count(80, 100), Count(1, 2), 80)
    assert standing(on, QUARTER)[:2] == ("On target (80 %)", "good")
    assert standing(report.readings[Name.ADVOCATES], QUARTER)[0] == "No target set"


def test_a_quarter_that_runs_is_not_yet_short_of_its_volume():
    running = full_report().readings[Name.VOLUME]
    assert standing(running, QUARTER) == ("18 to go by Thu 31 Dec (30)", "", "target-arrow")
    closed = period(Choice.LAST_QUARTER, date(2026, 11, 24))
    assert standing(running, closed)[:2] == ("18 under target (30)", "warn")


def test_a_change_names_what_it_is_measured_against():
    report = full_report()
    assert change(report.readings[Name.FULFILMENT], QUARTER) == "72 % last quarter, so 6 points up"
    assert change(report.readings[Name.ACTIVATION], QUARTER) == "39 % on Wed 30 Sept, so 4 points up"
    assert change(report.readings[Name.VOLUME], QUARTER) == "30 last quarter"


def test_beside_it_stands_what_was_left_out_or_came_another_way():
    report = full_report()
    assert beside(report, Name.FULFILMENT) == "9 still open, 2 took a quote, 3 withdrawn, 1 duplicate"
    assert beside(report, Name.VOLUME) == "1 arranged by a rep alone"
    assert beside(report, Name.ACTIVATION) == ""


def test_the_page_opens_with_who_is_short_and_what_would_help():
    assert lede(full_report()) == (
        "Reference fulfilment is 2 points short of its target. "
        "Advocate activation is 2 points short of its target. 3 more active people would close that gap."
    )


def test_a_period_is_named_by_its_months():
    assert period_words(QUARTER) == "Quarter so far, Oct to Nov 2026"
    assert period_words(period(Choice.QUARTER, date(2026, 10, 5))) == "Quarter so far, Oct 2026"
    assert (
        period_words(period(Choice.TWELVE_MONTHS, date(2026, 11, 24)))
        == "Twelve months, Dec 2025 to Nov 2026"
    )


def test_a_figure_without_a_trend_has_no_chart():
    nothing = reading(Name.FULFILMENT, Count(0, 0), Count(0, 0), 80)
    assert figure(full_report(fulfilment=nothing), Name.FULFILMENT).chart is None
    drawn = figure(full_report(), Name.FULFILMENT).chart
    assert drawn is not None
    assert (drawn.low, drawn.high, drawn.target) == (70, 80, 80)
    assert [label for label, _ in drawn.rows] == ["Fulfilment", "Delivered", "Requested"]


def test_months_before_anything_happened_have_no_number():
    never = Count(0, begun=False)
    grown = Reading(Name.VOLUME, Count(3), never, [never] * 10 + [Count(0), Count(3)], 30)
    drawn = figure(full_report(volume=grown), Name.VOLUME).chart
    assert drawn is not None
    assert drawn.values == [None] * 10 + [0, 3]
    assert drawn.rows[0][1] == [None] * 10 + [0, 3]
    assert change(grown, QUARTER) == ""
