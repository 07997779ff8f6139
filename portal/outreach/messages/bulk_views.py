"""Retries all emails that failed for one reason."""

import json

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.outreach.messages import bulk_actions
from portal.outreach.messages.queries import EmailTab
from portal.outreach.status_codes import NO_STATUS, EmailStatus, StatusCode
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.page_urls import previous_url
from tenants.models import Role

bp = Blueprint("bulk_emails", __name__, url_prefix="/<workspace>/emails")


@bp.post("/failures/retries")
@allow(Role.MANAGER, Role.ADMIN)
def retry_failed_for_reason() -> ResponseReturnValue:
    done = bulk_actions.retry_failed_for_reason(db, _posted_status(), by=member)
    if done.changed:
        again = ngettext("One email will be sent again.", "%(num)d emails will be sent again.", done.changed)
        left = ngettext("One more couldn’t be changed.", "%(num)d more couldn’t be changed.", done.skipped)
        flash(f"{again} {left}" if done.skipped else again)
    else:
        flash(_("Nothing was changed. These emails have changed in the meantime."), "bad")
    return redirect(previous_url() or url_for("emails.index", view=EmailTab.NEEDS_ATTENTION.value), 303)


def _posted_status() -> EmailStatus:
    """Read the reason that the pressed button named; an unknown one selects no email."""
    code, params = request.form.get("code", ""), request.form.get("params", "")
    try:
        return EmailStatus(StatusCode(code), dict(json.loads(params)))
    except (TypeError, ValueError):
        return NO_STATUS
