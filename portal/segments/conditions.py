"""The conditions of an audience as a value: stored as JSON, typed in forms, read without ever failing.

What can't be read is kept as a fault. A condition that was dropped would let more people in than anybody chose, so an
audience with a fault is nobody.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.declarations.attributes import Operator

MOST_CONDITIONS = 5
MOST_CHARACTERS = 20_000
BLANK_OPERATOR = Operator.ANY_OF


class Join(StrEnum):
    ALL = "all"
    ANY = "any"

    @property
    def other(self) -> "Join":
        return Join.ANY if self is Join.ALL else Join.ALL


class ConditionFault(StrEnum):
    """Why these conditions are nobody, whatever they say."""

    UNREADABLE = "unreadable"
    TOO_MANY = "too_many"
    ATTRIBUTE_GONE = "attribute_gone"
    VALUE_GONE = "value_gone"  # a tag or a list that was deleted, or a value nobody can read
    SEGMENT_GONE = "segment_gone"
    CIRCULAR = "circular"


@dataclass(frozen=True)
class Condition:
    attribute: str
    operator: Operator
    values: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"attribute": self.attribute, "operator": self.operator.value, "values": [*self.values]}


@dataclass(frozen=True)
class ConditionGroup:
    """Conditions inside one row; they are joined by the opposite of what joins the rows."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Conditions:
    """Rows joined by `join`; a row is a condition, or a group joined the other way.

    `but`: everybody but the people of that segment.
    """

    rows: tuple[Condition | ConditionGroup, ...] = ()
    join: Join = Join.ALL
    but: UUID | None = None
    faults: tuple[ConditionFault, ...] = ()

    @classmethod
    def of(cls, given: object) -> "Conditions":
        """From a mapping or its JSON. Nothing at all is everybody."""
        if given in (None, "", {}):
            return cls()
        try:
            return _read(json.loads(given[:MOST_CHARACTERS]) if isinstance(given, str) else given)
        except (ValueError, TypeError, AttributeError, RecursionError):
            return cls(faults=(ConditionFault.UNREADABLE,))

    def to_json(self) -> dict[str, Any]:
        rows = [
            {"group": [one.to_json() for one in row.conditions]}
            if isinstance(row, ConditionGroup)
            else row.to_json()
            for row in self.rows
        ]
        stored: dict[str, Any] = {"join": self.join.value, "rows": rows}
        stored |= {"but": str(self.but)} if self.but else {}
        return stored | ({"faults": [*self.faults]} if self.faults else {})

    @property
    def all(self) -> tuple[Condition, ...]:
        """Every single one, in the order of the page."""
        return tuple(one for row in self.rows for one in conditions_of(row))

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.but or self.faults)

    def without_conditions(self, left_out: Collection[Condition]) -> "Conditions":
        return replace(self, rows=tuple(_kept(self.rows, left_out)))


def conditions_of(row: Condition | ConditionGroup) -> tuple[Condition, ...]:
    return row.conditions if isinstance(row, ConditionGroup) else (row,)


def _kept(
    rows: Sequence[Condition | ConditionGroup], left_out: Collection[Condition]
) -> Iterator[Condition | ConditionGroup]:
    for row in rows:
        left = tuple(one for one in conditions_of(row) if one not in left_out)
        if isinstance(row, Condition):
            yield from left
        elif left:
            yield ConditionGroup(left)


def _read(given: Any) -> Conditions:
    if not isinstance(given, Mapping):
        raise TypeError("conditions are a mapping")
    but = given.get("but")
    read = Conditions(
        rows=tuple(_row(row) for row in _list(given.get("rows", []))),
        join=Join(given.get("join", Join.ALL)),
        but=UUID(but) if but else None,
        faults=tuple(ConditionFault(fault) for fault in _list(given.get("faults", []))),
    )
    return (
        replace(read, faults=(*read.faults, ConditionFault.TOO_MANY))
        if len(read.all) > MOST_CONDITIONS
        else read
    )


def _row(given: Any) -> Condition | ConditionGroup:
    if isinstance(given, Mapping) and "group" in given:
        return ConditionGroup(tuple(_condition(one) for one in _list(given["group"])))
    return _condition(given)


def _condition(given: Any) -> Condition:
    if not isinstance(given, Mapping) or not isinstance(given.get("attribute"), str):
        raise TypeError("a condition names its attribute")
    values = _list(given.get("values", []))
    if not all(isinstance(value, str) for value in values):
        raise TypeError("values are words")
    return Condition(given["attribute"], Operator(given.get("operator", BLANK_OPERATOR)), tuple(values))


def _list(given: Any) -> Sequence[Any]:
    if not isinstance(given, (list, tuple)):
        raise TypeError("a list is missing")
    return given
