from collections.abc import Callable
from datetime import date

import pytest

from portal.errors import NotFound
from portal.reporting.periods import (
    Period,
    PeriodChoice,
    add_months,
    month_starts,
    named_months,
    period,
    quarters,
)

TODAY = date(2026, 11, 24)
Fiscal = Callable[[date], int]


def january(month: date) -> int:
    return 1


def february(month: date) -> int:
    return 2


def changed(on: date, before: int, after: int) -> Fiscal:
    """The setting as it was when each month began."""
    return lambda month: before if month <= on else after


def shown(choice: PeriodChoice, today: date, fiscal: Fiscal = january) -> tuple[date, date, date]:
    found = period(choice, today, fiscal)
    return found.start, found.end, found.start_before


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
    assert shown(choice, TODAY) == (start, end, before)
    earlier = period(choice, TODAY, january).before()
    assert (earlier.start, earlier.end) == (before, start)


def test_a_fiscal_year_has_quarters_of_its_own() -> None:
    assert shown(PeriodChoice.QUARTER, TODAY, february) == (
        date(2026, 11, 1), date(2027, 2, 1), date(2026, 8, 1),
    )  # fmt: skip
    assert shown(PeriodChoice.YEAR, TODAY, february) == (date(2026, 2, 1), date(2027, 2, 1), date(2025, 2, 1))


def test_a_change_of_the_fiscal_year_moves_no_quarter_that_had_begun() -> None:
    """Set to February on 10 May: the quarter from April on lasts until the new calendar begins one."""
    fiscal = changed(date(2026, 5, 10), 1, 2)
    assert shown(PeriodChoice.QUARTER, date(2026, 5, 20), fiscal) == (
        date(2026, 4, 1), date(2026, 8, 1), date(2026, 1, 1),
    )  # fmt: skip
    assert shown(PeriodChoice.LAST_QUARTER, date(2026, 9, 1), fiscal)[:2] == (
        date(2026, 4, 1),
        date(2026, 8, 1),
    )
    assert shown(PeriodChoice.YEAR, date(2026, 5, 20), fiscal)[:2] == (date(2026, 1, 1), date(2027, 2, 1))


def test_a_period_is_cut_where_quarters_begin() -> None:
    twelve = period(PeriodChoice.TWELVE_MONTHS, TODAY, january)
    cuts = [start for start, _ in quarters(twelve, january)]
    assert cuts == [date(2025, 12, 1), *(date(2026, month, 1) for month in (1, 4, 7, 10))]


@pytest.mark.parametrize("first", range(1, 13))
def test_quarters_follow_one_another_without_gaps_whatever_the_fiscal_year(first: int) -> None:
    year = period(PeriodChoice.LAST_YEAR, TODAY, lambda month: first)
    parts = list(quarters(year, lambda month: first))
    assert [start for start, _ in parts] == [year.start, *(end for _, end in parts[:-1])]
    assert (parts[-1][1], len(parts)) == (year.end, 4)


def test_a_running_period_ends_with_this_month() -> None:
    chosen = period(PeriodChoice.QUARTER, TODAY, january)
    assert chosen.is_running
    assert chosen.last_month == date(2026, 11, 1)
    assert chosen.trend()[0] == date(2025, 12, 1)
    assert len(chosen.trend()) == 12
    assert [chosen.runs_in(month) for month in chosen.trend()] == [False] * 11 + [True]


def test_a_closed_quarter_shows_the_year_that_led_to_it() -> None:
    chosen = period(PeriodChoice.LAST_QUARTER, TODAY, january)
    assert not chosen.is_running
    assert (chosen.trend()[0], chosen.trend()[-1]) == (date(2025, 10, 1), date(2026, 9, 1))


@pytest.mark.parametrize(
    "today", [date(2026, 1, 1), date(2026, 3, 31), date(2026, 12, 31), date(2028, 2, 29)]
)
def test_every_day_of_a_year_lies_in_its_own_quarter(today: date) -> None:
    chosen = period(PeriodChoice.QUARTER, today, january)
    assert chosen.start <= today < chosen.end


def test_months_are_counted_over_the_turn_of_a_year() -> None:
    assert add_months(date(2026, 11, 1), 3) == date(2027, 2, 1)
    assert add_months(date(2026, 1, 1), -1) == date(2025, 12, 1)
    assert month_starts(date(2026, 11, 1), date(2027, 2, 1)) == [
        date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1),
    ]  # fmt: skip


def named(**given: str) -> Period:
    found = named_months(given, TODAY)
    assert found is not None
    return found


def test_an_address_names_a_month_or_several() -> None:
    assert (named(month="2026-10").start, named(month="2026-10").end) == (
        date(2026, 10, 1),
        date(2026, 11, 1),
    )
    several = named(month="2026-10", until="2026-12")
    assert (several.end, several.months) == (date(2027, 1, 1), 3)
    assert named_months({"period": "quarter"}, TODAY) is None
    for one in (named(month="2026-10"), several):
        assert named(**one.arguments) == one


@pytest.mark.parametrize(
    ("month", "until"),
    [
        *((word, "") for word in ("nonsense", "2026-13", "2026", "0001-01", "9999-12", "2026-10-05", "-1")),
        *(("2026-10", word) for word in ("2026-09", "2199-01", "x", "2026-00")),
    ],
)
def test_what_is_no_month_is_not_there(month: str, until: str) -> None:
    with pytest.raises(NotFound):
        named(month=month, until=until)
