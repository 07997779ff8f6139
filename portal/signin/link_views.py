"""Somebody holds a link that cannot be read, and would like one that can."""

from contextlib import suppress
from uuid import UUID

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from portal import links
from portal.errors import DomainError
from portal.links import Purpose
from portal.signin import stranger_emails
from portal.web import again
from portal.web.access import public
from portal.web.current import db, source
from tenants.database import enter

bp = Blueprint("links", __name__, url_prefix="/new-link")


class Enough(DomainError):
    """As many emails as may went there today: what was written for this one is taken back."""


@bp.post("/<purpose>/<rest>")
@public
def another(purpose: str, rest: str) -> ResponseReturnValue:
    """The same answer whether there was something to send or not: whoever asks may be anybody."""
    claimed = links.claimed(rest)
    if claimed is None or purpose not in again.SENDERS:
        abort(404)
    tenant_id, row_id = claimed
    enter(db, tenant_id)
    stranger_emails.insist_on_room(db, source())
    with (
        suppress(DomainError),
        db.begin_nested(),
    ):  # nothing is open there, there is no such thing, or it is enough
        _send(Purpose(purpose), tenant_id, row_id)
    return render_template("signin/link_sent.html")


def _send(purpose: Purpose, tenant_id: UUID, row_id: UUID) -> None:
    address = again.SENDERS[purpose](db, row_id)
    if purpose in again.TO_ADVOCATES:
        may = stranger_emails.count_for_advocate(db, tenant_id, address)
    else:
        may = stranger_emails.count_for_stranger(db, address)
    if not may:
        raise Enough("Enough emails went to this address today.")
