"""What became of a file: the list of past ones, the progress, the lines by outcome."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.imports import policies, queries, reading_words, words
from portal.imports.fields import KINDS
from portal.imports.inspection import Inspection
from portal.imports.models import Import, ImportResult, Outcome, State
from portal.policies import value
from portal.regions import shown
from portal.web.addresses import same_page
from portal.web.filters import day, moment, number
from tenants.models import Membership

NEEDS_WORK = (Outcome.KEPT, Outcome.REFUSED, Outcome.LEFT_OUT, Outcome.CONFLICTING)  # opened first


FIRST_STEPS = {
    State.READING: (
        shown("Reading the file"),
        shown("We look for its table. A big workbook takes a minute; nothing is imported yet."),
    ),
    State.CHECKING: (
        shown("Checking the lines"),
        shown("We find out what would become of each. Nothing is imported yet."),
    ),
}


class PastLine(NamedTuple):
    this: Import
    by: str
    look: words.Look
    counted: str
    kind: str


class Progress(NamedTuple):
    title: str
    words: str
    percent: int | None


def past_lines(session: Session, imports: Sequence[Import]) -> list[PastLine]:
    named = select(Membership.id, Membership.name).where(Membership.id.in_({each.by_id for each in imports}))
    names = dict(session.execute(named).all()) if imports else {}
    return [
        PastLine(each, names[each.by_id], words.STATES[each.state], words.counted(each), words.kind(each))
        for each in imports
    ]


def progress(this: Import) -> Progress:
    if this.state in FIRST_STEPS:
        title, said = FIRST_STEPS[this.state]
        return Progress(_(title), _(said), None)
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
    outcome = _chosen(this, tally)
    page = queries.results_page(session, this, outcome, request.args.get("after")) if outcome else None
    companies = queries.companies_named(session, page.rows) if page else {}
    lines = [_told(this, row, companies) for row in page.rows] if page else []
    return render_template(
        "imports/result.html",
        this=this,
        title=words.title(this),
        lede=words.lede(this),
        facts=_facts(session, this),
        caption=words.TABS[outcome] if outcome else "",
        about=words.about(this, outcome),
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


def _chosen(this: Import, tally: Mapping[Outcome, int]) -> Outcome | None:
    """As in the address, else the first that holds now."""
    wanted = request.args.get("outcome", "")
    if wanted in tally:
        return Outcome(wanted)
    order = (*NEEDS_WORK, *words.TABS)
    return next((each for each in order if each in tally and words.holds(this, each)), None)


class ToldLine(NamedTuple):
    line: int
    column: str
    value: str
    kept: str
    reason: str


def _told(this: Import, row: ImportResult, companies: Mapping[str, str]) -> ToldLine:
    reason = _(row.reason) if row.reason else ""
    if row.before and row.after:
        reason = words.from_to(this.kind, row.before, row.after, companies)
    elif row.before:  # imported before the new values were kept
        reason = _("New: %(columns)s", columns=words.changed(this.kind, row.before))
    return ToldLine(
        row.line,
        words.heading(this.kind, row.column) if row.column else "",
        words.shown(this.kind, row.column, row.value),
        words.shown(this.kind, row.column, row.kept),
        reason,
    )
