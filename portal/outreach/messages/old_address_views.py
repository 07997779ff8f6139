"""Addresses of pages as older emails and bookmarks know them: each redirects to the address of today."""

from urllib.parse import quote, urlencode

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.outreach.messages.queries import EmailOutcome, EmailTab
from portal.outreach.models import HoldReason
from portal.web.access import allow
from tenants.models import Role

bp = Blueprint("old_email_addresses", __name__, url_prefix="/<workspace>/letters")
MOVED_PATHS = {"doubts": ""}  # what may arrive twice is told in the preview of the list today
RENAMED_FILTERS = {
    ("view", "needs-you"): EmailTab.NEEDS_ATTENTION,
    ("view", "held"): EmailTab.ON_HOLD,
    ("view", "in-force"): "active",
    ("state", "held"): EmailOutcome.ON_HOLD,
    ("state", "in-doubt"): EmailOutcome.DELIVERY_UNKNOWN,
    ("state", "scanned"): EmailOutcome.OPENED_BY_BOT,
    ("reason", "quiet"): HoldReason.QUIET_HOURS,
    ("reason", "cap"): HoldReason.FREQUENCY_CAP,
    ("reason", "day"): HoldReason.DAILY_LIMIT,
    ("reason", "left"): HoldReason.LEFT_PROGRAM,
    ("reason", "over"): HoldReason.OBSOLETE,
    ("reason", "doubt"): HoldReason.DELIVERY_UNKNOWN,
}


@bp.get("")
@bp.get("/<path:rest>")
@allow(Role.MANAGER, Role.ADMIN)
def show(rest: str = "") -> ResponseReturnValue:
    path = "/".join(filter(None, [url_for("emails.index"), quote(MOVED_PATHS.get(rest, rest))]))
    filters = [
        (name, str(RENAMED_FILTERS.get((name, value), value)))
        for name, value in request.args.items(multi=True)
    ]
    return redirect(f"{path}?{urlencode(filters)}" if filters else path, 301)
