"""Somebody holds a link that cannot be read, and would like one that can."""

from contextlib import suppress
from uuid import UUID

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from portal import links
from portal.errors import DomainError
from portal.signin import stranger_email_limits
from portal.web import resend_link
from portal.web.access import public
from portal.web.current import db, source
from tenants.database import enter_tenant

bp = Blueprint("resend_link", __name__, url_prefix="/new-link")


class DailyLimitReached(DomainError):
    """As many emails as may went there today: what was written for this one is taken back."""


@bp.post("/<purpose>/<rest>")
@public
def send(purpose: str, rest: str) -> ResponseReturnValue:
    """Answer the same whether there was something to send or not: whoever asks may be anybody."""
    claimed = links.unverified_ids(rest)
    if claimed is None or purpose not in resend_link.RESENDERS:
        abort(404)
    tenant_id, row_id = claimed
    enter_tenant(db, tenant_id)
    stranger_email_limits.require_source_allowance(db, source())
    with (
        suppress(DomainError),
        db.begin_nested(),
    ):  # nothing is open there, there is no such thing, or it is enough
        _send_new_link(purpose, tenant_id, row_id)
    return render_template("signin/new_link_sent.html")


def _send_new_link(purpose: str, tenant_id: UUID, row_id: UUID) -> None:
    address = resend_link.RESENDERS[purpose](db, row_id)
    if purpose in resend_link.FOR_ADVOCATES:
        may = stranger_email_limits.count_to_advocate(db, tenant_id, address)
    else:
        may = stranger_email_limits.count_to_stranger(db, address)
    if not may:
        raise DailyLimitReached("This address has already received enough emails today.")
