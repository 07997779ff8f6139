"""Files in: the list of past imports, a new one step by step, what became of every line, and the way back."""

from contextlib import closing
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import policies
from portal.exports import serving
from portal.imports import actions, check_page, checking, columns_page, queries, result_page
from portal.imports.export import IMPORT_LINES
from portal.imports.forms import UploadForm
from portal.imports.models import DUE, Import, Outcome, State
from portal.imports.policies import LARGEST_FILE
from portal.imports.sniffing import NoTable
from portal.web.access import allow
from portal.web.caps import MB, takes
from portal.web.current import db, is_htmx, member
from tenants.models import Role

DESK = (Role.MANAGER, Role.ADMIN)
bp = Blueprint("imports", __name__, url_prefix="/<workspace>/imports")


@bp.get("")
@allow(*DESK)
def index() -> ResponseReturnValue:
    page = queries.past(db, request.args.get("after"))
    return render_template("imports/index.html", page=page, lines=result_page.past_lines(db, page.rows))


@bp.get("/new")
@allow(*DESK)
def new() -> ResponseReturnValue:
    return _new(UploadForm())


@bp.post("")
@allow(*DESK)
@takes(LARGEST_FILE.high * MB)
def upload() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate_on_submit():
        return _new(form), 422
    given = form.file.data
    try:
        with closing(given.stream):
            this = actions.upload(db, given.filename or "", given.stream, by=member)
    except NoTable as refusal:
        form.file.errors = [_(refusal.message) % refusal.params]
        return _new(form), 422
    return redirect(url_for(".show", import_id=this.id), 303)


@bp.get("/<uuid:import_id>")
@allow(*DESK)
def show(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    if this.state == State.UPLOADED:
        return redirect(url_for(".check" if this.checked else ".columns", import_id=this.id))
    if this.state in DUE:
        return render_template("imports/running.html", this=this, progress=result_page.progress(this))
    if this.state == State.UNREADABLE:
        return render_template("imports/unreadable.html", this=this)
    return result_page.draw(db, this)


@bp.get("/<uuid:import_id>/progress")
@allow(*DESK)
def progress(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    if not is_htmx():
        return redirect(url_for(".show", import_id=this.id))
    if this.state in DUE:
        return render_template("imports/progress.html", this=this, progress=result_page.progress(this))
    return Response(status=200, headers={"HX-Redirect": url_for(".show", import_id=this.id)})


@bp.get("/<uuid:import_id>/columns")
@allow(*DESK)
def columns(import_id: UUID) -> ResponseReturnValue:
    if (this := queries.get(db, import_id)).state in DUE:
        return redirect(url_for(".show", import_id=this.id))
    actions.insist_open(this)
    kind = columns_page.asked_kind(this)
    return columns_page.draw(this, kind, columns_page.form_for(db, this, kind))


@bp.post("/<uuid:import_id>/columns")
@allow(*DESK)
def map_columns(import_id: UUID) -> ResponseReturnValue:
    this = _open(import_id)
    kind = columns_page.asked_kind(this)
    form = columns_page.form_for(db, this, kind, is_new=False)
    if not columns_page.is_answered(this, form):
        return columns_page.draw(this, kind, form), 422
    actions.map_columns(db, this, form.mapping(), form.formats)
    return redirect(url_for(".check", import_id=this.id), 303)


@bp.post("/<uuid:import_id>/sheet")
@allow(*DESK)
def choose_sheet(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    actions.choose_sheet(db, this, request.form.get("sheet", ""))
    return redirect(url_for(".show", import_id=this.id), 303)


@bp.post("/<uuid:import_id>/encoding")
@allow(*DESK)
def choose_encoding(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    actions.choose_encoding(db, this, request.form.get("encoding", ""))
    return redirect(url_for(".show", import_id=this.id), 303)


@bp.post("/<uuid:import_id>/quotes")
@allow(*DESK)
def choose_quotes(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    actions.choose_quotes(db, this, request.form.get("quotes", ""))
    return redirect(url_for(".show", import_id=this.id), 303)


@bp.get("/<uuid:import_id>/check")
@allow(*DESK)
def check(import_id: UUID) -> ResponseReturnValue:
    if (this := queries.get(db, import_id)).state in DUE:
        return redirect(url_for(".show", import_id=this.id))
    actions.insist_open(this)
    if this.checked is None or actions.what_is_open(this):
        return redirect(url_for(".columns", import_id=this.id))
    return check_page.draw(this, checking.told(this.checked))


@bp.post("/<uuid:import_id>/run")
@allow(*DESK)
def run(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    actions.start_as_seen(db, this, request.form.get("version", ""), by=member)
    return redirect(url_for(".show", import_id=this.id), 303)


@bp.get("/<uuid:import_id>/lines.csv")
@allow(*DESK)
def download(import_id: UUID) -> ResponseReturnValue:
    return serving.show(IMPORT_LINES, *_lines_of(import_id))


@bp.post("/<uuid:import_id>/lines.csv")
@allow(*DESK)
def make_download(import_id: UUID) -> ResponseReturnValue:
    return serving.start(IMPORT_LINES, *_lines_of(import_id))


@bp.post("/<uuid:import_id>/undoing")
@allow(*DESK)
def undo(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    actions.undo(db, this, by=member, lifts_opt_outs="lifts_opt_outs" in request.form)
    return redirect(url_for(".show", import_id=this.id), 303)


@bp.post("/<uuid:import_id>/removal")
@allow(*DESK)
def discard(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    actions.discard(db, this, by=member)
    flash(_("%(file)s was removed. Nothing of it was imported.", file=this.file_name))
    return redirect(url_for(".index"), 303)


def _lines_of(import_id: UUID) -> tuple[dict[str, str], str]:
    """The filters of its lines, and what their file is called."""
    kind, outcome = queries.get(db, import_id).kind.value, request.args.get("outcome", "")
    outcome = outcome if outcome in set(Outcome) else ""
    return {"import_id": str(import_id), "outcome": outcome}, f"{kind}-{outcome or 'all'}.csv"


def _new(form: UploadForm) -> str:
    return render_template("imports/new.html", form=form, most=policies.value(db, LARGEST_FILE))


def _open(import_id: UUID) -> Import:
    """One that can still be changed; one that can't says how it stands."""
    this = queries.get(db, import_id)
    if this.state != State.CHECKING:
        actions.insist_open(this)
    return this
