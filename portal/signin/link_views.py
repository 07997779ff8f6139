"""Somebody holds a link that cannot be read, and would like one that can."""

from contextlib import suppress

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from portal import links
from portal.errors import DomainError
from portal.links import Purpose
from portal.signin.throttle import throttle
from portal.web import again
from portal.web.access import public
from portal.web.current import db, source
from tenants.addresses import normal_email
from tenants.database import enter

bp = Blueprint("links", __name__, url_prefix="/new-link")


@bp.post("/<purpose>/<rest>")
@public
def another(purpose: str, rest: str) -> ResponseReturnValue:
    """The same answer whether there was something to send or not: whoever asks may be anybody."""
    claimed = links.claimed(rest)
    sender = again.SENDERS.get(Purpose(purpose)) if purpose in list(Purpose) else None
    if claimed is None or sender is None:
        abort(404)
    tenant_id, row_id = claimed
    enter(db, tenant_id)
    address = f"link:{row_id}"
    with suppress(DomainError):  # nothing is open there, or there is no such thing
        address = normal_email(sender(db, row_id))
    throttle(db, address, source(), kind="link")  # the fourth is refused, and what was written with it
    return render_template("signin/link_sent.html")
