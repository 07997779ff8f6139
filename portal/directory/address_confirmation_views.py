"""The link that was sent to somebody's new address: a GET shows what it means, a POST makes it theirs."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.advocates import address_change_actions, address_change_queries, queries
from portal.advocates.address_change_models import AddressChange
from portal.errors import BadLink
from portal.links import LinkPurpose
from portal.outreach.preferences import address_transfer_actions
from portal.web import resend_link
from portal.web.access import signed
from portal.web.current import db, link

bp = Blueprint("address_confirmation", __name__, url_prefix="/address")


@bp.get("/<token>")
@signed(LinkPurpose.ADDRESS)
def show() -> ResponseReturnValue:
    change = _change(db)
    if not change.is_open or change.is_expired:
        return render_template("directory/address_link_expired.html", change=change), 410
    advocate = queries.get(db, change.advocate_id)
    return render_template("directory/confirm_address.html", change=change, advocate=advocate)


@bp.post("/<token>")
@signed(LinkPurpose.ADDRESS)
def confirm() -> ResponseReturnValue:
    change = _change(db)
    if change.confirmed_at is None:
        address_transfer_actions.confirm_change(db, change)
    return render_template("directory/address_confirmed.html", change=change)


@resend_link.sends_new_link(LinkPurpose.ADDRESS)
def resend_for_link(session: Session, change_id: UUID) -> str:
    change = address_change_queries.get(session, change_id)
    if change.is_expired:
        raise BadLink("This link has expired. A manager can send it again.")  # as the whole link says
    address_change_actions.resend(session, change)
    return change.email


def _change(session: Session) -> AddressChange:
    change = address_change_queries.get(session, link.row_id)
    if change.link_version != link.version:
        raise BadLink("We sent you a newer email. Please use the link in that one.")
    return change
