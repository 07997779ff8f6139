"""Retries or cancels many emails at once. Where one may arrive twice, the page asks first."""

import json

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.outreach.labels import kind_names, status_text
from portal.outreach.messages import bulk_actions
from portal.outreach.messages.bulk_actions import BulkEmailResult
from portal.outreach.messages.queries import EmailTab
from portal.outreach.status_codes import NO_STATUS, EmailStatus, StatusCode
from portal.web import bulk_selection
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.page_urls import previous_url
from tenants.models import Role

bp = Blueprint("bulk_emails", __name__, url_prefix="/<workspace>/emails")


@bp.post("/retries")
@allow(Role.MANAGER, Role.ADMIN)
def try_again() -> ResponseReturnValue:
    ids = bulk_selection.selected_ids(request.form.getlist("picked"))
    if not request.form.get("sure") and bulk_actions.retry_selection(db, ids).unknown:
        return redirect(url_for(".confirm_retry", picked=[str(each) for each in ids]), 303)
    done = bulk_actions.try_again(db, ids, by=member)
    return _redirect_to_list(
        done, ngettext("One email will be sent again.", "%(num)d emails will be sent again.", done.changed)
    )


@bp.get("/retries/confirm")
@allow(Role.MANAGER, Role.ADMIN)
def confirm_retry() -> ResponseReturnValue:
    found = bulk_actions.retry_selection(db, bulk_selection.selected_ids(request.args.getlist("picked")))
    return render_template(
        "outreach/messages/confirm_retry.html", picked=found, kinds=kind_names(), status_text=status_text
    )


@bp.post("/ends")
@allow(Role.MANAGER, Role.ADMIN)
def give_up() -> ResponseReturnValue:
    done = bulk_actions.give_up(db, bulk_selection.selected_ids(request.form.getlist("picked")), by=member)
    return _redirect_to_list(done, ngettext("One email canceled.", "%(num)d emails canceled.", done.changed))


@bp.post("/failures/retries")
@allow(Role.MANAGER, Role.ADMIN)
def retry_failed_for_reason() -> ResponseReturnValue:
    done = bulk_actions.retry_failed_for_reason(db, _posted_status(), by=member)
    return _redirect_to_list(
        done, ngettext("One email will be sent again.", "%(num)d emails will be sent again.", done.changed)
    )


def _posted_status() -> EmailStatus:
    """Read the reason that the pressed button named; an unknown one selects no email."""
    code, params = request.form.get("code", ""), request.form.get("params", "")
    try:
        return EmailStatus(StatusCode(code), dict(json.loads(params)))
    except (TypeError, ValueError):
        return NO_STATUS


def _redirect_to_list(done: BulkEmailResult, message: str) -> ResponseReturnValue:
    left = ngettext("One more couldn’t be changed.", "%(num)d more couldn’t be changed.", done.skipped)
    if not done.changed:
        flash(_nothing_changed_message(done), "bad")
    else:
        flash(f"{message} {left}" if done.skipped else message)
    return redirect(list_url() or url_for("emails.index", view=EmailTab.NEEDS_ATTENTION.value), 303)


def _nothing_changed_message(done: BulkEmailResult) -> str:
    if not done.skipped:
        return _("Nothing was changed. Select emails in the list first.")
    if done.on_hold == done.skipped:
        return _(
            "Nothing was changed. The selected emails are on hold for now or no longer needed, "
            "so trying again makes no difference."
        )
    return _(
        "Nothing was changed. The selected emails are waiting, have changed in the meantime or can’t be sent again."
    )


def list_url() -> str:
    before = previous_url()
    return "" if before.partition("?")[0] == url_for(".confirm_retry") else before
