"""One's own exports: the list, the progress of one, its file. Each look asks for the role again."""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, url_for
from flask import request as flask_request
from flask.typing import ResponseReturnValue

from portal.exports import actions, labels, list_download, queries
from portal.exports.models import DUE, ExportState
from portal.web.access import allow
from portal.web.current import db, is_htmx, member
from portal.web.downloads import download
from tenants.models import MANAGER_ROLES

CAN_EXPORT = MANAGER_ROLES  # whoever may see the lists themselves
bp = Blueprint("exports", __name__, url_prefix="/<workspace>/exports")


@bp.get("")
@allow(*CAN_EXPORT)
def index() -> ResponseReturnValue:
    page = queries.exports_page(db, member, flask_request.args.get("after"))
    return render_template("exports/index.html", page=page, labels=labels)


@bp.get("/<uuid:export_id>")
@allow(*CAN_EXPORT)
def show(export_id: UUID) -> ResponseReturnValue:
    export = queries.get(db, export_id, member=member)
    back = labels.list_url(export.kind, export.filters)
    page = "exports/running.html" if export.state in DUE else "exports/show.html"
    return render_template(page, export=export, labels=labels, progress=labels.progress(export), back=back)


@bp.get("/<uuid:export_id>/progress")
@allow(*CAN_EXPORT)
def progress(export_id: UUID) -> ResponseReturnValue:
    export = queries.get(db, export_id, member=member)
    if not is_htmx():
        return redirect(url_for(".show", export_id=export.id))
    if export.state in DUE:
        return render_template("exports/progress.html", export=export, progress=labels.progress(export))
    return Response(status=200, headers={"HX-Redirect": url_for(".show", export_id=export.id)})


@bp.get("/<uuid:export_id>/file")
@allow(*CAN_EXPORT)
def file(export_id: UUID) -> ResponseReturnValue:
    export = queries.get(db, export_id, member=member)
    if export.current_state is not ExportState.READY:
        return redirect(url_for(".show", export_id=export.id))
    pieces = queries.pieces(export.tenant_id, export.id, export.size)
    return download(pieces, export.file_name, size=export.size)


@bp.post("/<uuid:export_id>/attempts")
@allow(*CAN_EXPORT)
def restart(export_id: UUID) -> ResponseReturnValue:
    export = queries.get(db, export_id, member=member)
    try:
        actions.restart(db, export, by=member)
    except actions.TooManyExports as busy:
        return list_download.redirect_to_exports(busy)
    return redirect(url_for(".show", export_id=export.id), 303)
