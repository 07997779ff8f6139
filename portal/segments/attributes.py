"""The lists of a workspace as an attribute of people: “on the list”."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.declarations.attributes import (
    Attribute,
    AttributeSource,
    AttributeSubject,
    AttributeType,
    Comparison,
    Operator,
    SegmentKind,
)
from portal.i18n import mark
from portal.segments.models import ON_LIST, SegmentPerson
from portal.segments.queries import all_segments


def lists(session: Session) -> Sequence[Attribute]:
    found = [each for each in all_segments(session).values() if each.is_list]
    if not found:
        return []
    return [
        Attribute(
            name=ON_LIST,
            subject=AttributeSubject.PERSON,
            label=mark("On the list"),
            type=AttributeType.LIST,
            kind=SegmentKind.BEHAVIOR,
            predicate=is_on_list,
            values={str(each.id): each.name for each in found},
            operators=(Operator.ANY_OF, Operator.NONE_OF),
            origins={str(each.id): each.origin for each in found},
            are_values_translated=False,
        )
    ]


def is_on_list(one: Comparison) -> ColumnElement[bool]:
    return Advocate.id.in_(
        select(SegmentPerson.advocate_id).where(
            SegmentPerson.segment_id.in_([UUID(value) for value in one.values])
        )
    )


SOURCE = AttributeSource("lists", lists)
