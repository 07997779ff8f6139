"""Whole months in the workspace's time zone. A period still running ends now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo


class PeriodChoice(StrEnum):
    QUARTER = "quarter"
    LAST_QUARTER = "last-quarter"
    YEAR = "year"
    LAST_YEAR = "last-year"
    TWELVE_MONTHS = "12-months"


@dataclass(frozen=True)
class Period:
    """From the first day of a month to before the first day of another."""

    choice: PeriodChoice
    start: date
    end: date
    today: date

    @property
    def months(self) -> int:
        return months_between(self.start, self.end)

    @property
    def is_running(self) -> bool:
        return self.today < self.end

    @property
    def last_month(self) -> date:
        """The last month that has begun."""
        return min(add_months(self.end, -1), first_of_month(self.today))

    def before(self) -> "Period":
        """What it is compared with: the same length just before, for years the whole year before."""
        length = 12 if self.choice in {PeriodChoice.YEAR, PeriodChoice.LAST_YEAR} else self.months
        return Period(self.choice, add_months(self.start, -length), self.start, self.today)

    def trend(self) -> list[date]:
        """The first days of the twelve months shown beside it."""
        return [add_months(self.last_month, back) for back in range(-11, 1)]


def choice_of(given: str) -> PeriodChoice:
    """As the address says it, else this quarter."""
    return PeriodChoice(given) if given in set(PeriodChoice) else PeriodChoice.QUARTER


def period(choice: PeriodChoice, today: date) -> Period:
    month, quarter = first_of_month(today), date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    start, end = {
        PeriodChoice.QUARTER: (quarter, add_months(quarter, 3)),
        PeriodChoice.LAST_QUARTER: (add_months(quarter, -3), quarter),
        PeriodChoice.YEAR: (date(today.year, 1, 1), date(today.year + 1, 1, 1)),
        PeriodChoice.LAST_YEAR: (date(today.year - 1, 1, 1), date(today.year, 1, 1)),
        PeriodChoice.TWELVE_MONTHS: (add_months(month, -11), add_months(month, 1)),
    }[choice]
    return Period(choice, start, end, today)


def midnights(days: Sequence[date], zone: ZoneInfo) -> list[datetime]:
    return [datetime.combine(day, time(), zone) for day in days]


def month_bounds(first: date, last: date) -> list[date]:
    """The first day of each month from `first` to `last`, both included."""
    return [add_months(first, ahead) for ahead in range(months_between(first, last) + 1)]


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    whole = month.year * 12 + month.month - 1 + count
    return date(whole // 12, whole % 12 + 1, 1)


def months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
