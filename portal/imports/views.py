"""Files in: the list of past imports, a new one step by step, what became of every line, and the way back."""

from contextlib import closing
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import policies
from portal.exports import list_download
from portal.imports import actions, check_page, columns_page, labels, queries, result_page
from portal.imports import check as import_check
from portal.imports.export import IMPORT_LINES
from portal.imports.forms import UploadForm
from portal.imports.lists import IMPORTS
from portal.imports.models import DUE, Import, ImportState, LineOutcome
from portal.imports.parsing.errors import UnreadableFile
from portal.imports.policies import LARGEST_FILE
from portal.lists.list_page import list_page
from portal.web.access import allow
from portal.web.body_limits import MB, accepts_file
from portal.web.current import db, is_htmx, member
from tenants.models import MANAGER_ROLES

CAN_IMPORT = MANAGER_ROLES
bp = Blueprint("imports", __name__, url_prefix="/<workspace>/imports")


@bp.get("")
@allow(*CAN_IMPORT)
def index() -> ResponseReturnValue:
    return render_template("imports/index.html", page=list_page(IMPORTS))


@bp.get("/new")
@allow(*CAN_IMPORT)
def new() -> ResponseReturnValue:
    return _upload_page(UploadForm())


@bp.post("")
@allow(*CAN_IMPORT)
@accepts_file(LARGEST_FILE.high * MB)
def upload() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate_on_submit():
        return _upload_page(form), 422
    given = form.file.data
    try:
        with closing(given.stream):
            this = actions.upload(db, given.filename or "", given.stream, by=member)
    except UnreadableFile as refusal:
        form.file.errors = [labels.failure_text(refusal.failure, refusal.params)]
        return _upload_page(form), 422
    return redirect(url_for(".show", import_id=this.id), 303)


@bp.get("/<uuid:import_id>")
@allow(*CAN_IMPORT)
def show(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    if this.state == ImportState.UPLOADED:
        return redirect(url_for(".check" if this.check_result else ".columns", import_id=this.id))
    if this.state in DUE:
        return render_template("imports/running.html", this=this, progress=result_page.progress_of(this))
    if this.state == ImportState.UNREADABLE:
        return render_template("imports/unreadable.html", this=this, failure_text=labels.status_text(this))
    return result_page.render(db, this)


@bp.get("/<uuid:import_id>/progress")
@allow(*CAN_IMPORT)
def progress(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    if not is_htmx():
        return redirect(url_for(".show", import_id=this.id))
    if this.state in DUE:
        return render_template("imports/progress.html", this=this, progress=result_page.progress_of(this))
    return Response(status=200, headers={"HX-Redirect": url_for(".show", import_id=this.id)})


@bp.get("/<uuid:import_id>/columns")
@allow(*CAN_IMPORT)
def columns(import_id: UUID) -> ResponseReturnValue:
    if (this := queries.get(db, import_id)).state in DUE:
        return redirect(url_for(".show", import_id=this.id))
    actions.require_open(this)
    kind = columns_page.requested_kind(this)
    return columns_page.render(this, kind, columns_page.form_for(db, this, kind))


@bp.post("/<uuid:import_id>/columns")
@allow(*CAN_IMPORT)
def map_columns(import_id: UUID) -> ResponseReturnValue:
    this = _open_import(import_id)
    kind = columns_page.requested_kind(this)
    form = columns_page.form_for(db, this, kind, is_new=False)
    if not columns_page.is_answered(this, form):
        return columns_page.render(this, kind, form), 422
    actions.map_columns(db, this, form.mapping(), form.formats)
    return redirect(url_for(".check", import_id=this.id), 303)


@bp.post("/<uuid:import_id>/sheet")
@allow(*CAN_IMPORT)
def choose_sheet(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    actions.choose_sheet(db, this, request.form.get("sheet", ""))
    return redirect(url_for(".show", import_id=this.id), 303)


@bp.post("/<uuid:import_id>/encoding")
@allow(*CAN_IMPORT)
def choose_encoding(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    actions.choose_encoding(db, this, request.form.get("encoding", ""))
    return redirect(url_for(".show", import_id=this.id), 303)


@bp.post("/<uuid:import_id>/quotes")
@allow(*CAN_IMPORT)
def choose_quotes(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    actions.choose_quotes(db, this, request.form.get("quotes", ""))
    return redirect(url_for(".show", import_id=this.id), 303)


@bp.get("/<uuid:import_id>/check")
@allow(*CAN_IMPORT)
def check(import_id: UUID) -> ResponseReturnValue:
    if (this := queries.get(db, import_id)).state in DUE:
        return redirect(url_for(".show", import_id=this.id))
    actions.require_open(this)
    if this.check_result is None or actions.missing_answer(this):
        return redirect(url_for(".columns", import_id=this.id))
    return check_page.render(this, import_check.from_json(this.check_result))


@bp.post("/<uuid:import_id>/run")
@allow(*CAN_IMPORT)
def run(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    actions.start_as_seen(db, this, request.form.get("version", ""), by=member)
    return redirect(url_for(".show", import_id=this.id), 303)


@bp.get("/<uuid:import_id>/lines.csv")
@allow(*CAN_IMPORT)
def download(import_id: UUID) -> ResponseReturnValue:
    return list_download.download_or_offer(IMPORT_LINES, *_lines_export(import_id))


@bp.post("/<uuid:import_id>/lines.csv")
@allow(*CAN_IMPORT)
def make_download(import_id: UUID) -> ResponseReturnValue:
    return list_download.start_or_redirect(IMPORT_LINES, *_lines_export(import_id))


@bp.post("/<uuid:import_id>/undoing")
@allow(*CAN_IMPORT)
def undo(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    actions.undo(db, this, by=member, lifts_opt_outs="lifts_opt_outs" in request.form)
    return redirect(url_for(".show", import_id=this.id), 303)


@bp.post("/<uuid:import_id>/removal")
@allow(*CAN_IMPORT)
def discard(import_id: UUID) -> ResponseReturnValue:
    this = queries.get(db, import_id)
    actions.discard(db, this, by=member)
    flash(_("%(file)s was removed. Nothing was imported from it.", file=this.file_name))
    return redirect(url_for(".index"), 303)


def _lines_export(import_id: UUID) -> tuple[dict[str, str], str]:
    """The filters of its lines, and what their file is called."""
    kind, outcome = queries.get(db, import_id).kind.value, request.args.get("outcome", "")
    outcome = outcome if outcome in set(LineOutcome) else ""
    return {"import_id": str(import_id), "outcome": outcome}, f"{kind}-{outcome or 'all'}.csv"


def _upload_page(form: UploadForm) -> str:
    return render_template("imports/new.html", form=form, most=policies.value(db, LARGEST_FILE))


def _open_import(import_id: UUID) -> Import:
    """One that can still be changed; one that can't says how it stands."""
    this = queries.get(db, import_id)
    if this.state != ImportState.CHECKING:
        actions.require_open(this)
    return this
