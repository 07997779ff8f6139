"""What became of a file: the list of past ones, the progress, the lines by outcome, the download."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from flask import Response, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.imports import policies, queries, reading_words, words
from portal.imports.fields import KINDS
from portal.imports.inspection import Inspection
from portal.imports.models import Import, ImportResult, Outcome, State
from portal.policies import value
from portal.web.addresses import same_page
from portal.web.csv_files import lines as csv_lines
from portal.web.filters import day, moment, number
from portal.web.streams import stream
from tenants.models import Membership

DOWNLOAD_AT_ONCE = 2_000


class PastLine(NamedTuple):
    this: Import
    by: str
    look: words.Look
    counted: str


class Progress(NamedTuple):
    title: str
    words: str
    percent: int | None


def past_lines(session: Session, imports: Sequence[Import]) -> list[PastLine]:
    named = select(Membership.id, Membership.name).where(Membership.id.in_({each.by_id for each in imports}))
    names = dict(session.execute(named).all()) if imports else {}
    return [
        PastLine(each, names[each.by_id], words.STATES[each.state], words.counted(each)) for each in imports
    ]


def progress(this: Import) -> Progress:
    read, total = number(this.rows_staged), number(this.rows_total)
    if this.state == State.UNDOING:
        return Progress(_("Taking it back"), _("All of it at once, so that nobody sees half of it."), None)
    if this.state == State.MERGING:
        return Progress(
            _("Putting %(total)s lines in place", total=total), _("Nothing shows before all of it does."), 95
        )
    percent = 90 * this.rows_staged // max(this.rows_total, 1)
    return Progress(
        _("Reading the file"), _("%(read)s of %(total)s lines read", read=read, total=total), percent
    )


def draw(session: Session, this: Import) -> str:
    tally = queries.tally(this)
    outcome = _chosen(tally)
    page = queries.results_page(session, this, outcome, request.args.get("after")) if outcome else None
    lines = [_told(this, row) for row in page.rows] if page else []
    return render_template(
        "imports/result.html",
        this=this,
        title=words.title(this),
        lede=words.lede(this),
        facts=_facts(session, this),
        words=words,
        identity=words.IDENTITY[this.kind],
        tally=tally,
        outcome=outcome,
        page=page,
        lines=lines,
        tabs=[_tab(each, tally[each], outcome) for each in words.TABS if each in tally],
        with_column=any(line.column for line in lines),
        with_kept=any(line.kept for line in lines),
        with_reason=any(line.reason for line in lines),
    )


def _tab(outcome: Outcome, count: int, chosen: Outcome | None) -> tuple[str, str, str, bool]:
    href = same_page(outcome=outcome.value, after=None)
    return str(words.TABS[outcome]), href, number(count), outcome == chosen


def _facts(session: Session, this: Import) -> list[tuple[str, str]]:
    seen = Inspection.opened(this.inspection)
    by = session.get_one(Membership, (this.tenant_id, this.by_id)).name
    until = (
        (this.created_at + timedelta(days=value(session, policies.KEEP_DAYS))) if this.can_be_undone else None
    )
    return [
        (_("State"), str(words.STATES[this.state].word)),
        (_("Kind"), str(KINDS[this.kind])),
        (_("Lines"), number(this.rows_total)),
        (_("Other lines"), ". ".join(words for *_look, words in reading_words.points(seen))),
        (_("Imported by"), f"{by}, {moment(this.ended_at or this.created_at)}"),
        (_("Can be undone until"), day(until)),
    ]


def _chosen(tally: Mapping[Outcome, int]) -> Outcome | None:
    wanted = request.args.get("outcome", "")
    if wanted in tally:
        return Outcome(wanted)
    return next((outcome for outcome in (Outcome.KEPT, *words.TABS) if outcome in tally), None)


class ToldLine(NamedTuple):
    line: int
    column: str
    value: str
    kept: str
    reason: str


def _told(this: Import, row: ImportResult) -> ToldLine:
    reason = _(row.reason) if row.reason else ""
    if row.before:
        reason = _("New: %(columns)s", columns=words.changed(this.kind, row.before))
    return ToldLine(
        row.line,
        words.heading(this.kind, row.column) if row.column else "",
        words.shown(this.kind, row.column, row.value),
        words.shown(this.kind, row.column, row.kept),
        reason,
    )


def as_csv(this: Import) -> Response:
    """Every line of one outcome, or of all, with a formula turned back into text."""
    wanted = request.args.get("outcome", "")
    outcomes = [Outcome(wanted)] if wanted in list(Outcome) else list(words.TABS)
    name = f"{this.kind.value}-{wanted or 'all'}.csv"
    asked = this.id  # the answer is read in a session of its own
    return stream(lambda session: csv_lines(_rows(session, asked, outcomes)), mimetype="text/csv", name=name)


def _rows(session: Session, import_id: UUID, outcomes: Sequence[Outcome]) -> Iterator[Sequence[object]]:
    this = queries.get(session, import_id)
    yield _("Line"), _("Outcome"), _("Column"), _("Value"), _("Value kept"), _("Reason")
    for outcome in outcomes:
        found = queries.results(this, outcome).order_by(ImportResult.line, ImportResult.id)
        for row in session.scalars(found.execution_options(yield_per=DOWNLOAD_AT_ONCE)):
            told = _told(this, row)
            yield told.line, str(words.TABS[outcome]), told.column, told.value, told.kept, told.reason
