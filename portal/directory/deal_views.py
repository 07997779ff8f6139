"""Deals: found by prospect, name or number, with what programs did for them."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.accounts import queries
from portal.declarations.program_switches import programs_on
from portal.directory.deal_list import DEALS
from portal.lists.list_page import list_page
from portal.signin import memberships
from portal.web.access import allow, can_open
from portal.web.current import db, member
from tenants.models import Role

bp = Blueprint("deals", __name__, url_prefix="/<workspace>/deals")


@bp.get("")
@allow(Role.REP, Role.MANAGER, Role.ADMIN)
def index() -> ResponseReturnValue:
    start = next((one.start_action for one in programs_on(db) if one.start_action), None)
    return render_template("accounts/deals.html", page=list_page(DEALS), start=start)


@bp.get("/<uuid:deal_id>")
@allow(Role.REP, Role.MANAGER, Role.ADMIN)
def show(deal_id: UUID) -> ResponseReturnValue:
    deal = queries.deal(db, deal_id)
    parts = [part(db, deal, member) for program in programs_on(db) if (part := program.deal_part)]
    return render_template(
        "accounts/deal.html",
        deal=deal,
        parts=[part for part in parts if part],
        actions=[action for part in parts if part for action in part.actions if can_open(action.endpoint)],
        reps=memberships.names_by_email(db, [deal.rep_email_norm]),
    )
