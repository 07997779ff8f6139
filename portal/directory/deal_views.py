"""Deals: found by prospect, name or number; where asking for a reference begins."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts import queries
from portal.accounts.queries import DealFilter
from portal.directory import deal_queries
from portal.references.labels import KINDS, STATES
from portal.signin import memberships
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import MANAGER_ROLES, Role

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
    )


@bp.get("/<uuid:deal_id>")
@allow(Role.REP, Role.MANAGER, Role.ADMIN)
def show(deal_id: UUID) -> ResponseReturnValue:
    deal = queries.deal(db, deal_id)
    asked = deal_queries.requests(db, deal, member)
    return render_template(
        "accounts/deal.html",
        deal=deal,
        requests=asked,
        reps=memberships.names_by_email(db, [deal.rep_email_norm]),
        kinds=KINDS,
        states=STATES,
        sees_all=member.has_role(*MANAGER_ROLES),
    )
