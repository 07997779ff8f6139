"""How an import speaks: states, outcomes and values in the reader's words."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.advocates.labels import PERSONA, SENIORITY
from portal.imports.models import Import, ImportKind, ImportState, LineOutcome, TargetTable
from portal.imports.parsing.quotation_marks import QuoteMode
from portal.imports.values.fields import KINDS, FieldType, field_of
from portal.web.badges import StatusBadge
from portal.web.filters import number
from portal.web.refusal_text import name_states

STATES = {
    ImportState.READING: StatusBadge(_l("Reading"), "now", "loader"),
    ImportState.UNREADABLE: StatusBadge(_l("Can’t be read"), "bad", "alert-triangle"),
    ImportState.CHECKING: StatusBadge(_l("Checking"), "now", "loader"),
    ImportState.UPLOADED: StatusBadge(_l("Needs your input"), "now", "arrow-right"),
    ImportState.QUEUED: StatusBadge(_l("Queued"), "", "clock"),
    ImportState.STAGING: StatusBadge(_l("Reading"), "now", "loader"),
    ImportState.MERGING: StatusBadge(_l("Importing"), "now", "loader"),
    ImportState.DONE: StatusBadge(_l("Done"), "", "circle-check"),
    ImportState.FAILED: StatusBadge(_l("Failed"), "bad", "alert-triangle"),
    ImportState.UNDOING: StatusBadge(_l("Undoing"), "now", "loader"),
    ImportState.UNDONE: StatusBadge(_l("Undone"), "", "arrow-back-up"),
}
name_states(STATES)
TARGET_NAMES = {
    TargetTable.ACCOUNTS: _l("Company"),
    TargetTable.ADVOCATES: _l("Person"),
    TargetTable.DEALS: _l("Deal"),
}
QUOTE_MODES = {
    QuoteMode.UNDECIDED: _l("Decide by the file"),
    QuoteMode.LITERAL: _l("Treat as ordinary characters"),
    QuoteMode.CELLS: _l("Treat as cells with line breaks"),
}
OUTCOMES = {
    LineOutcome.CREATED: _l("New"),
    LineOutcome.UPDATED: _l("Updated"),
    LineOutcome.UNCHANGED: _l("Unchanged"),
    LineOutcome.COMPANY_CREATED: _l("New companies"),
    LineOutcome.COMPANY_UPDATED: _l("Updated companies"),
    LineOutcome.CONFLICTING: _l("Conflicting values"),
    LineOutcome.REFUSED: _l("Rejected"),
    LineOutcome.LEFT_OUT: _l("Values left out"),
    LineOutcome.SKIPPED: _l("Not part of the table"),
    LineOutcome.SUPPRESSED: _l("Opted out"),
    LineOutcome.KEPT: _l("Kept"),
}
OUTCOME_HINTS = {
    LineOutcome.CREATED: _l("These are new."),
    LineOutcome.UPDATED: _l(
        "These already existed, and the file has newer information. Empty cells changed nothing."
    ),
    LineOutcome.UNCHANGED: _l("The file has nothing new about these."),
    LineOutcome.COMPANY_CREATED: _l(
        "New companies from the people in this file, listed by the first row that names them."
    ),
    LineOutcome.COMPANY_UPDATED: _l("Companies for which the file has newer information."),
    LineOutcome.CONFLICTING: _l(
        "These values contradict an earlier row or existing data, so they were ignored."
    ),
    LineOutcome.REFUSED: _l("These rows weren’t imported. Fix them in your CRM and import the file again."),
    LineOutcome.LEFT_OUT: _l("The row was imported without this value."),
    LineOutcome.SKIPPED: _l("Totals and notes at the end of a report, and empty rows."),
    LineOutcome.SUPPRESSED: _l(
        "The file says these people opted out, so they’re suppressed. They were still imported. Undo keeps "
        "them suppressed, unless you tell it that the file was wrong."
    ),
    LineOutcome.KEPT: _l("Undo left these unchanged."),
}
TRUE_AFTER_UNDO = {
    LineOutcome.KEPT,
    LineOutcome.REFUSED,
    LineOutcome.SKIPPED,
    LineOutcome.SUPPRESSED,
}  # these stay true
CountLabel = Callable[[int], str]
CREATED_COUNTS: dict[ImportKind, CountLabel] = {
    ImportKind.ACCOUNTS: lambda n: ngettext(
        "%(n)s company imported", "%(n)s companies imported", n, n=number(n)
    ),
    ImportKind.PEOPLE: lambda n: ngettext("%(n)s person imported", "%(n)s people imported", n, n=number(n)),
    ImportKind.DEALS: lambda n: ngettext("%(n)s deal imported", "%(n)s deals imported", n, n=number(n)),
}
OUTCOME_COUNTS: dict[LineOutcome, CountLabel] = {
    LineOutcome.CREATED: lambda n: _("%(n)s new", n=number(n)),
    LineOutcome.UPDATED: lambda n: _("%(n)s updated", n=number(n)),
    LineOutcome.UNCHANGED: lambda n: _("%(n)s unchanged", n=number(n)),
    LineOutcome.CONFLICTING: lambda n: ngettext(
        "%(n)s conflicting value", "%(n)s conflicting values", n, n=number(n)
    ),
    LineOutcome.REFUSED: lambda n: _("%(n)s rejected", n=number(n)),
    LineOutcome.SUPPRESSED: lambda n: _("%(n)s opted out", n=number(n)),
}
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
}
KIND_HEADINGS = {
    ImportKind.ACCOUNTS: _l("Company"),
    ImportKind.PEOPLE: _l("Person"),
    ImportKind.DEALS: _l("Deal"),
}
DERIVED_COLUMNS = frozenset({"name_sort", "name_norm", "prospect_norm", "owner_email_norm", "rep_email_norm"})
VALUE_LABELS: Mapping[str, Mapping[str, Any]] = {"seniority": SENIORITY, "persona": PERSONA}
HIDDEN_COLUMNS = DERIVED_COLUMNS | {"rep_id", "owner_id"}  # these ids follow from addresses, which are told


def title(this: Import) -> str:
    fresh = int(this.counts.get(LineOutcome.CREATED, 0))
    if this.state == ImportState.FAILED:
        return _("This import failed, and nothing was imported")
    if this.state == ImportState.UNDONE:
        return _("This import was undone")
    if fresh:
        return CREATED_COUNTS[this.kind](fresh)
    if this.counts.get(LineOutcome.UPDATED) or this.counts.get(LineOutcome.COMPANY_UPDATED):
        return _("Existing records are up to date")
    return _("Nothing new in this file")


def kind_label(this: Import) -> str:
    return "" if this.state in {ImportState.READING, ImportState.UNREADABLE} else str(KINDS[this.kind])


def lede(this: Import) -> str:
    if this.status_reason:
        return _(this.status_reason)
    if this.state == ImportState.UNDONE:
        return " ".join([_undo_summary(this), *_suppression_summary(this)])
    rest = counts_summary(this, leave_out=LineOutcome.CREATED)
    return _("Also: %(counts)s.", counts=rest) if rest else _("Every row was imported.")


def is_still_true(this: Import, outcome: LineOutcome) -> bool:
    if this.state != ImportState.UNDONE:
        return True
    is_lifted = outcome == LineOutcome.SUPPRESSED and this.lifts_opt_outs
    return outcome in TRUE_AFTER_UNDO and not is_lifted


def outcome_hint(this: Import, outcome: LineOutcome | None) -> str:
    if outcome is None:
        return _("Nothing from this import remains. Choose a list to see what it had imported.")
    if not is_still_true(this, outcome):
        return _("This was the result before the import was undone.")
    return str(OUTCOME_HINTS[outcome])


def _undo_summary(this: Import) -> str:
    return _(
        "%(deleted)s new records were removed, %(restored)s were restored, %(kept)s were kept.",
        deleted=number(this.counts.get("deleted", 0)),
        restored=number(this.counts.get("restored", 0)),
        kept=number(this.counts.get("kept", 0)),
    )


def _suppression_summary(this: Import) -> list[str]:
    """What became of its suppressions."""
    if this.lifts_opt_outs:
        return [_("%(n)s suppressions were lifted.", n=number(this.counts.get("lifted", 0)))]
    return [_("People who opted out stay suppressed.")] if this.counts.get(LineOutcome.SUPPRESSED) else []


def counts_summary(this: Import, leave_out: LineOutcome | None = None) -> str:
    said = {each: say for each, say in OUTCOME_COUNTS.items() if each != leave_out and this.counts.get(each)}
    return ", ".join(say(int(this.counts[outcome])) for outcome, say in said.items())


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
