"""For admins: messages between the parts of the software that could not be handled, with the reason."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import outbox
from portal.outbox import Envelope
from portal.paging import paginate
from portal.web.access import allow
from portal.web.current import db
from tenants.models import Role

bp = Blueprint("failed_messages", __name__, url_prefix="/<workspace>")


@bp.get("/failed-messages")
@bp.get("/messages", alias=True)
@allow(Role.ADMIN)
def index() -> ResponseReturnValue:
    shown = paginate(db, outbox.parked_messages(), key=(Envelope.id,), cursor=request.args.get("after"))
    return render_template("workspace/failed_messages.html", shown=shown)


@bp.post("/failed-messages/<uuid:envelope_id>/retries")
@allow(Role.ADMIN)
def try_again(envelope_id: UUID) -> ResponseReturnValue:
    outbox.retry(db, envelope_id)
    flash(_("Trying again now. If it fails again, it will be listed here with the reason."))
    return redirect(url_for(".index"), 303)
