"""Attributes of people and their companies: each is declared once, in `attributes.py` of its feature.

Segments, filters and pickers choose by nothing else. An attribute that every workspace has is listed in
`portal/programs.py`; those that depend on a workspace (its tags, its own fields) come from sources that are asked once
for each session.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

from portal.declarations.registry import Registry
from tenants.rows_at_once import JsonRows, rows_at_once


class AttributeSubject(StrEnum):
    """Whose rows its predicate reads."""

    PERSON = "person"
    ACCOUNT = "account"


class AttributeType(StrEnum):
    TEXT = "text"  # one word or line; blank: unknown
    LIST = "list"  # several words
    RANK = "rank"  # one of `values`, the lowest first
    NUMBER = "number"
    MONEY = "money"  # an amount in one currency
    DAY = "day"
    MOMENT = "moment"


class Operator(StrEnum):
    """How a value is compared. The values are stored, so they never change."""

    ANY_OF = "any_of"
    NONE_OF = "none_of"
    ALL_OF = "all_of"
    CONTAINS = "contains"
    AT_LEAST = "at_least"
    LESS_THAN = "less_than"
    IN_LAST = "in_last"
    NOT_IN_LAST = "not_in_last"
    IN_NEXT = "in_next"
    SINCE = "since"
    BEFORE = "before"
    KNOWN = "known"
    UNKNOWN = "unknown"


O = Operator  # noqa: E741
BOTH = (O.KNOWN, O.UNKNOWN)
DAYS = (O.IN_LAST, O.NOT_IN_LAST, O.IN_NEXT, O.SINCE, O.BEFORE, *BOTH)
OPERATORS: Mapping[AttributeType, tuple[Operator, ...]] = {
    AttributeType.TEXT: (O.ANY_OF, O.NONE_OF, O.CONTAINS, *BOTH),
    AttributeType.LIST: (O.ANY_OF, O.NONE_OF, O.ALL_OF, *BOTH),
    AttributeType.RANK: (O.AT_LEAST, O.LESS_THAN, O.ANY_OF, O.NONE_OF, *BOTH),
    AttributeType.NUMBER: (O.AT_LEAST, O.LESS_THAN, *BOTH),
    AttributeType.MONEY: (O.AT_LEAST, O.LESS_THAN, *BOTH),
    AttributeType.DAY: DAYS,
    AttributeType.MOMENT: tuple(each for each in DAYS if each is not O.IN_NEXT),
}


OPPOSITES: Mapping[Operator, Operator] = {  # hold wherever the other does not, also where nothing is known
    O.NONE_OF: O.ANY_OF,
    O.NOT_IN_LAST: O.IN_LAST,
    O.UNKNOWN: O.KNOWN,
}


class SegmentKind(StrEnum):
    """What one groups customers by."""

    FIRMOGRAPHIC = "firmographic"
    NEEDS = "needs"
    BEHAVIOR = "behavior"
    TIER = "tier"
    SOPHISTICATION = "sophistication"


@dataclass(frozen=True)
class Origin:
    """What decided who is on a list, has a tag or a value: it follows them into every audience.

    `attributes` are the names of those whose filters filled it, and of the tags, fields and lists whose own statement
    was relied on then (`Attribute.sources_of`): whoever takes that back speaks of these people, too. Where somebody
    or some file filled it, nobody knows what it comes from, until an admin states in writing that it does not come
    from satisfaction.
    """

    attributes: frozenset[str] = frozenset()
    is_known: bool = True
    is_stated: bool = False


@dataclass(frozen=True)
class Comparison:
    """What a condition says about an attribute: values are read already. The rest is the workspace's."""

    operator: Operator
    values: tuple[Any, ...]
    today: date
    zone: ZoneInfo
    currency: str  # of amounts that name none


