"""Deals: found by prospect, name or number, with what programs did for them."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts import queries
from portal.accounts.queries import DealFilter
from portal.declarations.program_switches import programs_on
from portal.directory import deal_queries
from portal.signin import memberships
from portal.web.access import allow, can_open
from portal.web.current import db, member
from tenants.models import Role

bp = Blueprint("deals", __name__, url_prefix="/<workspace>/deals")


@bp.get("")
@allow(Role.REP, Role.MANAGER, Role.ADMIN)
def index() -> ResponseReturnValue:
    whose = "mine" if request.args.get("whose") == "mine" else ""
    filters = DealFilter(
        text=request.args.get("q", ""),
        stage=request.args.get("stage", ""),
        product=request.args.get("product", ""),
        rep=member.email_norm if whose else "",
    )
    found = deal_queries.deals_page(db, filters, request.args.get("after"))
    return render_template(
        "accounts/deals.html",
        page=found,
        reps=memberships.names_by_email(db, (deal.rep_email_norm for deal in found.rows)),
        filters=filters,
        whose=whose,
        options=deal_queries.filter_options(db),
        start=next((one.start_action for one in programs_on(db) if one.start_action), None),
    )


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
