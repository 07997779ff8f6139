"""Keyset paging: the next page starts after the last row seen, so page 400 costs what page 1 costs."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.errors import NotFound

Row = TypeVar("Row")
SortKey = Sequence[InstrumentedAttribute[Any] | ColumnElement[Any]]
PAGE_SIZE = 25
BACK_PREFIX = "-"  # before the key of a list's cursor that leads to the previous page


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    """Some rows in order; `next` and `previous` are cursors for the address, or None at an end.

    `beside`: what was asked in the same statement; None where there is no row.
    """

    rows: Sequence[Row]
    next: str | None
    previous: str | None
    beside: Any = None


@dataclass(frozen=True)
class PagePlace:
    """Where a page begins: at the start, or as a cursor says it, after these values of the key or before them."""

    values: Sequence[Any] | None = None
    is_backwards: bool = False

    @classmethod
    def of(cls, cursor: str | None, key: SortKey) -> "PagePlace":
        """Raise NotFound for a cursor that was tampered with."""
        if not cursor:
            return cls()
        is_backwards, values = _decode_cursor(cursor, key)
        return cls(values, is_backwards)

    def rows_from(self, rows: Any, key: SortKey, *, descending: bool) -> Any:
        """The rows from here on, in the order of the key."""
        if self.values is not None:
            rows = rows.where(_comes_after(key, self.values, descending != self.is_backwards))
        return self.in_order(rows, key, descending=descending)

    def in_order(self, rows: Any, key: SortKey, *, descending: bool) -> Any:
        downwards = descending != self.is_backwards
        return rows.order_by(None).order_by(*(each.desc() if downwards else each.asc() for each in key))

    def near(self, rows: Any, key: SortKey, *, descending: bool) -> Any:
        """Without those that come before by the beginning of the key, as an index knows that ends before the row's."""
        if self.values is None or len(key) < 2:
            return rows
        downwards = descending != self.is_backwards
        first, values = tuple_(*key[:-1]), tuple_(*self.values[:-1])
        return rows.where(first <= values if downwards else first >= values)

    def page(self, found: Sequence[Any], key: SortKey, size: int, beside: Any = None) -> KeysetPage[Any]:
        """Of rows from here on, one more than shown where there are more: each with its values of the key behind it."""
        more, shown = len(found) > size, found[:size]
        if self.is_backwards:
            shown = shown[::-1]
        has_next, has_previous = (True, more) if self.is_backwards else (more, self.values is not None)
        places = [row[1 : len(key) + 1] for row in shown]
        return KeysetPage(
            [row[0] for row in shown],
            _encode_cursor(False, places[-1]) if shown and has_next else None,
            _encode_cursor(True, places[0]) if shown and has_previous else None,
            beside,
        )


def paginate(
    session: Session,
    rows: Select[Row],
    *,
    key: SortKey,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
    descending: bool = False,
) -> KeysetPage[Row]:
    """Page by `key`, after the cursor or before a `previous` one.

    The key's columns and expressions must not be null and end with a column that is unique. Raise NotFound for a
    cursor that was tampered with.
    """
    place = PagePlace.of(cursor, key)
    whole = place.rows_from(rows, key, descending=descending).add_columns(*key)
    return place.page(session.execute(whole.limit(size + 1)).all(), key, size)


def _comes_after(key: SortKey, values: Sequence[Any], downwards: bool) -> ColumnElement[bool]:
    return tuple_(*key) < tuple_(*values) if downwards else tuple_(*key) > tuple_(*values)


def paginate_list(rows: Sequence[Row], key: Callable[[Row], str], cursor: str | None) -> KeysetPage[Row]:
    keys = [key(row) for row in rows]
    start = _start(keys, cursor)
    shown, more = rows[start : start + PAGE_SIZE], start + PAGE_SIZE < len(rows)
    return KeysetPage(
        shown,
        keys[start + PAGE_SIZE - 1] if more else None,
        f"{BACK_PREFIX}{keys[start]}" if start and shown else None,
    )


def _start(keys: Sequence[str], cursor: str | None) -> int:
    if not cursor:
        return 0
    key = cursor.removeprefix(BACK_PREFIX)
    if key not in keys:
        raise NotFound("That page of the list doesn’t exist. Please start from the first page.")
    at = keys.index(key)
    return max(at - PAGE_SIZE, 0) if cursor.startswith(BACK_PREFIX) else at + 1


def _encode_cursor(backwards: bool, place: Sequence[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, date) else str(value) for value in place]
    return base64.urlsafe_b64encode(json.dumps([backwards, *plain]).encode()).decode().rstrip("=")


def _decode_cursor(cursor: str, key: SortKey) -> tuple[bool, list[Any]]:
    try:
        backwards, *plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        kinds = [column.type.python_type for column in key]
        return bool(backwards), [_parse_value(kind, text) for kind, text in zip(kinds, plain, strict=True)]
    except (binascii.Error, ValueError, TypeError, RecursionError, OverflowError) as wrong:
        raise NotFound("This page of the list doesn’t exist. Please start from the first page.") from wrong


def _parse_value(kind: type[Any], text: object) -> Any:
    if not isinstance(text, str):
        raise TypeError("a cursor holds text")
    if issubclass(kind, datetime):
        return datetime.fromisoformat(text)
    if issubclass(kind, date):
        return date.fromisoformat(text)
    return kind(text) if issubclass(kind, (int, str, UUID)) else text
