"""Tags as attributes of people and of companies. Each carries what it was filled by into every audience."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from portal.accounts.models import Account
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
from portal.tags.models import UNKNOWN_ORIGINS, AccountTag, AdvocateTag, Tag
from tenants.rows_at_once import JsonRows

NAMES = {
    AttributeSubject.PERSON: ("person.tag", mark("Tag of the person")),
    AttributeSubject.ACCOUNT: ("account.tag", mark("Tag of the company")),
}


def tag_rows() -> Select[*tuple[Any, ...]]:
    is_stated = Tag.stated_at.is_not(None).label("is_stated")
    return select(Tag.id, Tag.name, Tag.filled_by, is_stated).order_by(Tag.name_norm)


def tag_attributes(tags: JsonRows) -> Sequence[Attribute]:
    """None without any tag."""
    return [_attribute(subject, tags) for subject in NAMES] if tags else []


def _attribute(subject: AttributeSubject, tags: JsonRows) -> Attribute:
    name, label = NAMES[subject]
    return Attribute(
        name=name,
        subject=subject,
        label=label,
        type=AttributeType.LIST,
        kind=SegmentKind.BEHAVIOR,
        predicate=person_has_any if subject is AttributeSubject.PERSON else account_has_any,
        values={tag["id"]: tag["name"] for tag in tags},
        operators=(Operator.ANY_OF, Operator.NONE_OF),
        origins={tag["id"]: _origin(tag["filled_by"], tag["is_stated"]) for tag in tags},
        are_values_translated=False,
    )


def _origin(filled_by: Sequence[str], is_stated: bool) -> Origin:
    is_known = UNKNOWN_ORIGINS.isdisjoint(filled_by)
    return Origin(frozenset(filled_by) - UNKNOWN_ORIGINS, is_known=is_known, is_stated=is_stated)


def person_has_any(one: Comparison) -> ColumnElement[bool]:
    return Advocate.id.in_(select(AdvocateTag.advocate_id).where(AdvocateTag.tag_id.in_(_ids(one))))


def account_has_any(one: Comparison) -> ColumnElement[bool]:
    return Account.id.in_(select(AccountTag.account_id).where(AccountTag.tag_id.in_(_ids(one))))


def _ids(one: Comparison) -> list[UUID]:
    return [UUID(value) for value in one.values]


SOURCE = AttributeSource("tags", tag_rows, tag_attributes)
