"""Everybody sets their own name; whoever has none yet is asked for it first."""

from contextlib import suppress

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.advocates import correction_actions, queries
from portal.directory.forms import OwnNameForm
from portal.errors import NotFound
from portal.signin import memberships
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import STAFF, Role

bp = Blueprint("own_name", __name__, url_prefix="/<workspace>/my/name")


@bp.get("")
@allow(*Role)
def edit() -> ResponseReturnValue:
    return _page(OwnNameForm(formdata=None, name=member.name, title=_title()))


@bp.post("")
@allow(*Role)
def save() -> ResponseReturnValue:
    form = OwnNameForm()
    if not form.validate_on_submit():
        return _page(form), 422
    if member.has_role(Role.ADVOCATE):
        _rename_advocate(form)
    memberships.rename(db, member, form.name.data or "", by=member)
    flash(_("Saved. Others will see this name."))
    return redirect(url_for("home.show" if member.has_role(*STAFF) else "advocates.me"), 303)


def _rename_advocate(form: OwnNameForm) -> None:
    with suppress(NotFound):  # a member of that role whose person was erased
        advocate = queries.of_member(db, member)
        correction_actions.rename(db, advocate, form.name.data or "", form.title.data or "", by=member)


def _title() -> str:
    try:
        return queries.of_member(db, member).title if member.has_role(Role.ADVOCATE) else ""
    except NotFound:
        return ""


def _page(form: OwnNameForm) -> str:
    return render_template("directory/own_name.html", form=form, is_staff=member.has_role(*STAFF))
