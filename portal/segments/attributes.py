"""The lists of a workspace as an attribute of people: “on the list”."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from portal.advocates.models import Advocate
from portal.declarations.attributes import (
    Attribute,
    AttributeSource,
    AttributeSubject,
    AttributeType,
    Comparison,
    Operator,
    Origin,
    SegmentKind,
)
from portal.i18n import mark
from portal.segments.models import ON_LIST, Segment, SegmentPerson, SegmentType
from tenants.rows_at_once import JsonRows


def list_rows() -> Select[*tuple[Any, ...]]:
    is_stated = Segment.stated_at.is_not(None).label("is_stated")
    columns = (Segment.id, Segment.name, Segment.origin_attributes, Segment.is_origin_known, is_stated)
    return select(*columns).where(Segment.type == SegmentType.LIST).order_by(Segment.name_sort, Segment.id)


def list_attributes(lists: JsonRows) -> Sequence[Attribute]:
    """None without any list."""
    if not lists:
        return []
    return [
        Attribute(
            name=ON_LIST,
            subject=AttributeSubject.PERSON,
            label=mark("On the list"),
            type=AttributeType.LIST,
            kind=SegmentKind.BEHAVIOR,
            predicate=is_on_list,
            values={each["id"]: each["name"] for each in lists},
            operators=(Operator.ANY_OF, Operator.NONE_OF),
            origins={each["id"]: _origin(each) for each in lists},
            are_values_translated=False,
        )
    ]


def _origin(row: dict[str, Any]) -> Origin:
    attributes = frozenset(row["origin_attributes"])
    return Origin(attributes, is_known=row["is_origin_known"], is_stated=row["is_stated"])


def is_on_list(one: Comparison) -> ColumnElement[bool]:
    return Advocate.id.in_(
        select(SegmentPerson.advocate_id).where(
            SegmentPerson.segment_id.in_([UUID(value) for value in one.values])
        )
    )


SOURCE = AttributeSource("lists", list_rows, list_attributes)
