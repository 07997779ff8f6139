"""The columns of a file and of our tables as people read them, and what a file wrote into them."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.accounts.labels import RELATIONSHIP_NAMES
from portal.advocates.labels import PERSONA, SENIORITY
from portal.imports.models import ImportKind
from portal.imports.values.field_types import FieldType
from portal.imports.values.fields import field_of

# what `before`, the columns of a table, is called where a person reads it
COLUMN_LABELS = {
    "name": _l("Name"),
    "external_id": _l("CRM ID"),
    "account_id": _l("Company"),
    "seniority": _l("Seniority"),
    "persona": _l("Department"),
    "rep_id": _l("Rep"),
    "owner_id": _l("Account owner"),
    "company": _l("Company name"),
    "company_external_id": _l("Company’s CRM ID"),
    "text_value": _l("Value"),
    "number_value": _l("Value"),
    "date_value": _l("Value"),
}
DERIVED_COLUMNS = frozenset(
    {"name_sort", "search_text", "name_norm", "prospect_norm", "owner_email_norm", "rep_email_norm"}
)
VALUE_LABELS: Mapping[str, Mapping[Any, Any]] = {
    "seniority": SENIORITY,
    "persona": PERSONA,
    "relationship": RELATIONSHIP_NAMES,
}
HIDDEN_COLUMNS = DERIVED_COLUMNS | {"rep_id", "owner_id"}  # these ids follow from addresses, which are told


def column_label(kind: ImportKind, column: str) -> str:
    known = field_of(kind, column) or next((f for each in ImportKind if (f := field_of(each, column))), None)
    return str(COLUMN_LABELS.get(column) or (known.label if known else column))


def changed_columns(kind: ImportKind, columns: Iterable[str]) -> str:
    return ", ".join(
        dict.fromkeys(column_label(kind, column) for column in columns if column not in DERIVED_COLUMNS)
    )


def changes(
    kind: ImportKind, before: Mapping[str, Any], after: Mapping[str, Any], companies: Mapping[str, str]
) -> str:
    told = (
        _(
            "%(what)s: %(before)s → %(after)s",
            what=column_label(kind, column),
            before=_value(kind, column, before[column], companies),
            after=_value(kind, column, after.get(column), companies),
        )
        for column in before
        if column not in HIDDEN_COLUMNS
    )
    return "; ".join(told)


def _value(kind: ImportKind, column: str, value: Any, companies: Mapping[str, str]) -> str:
    parts = [str(part) for part in (value if isinstance(value, list) else [value]) if part not in (None, "")]
    told = VALUE_LABELS.get(column, companies)
    return ", ".join(str(told.get(part) or formatted(kind, column, part)) for part in parts) or _("empty")


def formatted(kind: ImportKind, column: str, value: str) -> str:
    known = field_of(kind, column)
    if known and known.type == FieldType.MONEY and value.lstrip("-").isdigit():
        return f"{int(value) / 100:,.2f}"
    return value
