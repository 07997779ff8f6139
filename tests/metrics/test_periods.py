from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.metrics.periods import PeriodChoice, add_months, midnights, month_bounds, period

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("choice", "start", "end", "before"),
    [
        (PeriodChoice.QUARTER, date(2026, 10, 1), date(2027, 1, 1), date(2026, 7, 1)),
        (PeriodChoice.LAST_QUARTER, date(2026, 7, 1), date(2026, 10, 1), date(2026, 4, 1)),
        (PeriodChoice.YEAR, date(2026, 1, 1), date(2027, 1, 1), date(2025, 1, 1)),
        (PeriodChoice.LAST_YEAR, date(2025, 1, 1), date(2026, 1, 1), date(2024, 1, 1)),
        (PeriodChoice.TWELVE_MONTHS, date(2025, 12, 1), date(2026, 12, 1), date(2024, 12, 1)),
    ],
)
def test_a_period_is_whole_months_and_has_one_before_it(
    choice: PeriodChoice, start: date, end: date, before: date
) -> None:
    chosen = period(choice, TODAY)
    assert (chosen.start, chosen.end) == (start, end)
    assert (chosen.before().start, chosen.before().end) == (before, start)


def test_a_running_period_ends_with_this_month() -> None:
    chosen = period(PeriodChoice.QUARTER, TODAY)
    assert chosen.is_running
    assert chosen.last_month == date(2026, 11, 1)
    assert chosen.trend()[0] == date(2025, 12, 1)
    assert len(chosen.trend()) == 12


def test_a_closed_quarter_shows_the_year_that_led_to_it() -> None:
    chosen = period(PeriodChoice.LAST_QUARTER, TODAY)
    assert not chosen.is_running
    assert (chosen.trend()[0], chosen.trend()[-1]) == (date(2025, 10, 1), date(2026, 9, 1))


@pytest.mark.parametrize(
    "today", [date(2026, 1, 1), date(2026, 3, 31), date(2026, 12, 31), date(2028, 2, 29)]
)
def test_every_day_of_a_year_lies_in_its_own_quarter(today: date) -> None:
    chosen = period(PeriodChoice.QUARTER, today)
    assert chosen.start <= today < chosen.end


def test_months_are_counted_over_the_turn_of_a_year() -> None:
    assert add_months(date(2026, 11, 1), 3) == date(2027, 2, 1)
    assert add_months(date(2026, 1, 1), -1) == date(2025, 12, 1)
    assert month_bounds(date(2026, 11, 1), date(2027, 1, 1)) == [
        date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1),
    ]  # fmt: skip


def test_a_month_begins_at_midnight_of_the_workspace_in_summer_and_winter() -> None:
    october, november = midnights([date(2026, 10, 1), date(2026, 11, 1)], ZoneInfo("Europe/Berlin"))
    assert october == datetime(2026, 9, 30, 22, tzinfo=ZoneInfo("UTC"))
    assert november == datetime(2026, 10, 31, 23, tzinfo=ZoneInfo("UTC"))
