"""Two people with one mailbox, listed until somebody has decided who it belongs to."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.web.access import allow
from portal.web.current import db, member
from portal.workspace import address_collisions
from portal.workspace.labels import COLLISION_TABLES
from tenants.models import Role

bp = Blueprint("address_collisions", __name__, url_prefix="/<workspace>/address-collisions")


@bp.get("")
@allow(Role.MANAGER, Role.ADMIN)
def index() -> ResponseReturnValue:
    pairs = address_collisions.unresolved(db)
    return render_template("workspace/address_collisions.html", pairs=pairs, tables=COLLISION_TABLES)


@bp.post("/<uuid:collision_id>/resolution")
@allow(Role.MANAGER, Role.ADMIN)
def resolve(collision_id: UUID) -> ResponseReturnValue:
    address_collisions.resolve(db, collision_id, keeps_subject=request.form.get("keep") == "first", by=member)
    flash(_("Resolved."))
    return redirect(url_for(".index"), 303)
