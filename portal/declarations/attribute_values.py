"""The values of a condition as somebody typed or stored them, read for a comparison. Unreadable ones are None."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.declarations.attributes import Attribute, AttributeType, Operator

UNITS = ("days", "weeks", "months", "years")
MOST_UNITS = 3_650  # of whatever unit is days; ten years
MOST_VALUES, LONGEST_VALUE = 50, 200
LARGEST = Decimal(10) ** 13
LONGEST_NUMBER = 40  # characters
MOST_PLACES = 6  # behind the point, as in all other forms
RELATIVE = frozenset({Operator.IN_LAST, Operator.NOT_IN_LAST, Operator.IN_NEXT})
WITHOUT_VALUES = frozenset({Operator.KNOWN, Operator.UNKNOWN})


def read_values(attribute: Attribute, operator: Operator, given: Sequence[str]) -> tuple[Any, ...] | None:
    if operator in WITHOUT_VALUES:
        return ()
    if not any(given) or len(given) > MOST_VALUES or any(len(value) > LONGEST_VALUE for value in given):
        return None
    if operator in RELATIVE:
        return _period(given)
    if operator in (Operator.SINCE, Operator.BEFORE):
        return _one(read_day(given[0]))
    if attribute.type is AttributeType.NUMBER:
        return _one(read_number(given[0]))
    if attribute.type is AttributeType.MONEY:
        return _money(given)
    return _words(attribute, given)


def days_before(today: date, number: int, unit: str) -> date:
    """The same day of an earlier month, or its last; a negative number looks ahead."""
    if unit in ("days", "weeks"):
        return today - timedelta(days=number * (7 if unit == "weeks" else 1))
    months = today.year * 12 + today.month - 1 - number * (12 if unit == "years" else 1)
    first = date(months // 12, months % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(today.day, last.day))


def _period(given: Sequence[str]) -> tuple[Any, ...] | None:
    if len(given) != 2 or given[1] not in UNITS or not (given[0].isascii() and given[0].isdecimal()):
        return None
    number, longest = int(given[0][:6]), {"days": 1, "weeks": 7, "months": 31, "years": 366}[given[1]]
    return (number, given[1]) if 0 < number * longest <= MOST_UNITS + 366 else None


def read_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None


def read_number(text: str) -> Decimal | None:
    """A short one can stand for a million digits: “1e-999999”."""
    if len(text) > LONGEST_NUMBER:
        return None
    try:
        number = Decimal(text.replace(",", "").replace(" ", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) <= LARGEST and _is_short(number) else None


def _is_short(number: Decimal) -> bool:
    """A zero may have an exponent of any size, too."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and -MOST_PLACES <= exponent <= LARGEST.adjusted()


def _one(value: date | Decimal | None) -> tuple[Any, ...] | None:
    return None if value is None else (value,)


def _money(given: Sequence[str]) -> tuple[Any, ...] | None:
    number = read_number(given[0])
    if number is None or len(given) != 2 or not given[1].isalpha():
        return None
    return int(number * 100), given[1].upper()


def _words(attribute: Attribute, given: Sequence[str]) -> tuple[Any, ...] | None:
    words = tuple(dict.fromkeys(value for value in given if value and "\0" not in value))
    known = attribute.values
    return None if not words or (known and not set(words) <= set(known)) else words
