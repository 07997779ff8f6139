"""What became of a file: the list of past ones, the progress, the lines by outcome."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.badges import StatusBadge
from portal.i18n import mark
from portal.imports import column_labels, policies, queries, result_labels
from portal.imports import labels as imports_labels
from portal.imports.inspection import labels as inspection_labels
from portal.imports.inspection.diagnostics import FileDiagnostics
from portal.imports.merging.targets import TARGETS
from portal.imports.models import Import, ImportResult, ImportState, LineOutcome
from portal.policies import value
from portal.web.filters import day, moment, number
from portal.web.page_urls import current_url
from tenants.models import Membership

OPENED_FIRST = (
    LineOutcome.KEPT,
    LineOutcome.REFUSED,
    LineOutcome.LEFT_OUT,
    LineOutcome.CONFLICTING,
)  # opened first


FIRST_STEPS = {
    ImportState.READING: (
        mark("Reading the file"),
        mark("Large workbooks take a minute. Nothing is imported yet."),
    ),
    ImportState.CHECKING: (
        mark("Checking the rows"),
        mark("We check what would be imported. Nothing is imported yet."),
    ),
}


class ImportListRow(NamedTuple):
    record: Import
    by: str
    status: StatusBadge
    summary: str
    kind: str


class ImportProgress(NamedTuple):
    title: str
    words: str
    percent: int | None


def list_rows(session: Session, imports: Sequence[Import]) -> list[ImportListRow]:
    named = select(Membership.id, Membership.name).where(Membership.id.in_({each.by_id for each in imports}))
    names = dict(session.execute(named).all()) if imports else {}
    return [
        ImportListRow(
            each,
            names[each.by_id],
            imports_labels.STATES[each.state],
            result_labels.counts_summary(each),
            imports_labels.kind_label(each),
        )
        for each in imports
    ]


def progress_of(this: Import) -> ImportProgress:
    if this.state in FIRST_STEPS:
        title, said = FIRST_STEPS[this.state]
        return ImportProgress(_(title), _(said), None)
    read, total = number(this.rows_staged), number(this.rows_total)
    if this.state == ImportState.UNDOING:
        return ImportProgress(
            _("Undoing the import"),
            _("All changes appear at the same time, so no one sees half of them."),
            None,
        )
    if this.state == ImportState.MERGING:
        return ImportProgress(
            _("Importing %(total)s rows", total=total),
            _("Everything appears at the same time when it’s done."),
            95,
        )
    percent = 90 * this.rows_staged // max(this.rows_total, 1)
    return ImportProgress(
        _("Reading the file"), _("%(read)s of %(total)s rows read", read=read, total=total), percent
    )


def render(session: Session, this: Import) -> str:
    tally = queries.outcome_counts(this)
    outcome = _selected_outcome(this, tally)
    page = queries.results_page(session, this, outcome, request.args.get("after")) if outcome else None
    companies = queries.companies_named(session, page.rows) if page else {}
    lines = [_result_row(this, row, companies) for row in page.rows] if page else []
    return render_template(
        "imports/result.html",
        this=this,
        title=result_labels.title(this),
        lede=result_labels.lede(this),
        facts=_facts(session, this),
        caption=imports_labels.OUTCOMES[outcome] if outcome else "",
        about=result_labels.outcome_hint(this, outcome),
        identity=imports_labels.TARGET_NAMES[TARGETS[this.kind].table],
        tally=tally,
        outcome=outcome,
        page=page,
        lines=lines,
        tabs=[_tab(each, tally[each], outcome) for each in imports_labels.OUTCOMES if each in tally],
        with_column=any(line.column for line in lines),
        with_kept=any(line.kept for line in lines),
        with_reason=any(line.reason for line in lines),
    )


def _tab(outcome: LineOutcome, count: int, chosen: LineOutcome | None) -> tuple[str, str, str, bool]:
    href = current_url(outcome=outcome.value, after=None)
    return str(imports_labels.OUTCOMES[outcome]), href, number(count), outcome == chosen


def _facts(session: Session, this: Import) -> list[tuple[str, str]]:
    seen = FileDiagnostics.from_json(this.diagnostics)
    by = session.get_one(Membership, (this.tenant_id, this.by_id)).name
    until = (
        (this.created_at + timedelta(days=value(session, policies.KEEP_DAYS))) if this.can_be_undone else None
    )
    return [
        (_("Status"), str(imports_labels.STATES[this.state].word)),
        (_("Kind"), str(imports_labels.KINDS[this.kind])),
        (_("Rows"), number(this.rows_total)),
        (_("Other rows"), ". ".join(words for *_look, words in inspection_labels.reading_points(seen))),
        (_("Imported by"), f"{by}, {moment(this.ended_at or this.created_at)}"),
        (_("Can be undone until"), day(until)),
    ]


def _selected_outcome(this: Import, tally: Mapping[LineOutcome, int]) -> LineOutcome | None:
    """As in the address, else the first that holds now."""
    outcome = request.args.get("outcome", "")
    if outcome in tally:
        return LineOutcome(outcome)
    order = (*OPENED_FIRST, *imports_labels.OUTCOMES)
    return next((each for each in order if each in tally and result_labels.is_still_true(this, each)), None)


class ResultRow(NamedTuple):
    line: int
    column: str
    value: str
    kept: str
    reason: str


def _result_row(this: Import, row: ImportResult, companies: Mapping[str, str]) -> ResultRow:
    reason = imports_labels.reason_text(row.reason, row.reason_params) if row.reason else ""
    if row.before and row.after:
        reason = column_labels.changes(this.kind, row.before, row.after, companies)
    elif row.before:  # imported before the new values were kept
        reason = _("New: %(columns)s", columns=column_labels.changed_columns(this.kind, row.before))
    return ResultRow(
        row.line,
        column_labels.column_label(this.kind, row.column) if row.column else "",
        column_labels.formatted(this.kind, row.column, row.value),
        column_labels.formatted(this.kind, row.column, row.kept),
        reason,
    )
