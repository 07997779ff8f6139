"""Addresses we do not write to: why, since when, one more by hand, and one that works again."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import history
from portal.errors import Conflict
from portal.outreach.labels import KINDS
from portal.outreach.suppression import actions, labels, queries
from portal.outreach.suppression.forms import LiftForm, SuppressForm
from portal.outreach.suppression.models import Suppression
from portal.outreach.suppression.queries import View
from portal.paging import page
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.filters import moment
from tenants.models import Role

bp = Blueprint("suppression", __name__, url_prefix="/<workspace>/letters/suppressed")


@bp.get("")
@allow(Role.MANAGER, Role.ADMIN)
def index() -> ResponseReturnValue:
    asked, address = request.args.get("view", ""), request.args.get("to", "").strip()
    view = View(asked) if asked in set(View) else View.IN_FORCE
    chosen = queries.suppressions(db, view, address)
    shown = page(db, chosen, key=(Suppression.id,), cursor=request.args.get("after"), descending=True)
    return render_template(
        "outreach/suppressed.html",
        shown=shown,
        letters=queries.letters_behind(db, shown.rows),
        view=view,
        address=address,
        labels=labels,
        kinds=KINDS,
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
        form.address.errors = [_(refusal.message, **refusal.params)]
        return _new_page(form), 422
    words = _("Nobody writes to %(address)s any more.") if made else _("%(address)s was on the list already.")
    flash(words % {"address": address})
    return redirect(url_for(".index", to=address), 303)


@bp.get("/<uuid:suppression_id>")
@allow(Role.MANAGER, Role.ADMIN)
def show(suppression_id: UUID) -> ResponseReturnValue:
    return _page(queries.get(db, suppression_id), LiftForm(formdata=None))


@bp.post("/<uuid:suppression_id>/end")
@allow(Role.MANAGER, Role.ADMIN)
def lift(suppression_id: UUID) -> ResponseReturnValue:
    suppression, form = queries.locked(db, suppression_id), LiftForm()
    if not form.validate_on_submit():
        return _page(queries.get(db, suppression_id), form), 422
    flash(_lifted(actions.lift(db, suppression, by=member, note=form.note.data or "")))
    return redirect(url_for(".show", suppression_id=suppression.id), 303)


def _lifted(freed: int) -> str:
    tried = ngettext(
        "One letter that was held is tried again now.",
        "%(num)d letters that were held are tried again now.",
        freed,
    )
    rest = _("What else is held stays held until you try it again.")
    return " ".join([_("Letters may leave for this address again."), *([tried] if freed else []), rest])


def _new_page(form: SuppressForm) -> str:
    return render_template("outreach/suppress.html", form=form)


def _page(suppression: Suppression, form: LiftForm) -> str:
    told = history.of(db, suppression)
    return render_template(
        "outreach/suppression.html",
        row=suppression,
        form=form,
        letter=next(iter(queries.letters_behind(db, [suppression]).values()), None),
        told=[
            (moment(line.created_at), line.by_name, _told(line.what, line.detail.get("note", "")))
            for line in told
        ],
        labels=labels,
        kinds=KINDS,
    )


def _told(what: str, note: str) -> str:
    words = str(labels.DONE[what])
    return f"{words}: {note}" if note else words
