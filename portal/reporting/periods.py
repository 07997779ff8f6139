"""Whole months, and the quarters and years of the workspace. A period still running ends now."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import takewhile

from portal.errors import NotFound

FiscalStart = Callable[[date], int]  # the first month of a fiscal year, as it was set when this month began
QUARTER, YEAR, LONGEST = 3, 12, 36  # months
YEARS = range(2000, 2200)  # that an address may name


class PeriodChoice(StrEnum):
    QUARTER = "quarter"
    LAST_QUARTER = "last-quarter"
    YEAR = "year"
    LAST_YEAR = "last-year"
    TWELVE_MONTHS = "12-months"


@dataclass(frozen=True)
class Period:
    """From the first day of a month to before the first day of another; without a choice these months by name."""

    choice: PeriodChoice | None
    start: date
    end: date
    today: date
    start_before: date  # of what it is compared with, which ends where this begins

    @property
    def months(self) -> int:
        return months_between(self.start, self.end)

    @property
    def is_running(self) -> bool:
        return self.today < self.end

    @property
    def last_month(self) -> date:
        return min(add_months(self.end, -1), first_of_month(self.today))

    @property
    def month_list(self) -> list[date]:
        return month_starts(self.start, self.end)

    @property
    def arguments(self) -> dict[str, str]:
        if self.choice:
            return {"period": self.choice.value}
        return month_arguments(self.start, add_months(self.end, -1))

    def before(self) -> "Period":
        return months_period(self.start_before, self.start, self.today)

    def trend(self) -> list[date]:
        return [add_months(self.last_month, back) for back in range(-11, 1)]

    def runs_in(self, month: date) -> bool:
        return month == first_of_month(self.today)


def period(choice: PeriodChoice, today: date, fiscal: FiscalStart) -> Period:
    month = first_of_month(today)
    quarter, year = period_start(month, QUARTER, fiscal), period_start(month, YEAR, fiscal)
    start, end, length = {
        PeriodChoice.QUARTER: (quarter, period_end(month, QUARTER, fiscal), QUARTER),
        PeriodChoice.LAST_QUARTER: (period_start(add_months(quarter, -1), QUARTER, fiscal), quarter, QUARTER),
        PeriodChoice.YEAR: (year, period_end(month, YEAR, fiscal), YEAR),
        PeriodChoice.LAST_YEAR: (period_start(add_months(year, -1), YEAR, fiscal), year, YEAR),
        PeriodChoice.TWELVE_MONTHS: (add_months(month, -11), add_months(month, 1), 0),
    }[choice]
    before = period_start(add_months(start, -1), length, fiscal) if length else add_months(start, -YEAR)
    return Period(choice, start, end, today, before)


def months_period(start: date, end: date, today: date) -> Period:
    return Period(None, start, end, today, add_months(start, -months_between(start, end)))


def choice_of(given: str) -> PeriodChoice:
    return PeriodChoice(given) if given in set(PeriodChoice) else PeriodChoice.QUARTER


def named_months(given: Mapping[str, str], today: date) -> Period | None:
    """Read month=2026-10, or month=2026-10&until=2026-12; None when none is named. Raise NotFound."""
    if not given.get("month"):
        return None
    first = _month_of(given["month"])
    last = _month_of(given.get("until") or given["month"])
    if not 0 <= months_between(first, last) < LONGEST:
        raise NotFound("These months don't exist. Please choose another period.")
    return months_period(first, add_months(last, 1), today)


def month_arguments(first: date, last: date) -> dict[str, str]:
    named = {"month": f"{first:%Y-%m}", "until": f"{last:%Y-%m}"}
    return named if first != last else {"month": named["month"]}


def _month_of(given: str) -> date:
    try:
        found = date.fromisoformat(f"{given}-01")
    except ValueError:
        found = date.min
    if found.year not in YEARS:
        raise NotFound("This month doesn't exist. Please choose another period.")
    return found


def period_start(month: date, length: int, fiscal: FiscalStart) -> date:
    back = (add_months(month, -number) for number in range(LONGEST))
    return next((each for each in back if _begins(each, length, fiscal)), month)


def period_end(month: date, length: int, fiscal: FiscalStart) -> date:
    """Return where the next one begins.

    After a change of the fiscal year one is longer or shorter than the others.
    """
    ahead = (add_months(month, number) for number in range(1, LONGEST))
    return next((each for each in ahead if _begins(each, length, fiscal)), add_months(month, length))


def quarters(chosen: Period, fiscal: FiscalStart) -> Iterator[tuple[date, date]]:
    """Cut the period where quarters begin: first day, and the day after the last."""
    start = chosen.start
    while start < chosen.end:
        end = min(period_end(start, QUARTER, fiscal), chosen.end)
        yield start, end
        start = end


def _begins(month: date, length: int, fiscal: FiscalStart) -> bool:
    return (month.month - fiscal(month)) % length == 0


def month_starts(first: date, end: date) -> list[date]:
    return list(takewhile(lambda month: month < end, _months_from(first)))


def _months_from(first: date) -> Iterator[date]:
    month = first
    while True:
        yield month
        month = add_months(month, 1)


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    whole = month.year * 12 + month.month - 1 + count
    return date(whole // 12, whole % 12 + 1, 1)


def months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def ends_of(months: Sequence[date]) -> list[date]:
    return [add_months(month, 1) for month in months]
