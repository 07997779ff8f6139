"""Tags and custom fields of one account or person as facts on its page: a column of the query that reads the row."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.custom_fields.models import CustomField, CustomFieldValue, FieldSubject
from portal.custom_fields.queries import subject_column as value_subject
from portal.tags.models import AccountTag, AdvocateTag, Tag
from portal.tags.queries import Tagged, subject_column
from portal.web.filters import day_year, number

SUBJECT_IDS = {FieldSubject.ACCOUNT: Account.id, FieldSubject.PERSON: Advocate.id}
TAGGED: dict[FieldSubject, Tagged] = {FieldSubject.ACCOUNT: AccountTag, FieldSubject.PERSON: AdvocateTag}


def extra_column(about: FieldSubject) -> ColumnElement[Any]:
    """As JSON: the names of the tags, and of each filled field its name and value."""
    subject_id, table, value = SUBJECT_IDS[about], TAGGED[about], CustomFieldValue
    tags = select(func.jsonb_agg(aggregate_order_by(Tag.name, Tag.name_norm)))
    tags = tags.join(table, table.tag_id == Tag.id).where(subject_column(table) == subject_id)
    amount = cast(func.trim_scale(value.number_value), Text)
    filled = func.jsonb_build_array(CustomField.name, value.text_value, amount, value.date_value)
    fields = select(func.jsonb_agg(aggregate_order_by(filled, CustomField.name_norm)))
    fields = fields.join(value, value.field_id == CustomField.id).where(value_subject(about) == subject_id)
    return func.jsonb_build_object(
        "tags",
        tags.correlate(subject_id.class_).scalar_subquery(),
        "fields",
        fields.correlate(subject_id.class_).scalar_subquery(),
    )


def extra_facts(stored: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return labels and words."""
    fields = [(name, _shown(*values)) for name, *values in stored["fields"] or ()]
    return [(_("Tags"), ", ".join(stored["tags"] or ())), *fields]


def _shown(text: str | None, amount: str | None, on: str | None) -> str:
    if amount is not None:
        return number(Decimal(amount))
    return day_year(date.fromisoformat(on)) if on else text or ""
