"""What the fields of conditions offer: the values that people and companies of the workspace have."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, Text, cast, select
from sqlalchemy.orm import Session

from portal.declarations.attributes import Attribute
from tenants.rows_at_once import JsonRows, rows_at_once

MOST_OPTIONS = 100  # of an attribute; with more, people write the first letters
Options = Mapping[str, list[str]]


def options_of(session: Session, attributes: Iterable[Attribute]) -> Options:
    """By the names of those that offer what a column holds, in one question."""
    asked = offering(attributes)
    return read_options(asked, rows_at_once(session, *option_rows(asked)))


def offering(attributes: Iterable[Attribute]) -> list[Attribute]:
    return list({one.name: one for one in attributes if one.options is not None}.values())


def option_rows(asked: Sequence[Attribute]) -> list[Select[*tuple[Any, ...]]]:
    return [_values(one) for one in asked]


def read_options(asked: Sequence[Attribute], found: Sequence[JsonRows]) -> Options:
    values = {one.name: [row["value"] for row in rows] for one, rows in zip(asked, found, strict=True)}
    return {name: sorted(each, key=str.casefold) for name, each in values.items()}


def _values(attribute: Attribute) -> Select[*tuple[Any, ...]]:
    column = attribute.options.subquery().c[0] if isinstance(attribute.options, Select) else attribute.options
    values = select(cast(column, Text).label("value")).distinct().subquery()
    return select(values.c.value).where(values.c.value != "").limit(MOST_OPTIONS + 1)
