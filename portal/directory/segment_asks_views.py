"""Who of a segment can be asked for a kind of favor."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.directory.segment_asks import known_kind, segment_asks
from portal.segments import queries
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import MANAGER_ROLES

bp = Blueprint("segment_asks", __name__, url_prefix="/<workspace>/segments/<uuid:segment_id>")


@bp.get("/asks")
@allow(*MANAGER_ROLES)
def show(segment_id: UUID) -> ResponseReturnValue:
    segment = queries.get_visible(db, segment_id, member)
    asks = segment_asks(db, segment, known_kind(request.args.get("kind", "")))
    return render_template("segments/asks.html", asks=asks)