Predicate = Callable[[Comparison], ColumnElement[bool]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Attribute:
    """Words are marked for translators where they are declared and translated where they are shown.

    The predicate is never asked for an opposite (OPPOSITES), and may be null where nothing is known.
    """

    name: str  # stored in conditions, so it never changes: "account.region"
    subject: AttributeSubject
    label: Any  # marked, or lazy where it is made of parts
    type: AttributeType
    kind: SegmentKind
    predicate: Predicate
    values: Mapping[Any, Any] = field(default_factory=dict)  # those it can have, with their words; none: any
    options: Any = None  # a column, or a select of one, whose values are offered
    words_of: Callable[[str], str] | None = None  # of a value that is offered
    operators: tuple[Operator, ...] = ()  # none: those of its type
    needs_statement: bool = (
        False  # people said it themselves: out of reviews until an admin states what it comes from
    )
    allowed_for_reviews: bool = False  # only what can't come from satisfaction, nor from anything that does
    origins: Mapping[str, Origin] = field(default_factory=dict)  # of its values; "" is that of all others
    is_translated: bool = True  # False: its label is the workspace's own
    is_offered: bool = True  # False: retired; conditions that use it still hold
    are_values_translated: bool = True  # False: the words of its values are

    @property
    def comparisons(self) -> tuple[Operator, ...]:
        """What fits it; words are not looked for in values that it names itself."""
        fitting = self.operators or OPERATORS[self.type]
        return tuple(one for one in fitting if not (self.values and one is Operator.CONTAINS))

    @property
    def has_origins(self) -> bool:
        """Then they decide about reviews, and `allowed_for_reviews` is not asked."""
        return bool(self.origins)

    def sources_of(self, values: Collection[Any]) -> Mapping[str, Origin]:
        """By the names under which they are inherited; of other values than these nobody knows where they come from."""
        named = {f"{self.name}:{value}": self.origins[value] for value in values if value in self.origins}
        common = {self.name: self.origins.get("", Origin(is_known=False))}
        return named if named and len(named) == len(set(values)) else named | common

    def problems(self) -> Iterator[str]:
        if "." not in self.name:
            yield "its name does not say whose it is, as in “account.region”."
        if not str(self.label).strip():
            yield "its label is missing."
        if self.type is AttributeType.RANK and not self.values:
            yield "a rank needs its values, the lowest first."
        if unfit := set(self.operators) - set(OPERATORS[self.type]):
            yield f"it can't be compared by {', '.join(sorted(unfit))}."
        if self.needs_statement and self.allowed_for_reviews:
            yield "it is allowed for reviews, so nothing needs to be stated."
        if self.values and self.options is not None:
            yield "it has values of its own and offers those of a column."


@dataclass(frozen=True, eq=False)
class AttributeSource:
    """Attributes that a workspace makes itself, from rows as JSON; all sources are asked in one statement."""

    name: str
    rows: Callable[[], Select[*tuple[Any, ...]]]
    attributes: Callable[[JsonRows], Sequence[Attribute]]

    def problems(self) -> Iterator[str]:
        if not self.name.strip():
            yield "its name is missing."


CACHE_KEY = "attributes"  # where a session keeps what its sources said


def attributes_of(session: Session) -> Mapping[str, Attribute]:
    """Every attribute of the session's workspace by its name, in the order in which pages offer them."""
    if CACHE_KEY not in session.info:
        found_rows = rows_at_once(session, *(source.rows() for source in ATTRIBUTE_SOURCES))
        sources = zip(ATTRIBUTE_SOURCES, found_rows, strict=True)
        own = [one for source, rows in sources for one in source.attributes(rows)]
        session.info[CACHE_KEY] = {one.name: one for one in (*ATTRIBUTES, *own)}
    found: Mapping[str, Attribute] = session.info[CACHE_KEY]
    return found


def find_attribute(session: Session, name: str) -> Attribute | None:
    """Ask the sources only for what a workspace has made itself."""
    return ATTRIBUTES.find(name) or attributes_of(session).get(name)


def forget_attributes(session: Session) -> None:
    """A tag, a field or a list has changed in this session."""
    session.info.pop(CACHE_KEY, None)


ATTRIBUTES = Registry[Attribute]("attribute")
ATTRIBUTE_SOURCES = Registry[AttributeSource]("source of attributes")
