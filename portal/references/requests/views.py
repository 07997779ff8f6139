"""The list of requests: the whole desk for managers, their own for reps."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.lists.list_page import ListPage, list_page
from portal.references import labels
from portal.references.models import ReferenceRequest
from portal.references.queries import RUNNING
from portal.references.requests.lists import OWN_REQUESTS, REQUESTS
from portal.references.requests.request_page import render_request, visible_request
from portal.references.service_levels import service_levels
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import MANAGER_ROLES, Role

bp = Blueprint("references", __name__, url_prefix="/<workspace>/requests")


@bp.get("")
@allow(Role.REP, *MANAGER_ROLES)
def index() -> ResponseReturnValue:
    if not member.has_role(*MANAGER_ROLES):
        return render_template("references/requests/mine.html", page=list_page(OWN_REQUESTS))
    page = list_page(REQUESTS)
    numbers = page.counts["open"], page.counts["overdue"], page.counts["late"]
    return render_template(
        "references/requests/index.html",
        page=page,
        lede=labels.open_and_late_summary(*numbers),
        overdue=_next_overdue(page),
    )


@bp.get("/<uuid:request_id>")
@allow(Role.REP, *MANAGER_ROLES)
def show(request_id: UUID) -> ResponseReturnValue:
    return render_request(visible_request(request_id))


def _next_overdue(page: ListPage) -> ReferenceRequest | None:
    """The one that is late the longest, of those on the page."""
    now = service_levels(db).now
    late = [one for one in page.rows if one.state in RUNNING and one.due_at < now and not one.waiting_since]
    return min(late, key=lambda one: one.due_at, default=None)
