"""The cells of an export, written by PostgreSQL: what a spreadsheet would run is text in the file."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Numeric, Text, case, cast, func, literal
from sqlalchemy.orm import InstrumentedAttribute

from portal.web.csv_files import FORMULA_STARTS, TEXT_PREFIX

SqlValue = ColumnElement[Any] | InstrumentedAttribute[Any]
DAY_FORMAT = "YYYY-MM-DD"


def text(value: SqlValue) -> ColumnElement[str]:
    """Write text as `csv_files.neutralized` does; an empty one is an empty cell, which COPY would quote."""
    written = cast(value, Text)
    begins_formula = func.ascii(written).in_([ord(sign) for sign in FORMULA_STARTS])  # of the first character
    return case((begins_formula, literal(TEXT_PREFIX) + written), else_=func.nullif(written, ""))


def number(value: SqlValue) -> ColumnElement[str]:
    return cast(value, Text)


def money(cents: SqlValue) -> ColumnElement[str]:
    """With two places, and no sign of a currency."""
    return cast(func.round(cast(cents, Numeric) / 100, 2), Text)


def listed(values: SqlValue) -> ColumnElement[str]:
    return text(func.array_to_string(values, "; "))


def labeled(value: SqlValue, labels: Mapping[Any, Any], other: Any = None) -> ColumnElement[str]:
    plain = cast(value, Text)
    words = {_key(each): str(label) for each, label in labels.items()}
    otherwise = plain if other is None else other
    return text(case(words, value=plain, else_=otherwise) if words else otherwise)


def day(value: SqlValue | ColumnElement[date]) -> ColumnElement[str]:
    return func.to_char(value, DAY_FORMAT)


def day_in(zone: str, at: SqlValue | ColumnElement[datetime]) -> ColumnElement[str]:
    return func.to_char(func.timezone(zone, at), DAY_FORMAT)


def _key(value: Any) -> str:
    return value.value if isinstance(value, StrEnum) else str(value)
