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


def paginate(
    session: Session,
    rows: Select[Row],
    *,
    key: SortKey,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
    descending: bool = False,
    beside: ColumnElement[Any] | None = None,
) -> KeysetPage[Row]:
    """Page by `key`, after the cursor or before a `previous` one.

    The key's columns and expressions must not be null and end with a column that is unique. Raise NotFound for a
    cursor that was tampered with.
    """
    backwards, values = _decode_cursor(cursor, key) if cursor else (False, None)
    more_columns = key if beside is None else (*key, beside)
    whole = _from_place(rows, key, values, descending != backwards).add_columns(*more_columns)
    found = session.execute(whole.limit(size + 1)).all()
    more, shown = len(found) > size, found[:size]
    if backwards:
        shown = shown[::-1]
    has_next, has_previous = (True, more) if backwards else (more, cursor is not None)
    places = [row[1 : len(key) + 1] for row in shown]
    return KeysetPage(
        [row[0] for row in shown],
        _encode_cursor(False, places[-1]) if shown and has_next else None,
        _encode_cursor(True, places[0]) if shown and has_previous else None,
        found[0][-1] if found and beside is not None else None,
    )


def _from_place(rows: Any, key: SortKey, values: list[Any] | None, downwards: bool) -> Any:
    """The rows after these values of the key, in its order."""
    if values is not None:
        place = tuple_(*key) < tuple_(*values) if downwards else tuple_(*key) > tuple_(*values)
        rows = rows.where(place)
    order = [column.desc() if downwards else column.asc() for column in key]
    return rows.order_by(None).order_by(*order)


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
