"""Days as spreadsheets write them. “03/04/2027” has two readings: the file decides, else the person who imports."""

import re
from calendar import month_name
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l


class DateFormat(StrEnum):
    MDY = "mdy"
    DMY = "dmy"
    YMD = "ymd"


DATE_FORMATS = {
    DateFormat.MDY: _l("Month first: 03/31/2027"),
    DateFormat.DMY: _l("Day first: 31/03/2027 or 31.03.2027"),
    DateFormat.YMD: _l("Year first: 2027-03-31"),
}
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
NUMERIC_DAY = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
WRITTEN_DAY = re.compile(
    r"(?:(\d{1,2})\.? ([a-z]{3})[a-z]*\.?|([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?),? (\d{4})"
)
SHORT_DAY = re.compile(r"(\d{1,2})[- ]([a-z]{3})[a-z]*\.?[- ,]+(\d{4}|\d{2})")  # 31-Dec-26
YEAR_MONTH = re.compile(r"(\d{4})[-/. ](\d{1,2})")
MONTH_YEAR = re.compile(r"(\d{1,2})[-/. ](\d{4})")
NAMED_MONTH = re.compile(r"([a-z]{3})[a-z]*\.?[- ,]*(\d{4}|\d{2})")  # September 2026, Sep-26
SERIAL = re.compile(r"(\d{5})(\.\d+)?")  # what a spreadsheet keeps where it shows a day
SERIALS = range(18_264, 73_051)  # 1950 to 2099
SERIAL_EPOCH = date(1899, 12, 30)
MONTHS = {name[:3].lower(): number for number, name in enumerate(month_name) if number}
TIME = re.compile(
    r"(?<![T ])[T ]+\d{1,2}:\d{2}.*$", re.DOTALL
)  # begins once a run, so a long cell takes no square


def guess_format(values: Iterable[str]) -> DateFormat | None:
    """Return the only reading of these days; None when a person is asked."""
    return format_proved_by({order for value in values for order in orders_proved_by(value)})


def orders_proved_by(value: str) -> set[str]:
    """Return the orders that a day proves; '' for one that can be read two ways, none where it does not matter."""
    match = NUMERIC_DAY.fullmatch(_day_of(value))
    if match is None:
        return set()
    month_first, day_first = int(match[3]) > 12, int(match[1]) > 12 or match[2] == "."
    proved = {DateFormat.MDY.value: month_first, DateFormat.DMY.value: day_first}
    return {order for order, is_proved in proved.items() if is_proved} or {""}


def format_proved_by(orders: Collection[str]) -> DateFormat | None:
    proved = {*orders} - {""}
    if len(proved) == 1:
        return DateFormat(proved.pop())
    return None if orders else DateFormat.YMD


def is_ambiguous(value: str) -> bool:
    """Tell whether both orders give different days: “03/04/2027”, but not “03/03/2027”."""
    match = NUMERIC_DAY.fullmatch(_day_of(value))
    return match is not None and match[1] != match[3] and orders_proved_by(value) == {""}


def read_day(value: str, order: DateFormat) -> date:
    """Read a day; year-first and written-out ones in any order. Raise ValueError."""
    text = _day_of(value)
    if match := ISO.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if (match := NUMERIC_DAY.fullmatch(text)) and order != DateFormat.YMD:
        first, second, year = int(match[1]), int(match[3]), _full_year(match[4])
        return date(year, second, first) if order == DateFormat.DMY else date(year, first, second)
    if match := WRITTEN_DAY.fullmatch(text.lower()):
        return date(int(match[5]), MONTHS.get(match[2] or match[3], 0), int(match[1] or match[4]))
    if match := SHORT_DAY.fullmatch(text.lower()):
        return date(_full_year(match[3]), MONTHS.get(match[2], 0), int(match[1]))
    if (match := SERIAL.fullmatch(text)) and int(match[1]) in SERIALS:
        return SERIAL_EPOCH + timedelta(days=int(match[1]))
    raise ValueError(value)


def read_month_or_day(value: str, order: DateFormat) -> date:
    """Read a month as its first day, or a day as itself. Raise ValueError."""
    text = _day_of(value).lower()
    if match := YEAR_MONTH.fullmatch(text):
        return date(int(match[1]), int(match[2]), 1)
    if match := MONTH_YEAR.fullmatch(text):
        return date(int(match[2]), int(match[1]), 1)
    if match := NAMED_MONTH.fullmatch(text):
        return date(_full_year(match[2]), MONTHS.get(match[1], 0), 1)
    return read_day(value, order)


def _day_of(value: str) -> str:
    return TIME.sub("", value.strip())


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text) if int(text) < 70 else 1900 + int(text)
