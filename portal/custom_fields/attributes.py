"""The workspace's own fields as attributes. Nobody knows what values come from: reviews need a statement."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.custom_fields.models import CustomField, CustomFieldType, CustomFieldValue, FieldSubject
from portal.declarations import attribute_predicates as by
from portal.declarations.attributes import (
    Attribute,
    AttributeSource,
    AttributeSubject,
    AttributeType,
    Comparison,
    Origin,
    SegmentKind,
)
from tenants.rows_at_once import JsonRows

V = CustomFieldValue
SUBJECTS = {FieldSubject.PERSON: AttributeSubject.PERSON, FieldSubject.ACCOUNT: AttributeSubject.ACCOUNT}
TYPES = {
    CustomFieldType.TEXT: AttributeType.TEXT,
    CustomFieldType.CHOICE: AttributeType.TEXT,
    CustomFieldType.NUMBER: AttributeType.NUMBER,
    CustomFieldType.DATE: AttributeType.DAY,
}
OF_VALUE = {
    AttributeType.TEXT: by.of_text(V.text_value),
    AttributeType.NUMBER: by.of_number(V.number_value),
    AttributeType.DAY: by.of_day(V.date_value),
}


def field_rows() -> Select[*tuple[Any, ...]]:
    states = (CustomField.stated_at.is_not(None), CustomField.retired_at.is_(None))
    named = [state.label(name) for state, name in zip(states, ("is_stated", "is_offered"), strict=True)]
    columns = (CustomField.id, CustomField.about, CustomField.name, CustomField.type, CustomField.choices)
    return select(*columns, *named).order_by(CustomField.name_norm)


def field_attributes(fields: JsonRows) -> Sequence[Attribute]:
    return [_attribute(each) for each in fields]


def attribute_name(field_id: UUID | str) -> str:
    """As conditions store it; a field that is renamed keeps it."""
    return f"field.{field_id}"


def _attribute(field: dict[str, Any]) -> Attribute:
    about, kind = FieldSubject(field["about"]), CustomFieldType(field["type"])
    written = select(V.text_value).where(V.field_id == UUID(field["id"]))
    return Attribute(
        name=attribute_name(field["id"]),
        subject=SUBJECTS[about],
        label=field["name"],
        type=TYPES[kind],
        kind=SegmentKind.NEEDS,
        predicate=partial(has_value, UUID(field["id"]), about, TYPES[kind]),
        values={choice: choice for choice in field["choices"]},
        options=written if kind is CustomFieldType.TEXT else None,
        origins={"": Origin(is_known=False, is_stated=field["is_stated"])},
        is_translated=False,
        is_offered=field["is_offered"],
        are_values_translated=False,
    )


def has_value(
    field_id: UUID, about: FieldSubject, kind: AttributeType, one: Comparison
) -> ColumnElement[bool]:
    is_person = about is FieldSubject.PERSON
    whose = V.advocate_id if is_person else V.account_id
    rows = select(whose).where(V.field_id == field_id, whose.is_not(None), OF_VALUE[kind](one))
    return (Advocate.id if is_person else Account.id).in_(rows)


SOURCE = AttributeSource("custom fields", field_rows, field_attributes)
