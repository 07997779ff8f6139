"""The filters of lists of accounts and people by tag and by the choices of custom fields."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    cast,
    exists,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from portal.custom_fields.models import CustomField, CustomFieldType, CustomFieldValue, FieldSubject
from portal.custom_fields.queries import subject_column
from portal.custom_fields.values import FIELD_PREFIX, input_name
from portal.directory.extra_facts import SUBJECT_IDS
from portal.tags.models import Tag
from portal.tags.queries import account_has_tag, person_has_tag

TAG = "tag"
HAS_TAG = {FieldSubject.ACCOUNT: account_has_tag, FieldSubject.PERSON: person_has_tag}


class ExtraFilter(NamedTuple):
    """`name`: of the argument in the address; `choices`: its values in words."""

    name: str
    label: str
    choices: Mapping[str, str]


def extra_filters(session: Session, about: FieldSubject) -> Sequence[ExtraFilter]:
    """Return a filter by tag, and one for each field with choices, in one statement; none without any choice."""
    tag = select(literal(0).label("place"), Tag.id, Tag.name.label("name"), cast(null(), ARRAY(Text)))
    field = select(literal(1), CustomField.id, CustomField.name, CustomField.choices).where(
        CustomField.about == about,
        CustomField.type == CustomFieldType.CHOICE,
        CustomField.retired_at.is_(None),
    )
    parts: list[Select[*tuple[Any, ...]]] = [tag.where(Tag.retired_at.is_(None)), field]
    rows: Sequence[Any] = session.execute(union_all(*parts).order_by("place", "name")).all()
    tags = ExtraFilter(TAG, _("Tag"), {row.id.hex: row.name for row in rows if row.place == 0})
    fields = [
        ExtraFilter(input_name(row.id), row.name, {each: each for each in row[3]})
        for row in rows
        if row.place
    ]
    return [each for each in (tags, *fields) if each.choices]


def is_extra_filter(name: str) -> bool:
    return name == TAG or name.startswith(FIELD_PREFIX)


def extra_conditions(arguments: Mapping[str, str], about: FieldSubject) -> list[ColumnElement[bool]]:
    """From the arguments of an address; what we don't know narrows nothing."""
    given = {name: value for name, value in arguments.items() if is_extra_filter(name) and value}
    conditions = []
    if tag_id := _id(given.pop(TAG, "")):
        conditions.append(HAS_TAG[about](tag_id))
    for name, choice in given.items():
        if field_id := _id(name.removeprefix(FIELD_PREFIX)):
            conditions.append(_has_choice(about, field_id, choice))
    return conditions


def _has_choice(about: FieldSubject, field_id: UUID, choice: str) -> ColumnElement[bool]:
    own = subject_column(about) == SUBJECT_IDS[about]
    return exists().where(own, CustomFieldValue.field_id == field_id, CustomFieldValue.text_value == choice)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
