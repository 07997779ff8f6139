"""Tags and custom fields of accounts and people in an export: a column for the tags, and one for each field."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Numeric, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from portal.custom_fields import queries as custom_fields
from portal.custom_fields.models import CustomField, CustomFieldValue, FieldSubject
from portal.custom_fields.values import VALUE_COLUMNS
from portal.directory.extra_facts import SUBJECT_IDS, TAGGED
from portal.exports.cells import day, text
from portal.tags.models import Tag
from portal.tags.queries import subject_column


def extra_columns(session: Session, about: FieldSubject) -> list[tuple[str, ColumnElement[str]]]:
    """Return heading and cell of each, for a query over accounts or people."""
    fields = custom_fields.offered_fields(session, about)
    return [(_("Tags"), _tags_cell(about)), *((field.name, _field_cell(field)) for field in fields)]


def head_of(columns: Sequence[tuple[str, ColumnElement[str]]]) -> list[str]:
    return [heading for heading, _cell in columns]


def cells_of(columns: Sequence[tuple[str, ColumnElement[str]]]) -> list[ColumnElement[str]]:
    return [cell for _heading, cell in columns]


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
