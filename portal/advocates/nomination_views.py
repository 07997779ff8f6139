"""Reps and account owners suggest a customer's employee; a manager decides."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.advocates import actions, queries
from portal.advocates.actions import Nomination
from portal.advocates.forms import NominationForm
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import Role

bp = Blueprint("nominations", __name__, url_prefix="/<workspace>/nominations")


@bp.get("")
@allow(Role.REP, Role.OWNER)
def index() -> ResponseReturnValue:
    return _page(NominationForm(formdata=None, company=request.args.get("company", "")))


@bp.post("")
@allow(Role.REP, Role.OWNER)
def nominate() -> ResponseReturnValue:
    """Answer the same for known and unknown addresses, so that reps do not learn who is in."""
    form = NominationForm()
    if not form.validate_on_submit():
        return _page(form), 422
    actions.nominate(db, Nomination(form.contact_details(), form.why.data or ""), by=member)
    flash(_("Thank you. A program manager will review it."))
    return redirect(url_for(".index"), 303)


def _page(form: NominationForm) -> str:
    return render_template("advocates/nominations.html", form=form, mine=queries.nominations(db, member))
