"""Custom fields as things a file may tell: by columns that somebody names, kept with the import as they were then."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portal.custom_fields.models import CustomField, CustomFieldType, FieldSubject
from portal.custom_fields.values import input_name
from portal.imports.models import ImportKind
from portal.imports.values.field_types import FieldType, ImportField, normal_heading

READ_AS = {
    CustomFieldType.TEXT: FieldType.FIELD_TEXT,
    CustomFieldType.NUMBER: FieldType.DECIMAL,
    CustomFieldType.CHOICE: FieldType.CHOICE,
    CustomFieldType.DATE: FieldType.DAY,
}
SUBJECTS = {ImportKind.ACCOUNTS: FieldSubject.ACCOUNT, ImportKind.PEOPLE: FieldSubject.PERSON}


def import_field(field: CustomField) -> ImportField:
    heading, choices = normal_heading(field.name), tuple(field.choices)
    return ImportField(input_name(field.id), field.name, READ_AS[field.type], heading, choices=choices)


def guess_custom_columns(
    fields: Iterable[ImportField], header: Sequence[str], mapping: Mapping[str, int]
) -> dict[str, int]:
    """Map fields to columns that go by their names, and that no other field takes."""
    columns = {normal_heading(heading): number for number, heading in reversed(list(enumerate(header)))}
    found = {each.name: columns[each.headings] for each in fields if columns.get(each.headings) is not None}
    taken = set(mapping.values())
    return {name: column for name, column in found.items() if name not in mapping and column not in taken}


def to_json(fields: Iterable[ImportField]) -> dict[str, Any]:
    return {
        each.name: {"label": str(each.label), "type": each.type.value, "choices": each.choices}
        for each in fields
    }


def from_json(stored: Mapping[str, Any]) -> tuple[ImportField, ...]:
    return tuple(
        ImportField(name, kept["label"], FieldType(kept["type"]), "", choices=tuple(kept["choices"]))
        for name, kept in stored.items()
    )
