"""One value of a custom field: in which column it stands, and how it is written down."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.custom_fields.models import CustomFieldType, CustomFieldValue

FieldValue = str | Decimal | date
FIELD_PREFIX = "field_"  # before the id of a field in the name of its input
VALUE_COLUMNS = {
    CustomFieldType.TEXT: "text_value",
    CustomFieldType.CHOICE: "text_value",
    CustomFieldType.NUMBER: "number_value",
    CustomFieldType.DATE: "date_value",
}


def input_name(field_id: UUID) -> str:
    return f"{FIELD_PREFIX}{field_id.hex}"


def value_of(row: CustomFieldValue) -> FieldValue:
    found = next(each for each in (row.text_value, row.number_value, row.date_value) if each is not None)
    return plain_number(found) if isinstance(found, Decimal) else found


def plain_number(number: Decimal) -> Decimal:
    """Without zeros behind the point, and without an exponent: 40, not 4E+1."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


def as_json(value: FieldValue | None) -> Any:
    """As a line of the history keeps it."""
    return None if value is None else value if isinstance(value, str) else str(value)
