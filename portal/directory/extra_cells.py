"""Tags and custom fields of accounts and people in an export: a column for the tags, and one for each field."""

from collections.abc import Callable

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Numeric, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from portal.custom_fields import queries as custom_fields
from portal.custom_fields.models import CustomField, CustomFieldValue, FieldSubject
from portal.custom_fields.values import VALUE_COLUMNS
from portal.declarations.lists import CellKind, ListColumn, ListReader, Place
from portal.directory.extra_facts import SUBJECT_IDS, TAGGED
from portal.exports.cells import day, text
from portal.tags.models import Tag
from portal.tags.queries import subject_column

KINDS = {"number_value": CellKind.NUMBER, "date_value": CellKind.DAY}


def own_columns(about: FieldSubject) -> Callable[[ListReader], list[ListColumn]]:
    return lambda reader: extra_columns(reader.session, about)


def extra_columns(session: Session, about: FieldSubject) -> list[ListColumn]:
    fields = custom_fields.offered_fields(session, about)
    tags = _file_column("tags", _("Tags"), _tags_cell(about))
    return [
        tags,
        *(_file_column(str(field.id), field.name, _field_cell(field), _kind(field)) for field in fields),
    ]


def _file_column(
    name: str, label: str, cell: ColumnElement[str], kind: CellKind = CellKind.TEXT
) -> ListColumn:
    return ListColumn(name=name, label=label, place=Place.FILE, cell=lambda _reader: cell, kind=kind)


def _kind(field: CustomField) -> CellKind:
    return KINDS.get(VALUE_COLUMNS[field.type], CellKind.TEXT)


def _tags_cell(about: FieldSubject) -> ColumnElement[str]:
    subject_id, table = SUBJECT_IDS[about], TAGGED[about]
    names = func.string_agg(Tag.name, aggregate_order_by(literal("; "), Tag.name_norm))
    own = select(names).join(table, table.tag_id == Tag.id).where(subject_column(table) == subject_id)
    return text(own.correlate(subject_id.class_).scalar_subquery())


def _field_cell(field: CustomField) -> ColumnElement[str]:
    subject_id = SUBJECT_IDS[field.about]
    column = getattr(CustomFieldValue, VALUE_COLUMNS[field.type])
    mine = (CustomFieldValue.field_id == field.id, custom_fields.subject_column(field.about) == subject_id)
    value = select(column).where(*mine).correlate(subject_id.class_).scalar_subquery()
    if column is CustomFieldValue.date_value:
        return day(value)
    plain = func.trim_scale(cast(value, Numeric)) if column is CustomFieldValue.number_value else value
    return text(cast(plain, Text))
