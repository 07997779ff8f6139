"""Suppressed addresses: why, since when, adding one by hand, lifting one."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import history
from portal.errors import Conflict
from portal.lists.list_page import list_page
from portal.outreach.labels import kind_names
from portal.outreach.suppressions import actions, labels, queries
from portal.outreach.suppressions.forms import LiftForm, SuppressForm
from portal.outreach.suppressions.history_actions import SuppressionAction
from portal.outreach.suppressions.lists import SUPPRESSED
from portal.outreach.suppressions.models import Suppression
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.filters import moment
from portal.web.refusal_text import refusal_text
from tenants.models import Role

bp = Blueprint("suppressions", __name__, url_prefix="/<workspace>/emails/suppressed")


@bp.get("")
@allow(Role.MANAGER, Role.ADMIN)
def index() -> ResponseReturnValue:
    return render_template(
        "outreach/suppressions/index.html", page=list_page(SUPPRESSED), labels=labels, kinds=kind_names()
    )


@bp.get("/new")
@allow(Role.MANAGER, Role.ADMIN)
def new() -> ResponseReturnValue:
    return _new_page(SuppressForm(formdata=None, data={"address": request.args.get("to", "")}))


@bp.post("")
@allow(Role.MANAGER, Role.ADMIN)
def add() -> ResponseReturnValue:
    form = SuppressForm()
    if not form.validate_on_submit():
        return _new_page(form), 422
    address = form.address.data or ""
    try:
        made = actions.suppress_by_hand(db, address, form.note.data or "", by=member)
    except Conflict as refusal:
        form.address.errors = [refusal_text(refusal)]
        return _new_page(form), 422
    words = _("%(address)s is suppressed.") if made else _("%(address)s was already suppressed.")
    flash(words % {"address": address})
    return redirect(url_for(".index", to=address), 303)


@bp.get("/<uuid:suppression_id>")
@allow(Role.MANAGER, Role.ADMIN)
def show(suppression_id: UUID) -> ResponseReturnValue:
    return _page(queries.get(db, suppression_id), LiftForm(formdata=None))


@bp.post("/<uuid:suppression_id>/end")
@allow(Role.MANAGER, Role.ADMIN)
def lift(suppression_id: UUID) -> ResponseReturnValue:
    suppression, form = queries.lock_suppression(db, suppression_id), LiftForm()
    if not form.validate_on_submit():
        return _page(queries.get(db, suppression_id), form), 422
    flash(_lifted(actions.lift(db, suppression, by=member, note=form.note.data or "")))
    return redirect(url_for(".show", suppression_id=suppression.id), 303)


def _lifted(freed: int) -> str:
    tried = ngettext(
        "One email that was on hold is tried again now.",
        "%(num)d emails that were on hold are tried again now.",
        freed,
    )
    rest = _("Other emails stay on hold until you try them again.")
    return " ".join([_("Emails to this address can be sent again."), *([tried] if freed else []), rest])


def _new_page(form: SuppressForm) -> str:
    return render_template("outreach/suppressions/new.html", form=form)


def _page(suppression: Suppression, form: LiftForm) -> str:
    entries = history.entries_about(db, suppression)
    return render_template(
        "outreach/suppressions/show.html",
        row=suppression,
        form=form,
        email=next(iter(queries.causing_emails(db, [suppression]).values()), None),
        history=[
            (
                moment(entry.created_at),
                entry.by_name,
                _history_text(entry.action, entry.detail.get("note", "")),
            )
            for entry in entries
        ],
        labels=labels,
        kinds=kind_names(),
    )


def _history_text(action: str, note: str) -> str:
    words = str(labels.HISTORY_ACTIONS[SuppressionAction(action)])
    return f"{words}: {note}" if note else words
