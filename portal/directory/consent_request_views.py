"""Who agreed to what, and asking those who may be asked for one thing more."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.advocates import queries as advocates
from portal.advocates.models import ConsentPurpose
from portal.directory import consent_request_pages as pages
from portal.directory.forms import ConsentRequestForm
from portal.errors import Conflict
from portal.outreach.consent_requests import actions
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.filters import number
from tenants.models import MANAGER_ROLES

bp = Blueprint("consent_requests", __name__, url_prefix="/<workspace>/advocates")


@bp.get("/consents")
@allow(*MANAGER_ROLES)
def index() -> ResponseReturnValue:
    return render_template("directory/consents.html", page=pages.all_purposes(db))


@bp.get("/consents/<purpose>")
@allow(*MANAGER_ROLES)
def show(purpose: str) -> ResponseReturnValue:
    page = pages.one_purpose(db, purpose, request.args.get("reason", ""), request.args.get("after"))
    return render_template("directory/consent.html", page=page)


@bp.post("/consents/<purpose>")
@allow(*MANAGER_ROLES)
def ask_everybody(purpose: str) -> ResponseReturnValue:
    text = pages.text_of(db, purpose)
    if str(text.id) != request.form.get("text_id"):
        raise Conflict("The words of this consent changed while your page was open. Nobody was asked.")
    flash(_outcome(actions.ask_everybody(db, text, by=member)))
    return redirect(url_for(".show", purpose=purpose), 303)


@bp.get("/<uuid:advocate_id>/consent-request")
@allow(*MANAGER_ROLES)
def new(advocate_id: UUID) -> ResponseReturnValue:
    return _page_of_one(advocate_id, ConsentRequestForm(formdata=None))


@bp.post("/<uuid:advocate_id>/consent-request")
@allow(*MANAGER_ROLES)
def ask_one(advocate_id: UUID) -> ResponseReturnValue:
    advocate, form = advocates.get(db, advocate_id), ConsentRequestForm()
    if not form.validate_on_submit():
        return _page_of_one(advocate_id, form), 422
    actions.ask(db, advocate.id, ConsentPurpose(form.purpose.data), by=member)
    flash(_("%(name)s is asked by email.", name=advocate.name))
    return redirect(url_for("directory.show", advocate_id=advocate.id), 303)


def _page_of_one(advocate_id: UUID, form: ConsentRequestForm) -> str:
    page = pages.one_person(db, advocates.get(db, advocate_id))
    return render_template("directory/consent_request.html", page=page, form=form)


def _outcome(asked: int | None) -> str:
    if asked is None:
        return _("They’re being asked now. With so many people that takes a minute or two.")
    if not asked:
        return _("Nobody was asked: nobody is left who may be asked for this.")
    return ngettext(
        "%(n)s person is asked. The email leaves in their office hours.",
        "%(n)s people are asked. Their emails leave in their office hours.",
        asked,
        n=number(asked),
    )
