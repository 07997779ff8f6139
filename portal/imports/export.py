"""What became of the lines of a file, as a spreadsheet opens it: every line of one outcome, or of all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Numeric, Text, and_, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.accounts.models import Account
from portal.exports.cells import labeled, number, text
from portal.exports.export_table import ExportTable, Filters
from portal.exports.models import ExportKind
from portal.exports.sources import ExportSource
from portal.imports import column_labels, labels, queries
from portal.imports.models import ImportKind, ImportResult, LineOutcome, LineReason
from portal.imports.values.field_types import FieldType
from portal.imports.values.fields import FIELDS
from tenants.models import Membership

JsonColumn = InstrumentedAttribute[dict[str, Any] | None]
CENTS, MONEY = "^-?[0-9]{1,17}$", "FM999,999,999,999,999,990.00"
PLACEHOLDER = "\ufffc"  # where something of the row stands in a sentence


def table(session: Session, filters: Filters, as_of: datetime, _by: Membership) -> ExportTable:
    this = queries.get(session, UUID(filters["import_id"]))
    outcomes = outcomes_of(filters.get("outcome", ""))
    found = select(ImportResult).where(ImportResult.import_id == this.id, ImportResult.outcome.in_(outcomes))
    order = {outcome.value: place for place, outcome in enumerate(outcomes)}
    ordered = found.order_by(case(order, value=ImportResult.outcome), ImportResult.line, ImportResult.id)
    return ExportTable(_head(), ordered.with_only_columns(*_cells(this.kind)))


IMPORT_LINES = ExportSource(ExportKind.IMPORT_LINES, table)


def outcomes_of(outcome: str) -> Sequence[LineOutcome]:
    return [LineOutcome(outcome)] if outcome in set(LineOutcome) else list(labels.OUTCOMES)


def _head() -> Sequence[str]:
    return [_("Line"), _("Outcome"), _("Column"), _("Value"), _("Value kept"), _("Reason")]


def _cells(kind: ImportKind) -> Sequence[ColumnElement[str]]:
    row = ImportResult
    return [
        number(row.line),
        labeled(row.outcome, labels.OUTCOMES),
        labeled(row.column, _headings(kind)),
        text(_formatted(kind, row.value)),
        text(_formatted(kind, row.kept)),
        text(_reason_cell(kind)),
    ]


def _headings(kind: ImportKind) -> dict[str, str]:
    """Columns of any kind of file: people bring companies along."""
    known = [field.name for fields in FIELDS.values() for field in fields]
    return {name: column_labels.column_label(kind, name) for name in (*known, *column_labels.COLUMN_LABELS)}


def _formatted(kind: ImportKind, value: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """Write a cleaned value as `column_labels.formatted` does: cents as money."""
    is_cents = ImportResult.column.in_(_money_columns(kind)) & value.regexp_match(CENTS)
    return case((is_cents, func.to_char(cast(value, Numeric) / 100, MONEY)), else_=value)


def _reason_cell(kind: ImportKind) -> ColumnElement[str]:
    """From and to; where the new values were not kept yet, the columns; else the reason."""
    before, after = ImportResult.before, ImportResult.after
    told = func.jsonb_typeof(before) == "object", func.jsonb_typeof(after) == "object"
    return case(
        (and_(*told), _changes(kind, before, after)),
        (told[0], _changed_columns(kind)),
        else_=_reason_text(),
    )


def _changes(kind: ImportKind, before: JsonColumn, after: JsonColumn) -> ColumnElement[str]:
    """Write changes as `column_labels.changes` does: “Job title: VP IT → CIO; NPS: empty → 9”."""
    keys = func.jsonb_object_keys(before).table_valued("key", with_ordinality="place").render_derived()
    key = keys.c.key
    told = (
        labeled(key, _headings(kind))
        + ": "
        + _value_cell(kind, key, before)
        + " → "
        + _value_cell(kind, key, after)
    )
    each = select(func.string_agg(told, aggregate_order_by(literal("; "), keys.c.place)))
    return each.where(key.not_in(column_labels.HIDDEN_COLUMNS)).correlate(ImportResult).scalar_subquery()


def _value_cell(kind: ImportKind, key: ColumnElement[str], facts: JsonColumn) -> ColumnElement[str]:
    """Of one column: several by commas, companies by name, cents as money."""
    given = facts.op("->")(key)
    whole = case((func.jsonb_typeof(given) == "array", given), else_=func.jsonb_build_array(given))
    elements = func.jsonb_array_elements_text(whole).table_valued("part", with_ordinality="at")
    part = elements.render_derived(name="part")
    company = select(Account.name).where(cast(Account.id, Text) == part.c.part).scalar_subquery()
    cents = and_(key.in_(_money_columns(kind)), part.c.part.regexp_match(CENTS))
    shown = case(
        (key == "account_id", func.coalesce(company, part.c.part)),
        *(
            (key == column, labeled(part.c.part, names))
            for column, names in column_labels.VALUE_LABELS.items()
        ),
        (cents, func.to_char(cast(part.c.part, Numeric) / 100, MONEY)),
        else_=part.c.part,
    )
    joined = select(func.string_agg(shown, aggregate_order_by(literal(", "), part.c.at)))
    return func.coalesce(joined.where(part.c.part != "").scalar_subquery(), _("empty"))


def _money_columns(kind: ImportKind) -> list[str]:
    return [field.name for field in FIELDS[kind] if field.type == FieldType.MONEY]


def _changed_columns(kind: ImportKind) -> ColumnElement[str]:
    """“New: Job title, NPS”, each column once, in the order of the change."""
    keys = func.jsonb_object_keys(ImportResult.before).table_valued("key", with_ordinality="place")
    column = keys.render_derived()
    heading: ColumnElement[Any] = labeled(column.c.key, _headings(kind))
    changed = select(heading.label("heading"), func.min(column.c.place).label("place"))
    changed = changed.where(column.c.key.not_in(column_labels.DERIVED_COLUMNS)).group_by(heading)
    once = changed.correlate(ImportResult).subquery()
    all_of_them = select(func.string_agg(once.c.heading, aggregate_order_by(literal(", "), once.c.place)))
    before, _place, after = _("New: %(columns)s", columns=PLACEHOLDER).partition(PLACEHOLDER)
    return before + func.coalesce(all_of_them.scalar_subquery(), "") + after


def _reason_text() -> ColumnElement[str]:
    """Write a reason as `labels.reason_text` does, with the day as files have it. First: most rows have none."""
    reason, params = ImportResult.reason, ImportResult.reason_params
    words = {each: words for each, words in labels.LINE_REASONS.items() if each is not LineReason.EARLIER}
    before, _place, after = (str(labels.AGREED_SINCE) % {"day": PLACEHOLDER}).partition(PLACEHOLDER)
    param = params.op("->>", return_type=Text())
    agreed = before + param("agreed_on") + after + " "
    return case(
        (reason.is_(None), ""),
        (reason == LineReason.EARLIER, param("text")),
        else_=func.coalesce(agreed, "") + labeled(reason, words),
    )
