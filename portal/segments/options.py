"""What the fields of conditions offer: the values that people and companies of the workspace have."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Text, cast, literal, select, union_all
from sqlalchemy.orm import Session

from portal.declarations.attributes import Attribute

MOST_OPTIONS = 100  # of an attribute; with more, people write the first letters
Options = Mapping[str, list[str]]


def options_of(session: Session, attributes: Iterable[Attribute]) -> Options:
    """By the names of those that offer what a column holds, in one question."""
    asked = {one.name: one for one in attributes if one.options is not None}
    if not asked:
        return {}
    found: dict[str, list[str]] = {name: [] for name in asked}
    parts = [_values(one) for one in asked.values()]
    for name, value in session.execute(union_all(*parts)):
        found[name].append(value)
    return {name: sorted(values, key=str.casefold) for name, values in found.items()}


def _values(attribute: Attribute):  # type: ignore[no-untyped-def]
    values = select(cast(attribute.options, Text).label("value")).distinct().subquery()
    known = select(cast(literal(attribute.name), Text).label("name"), values.c.value)
    limited = known.where(values.c.value != "").limit(MOST_OPTIONS + 1).subquery()
    return select(limited)
