"""Inviting somebody who is typed in. Those in the list are invited by its bulk act."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.advocates import actions
from portal.advocates.forms import PersonForm
from portal.advocates.models import Provenance
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import MANAGER_ROLES

bp = Blueprint("advocate_invitations", __name__, url_prefix="/<workspace>/advocates/invitations")


@bp.get("")
@allow(*MANAGER_ROLES)
def new() -> ResponseReturnValue:
    return render_template("directory/invite.html", form=PersonForm(formdata=None))


@bp.post("/person")
@allow(*MANAGER_ROLES)
def add() -> ResponseReturnValue:
    form = PersonForm()
    if not form.validate_on_submit():
        return render_template("directory/invite.html", form=form), 422
    advocate = actions.add(db, form.contact_details(), Provenance.INVITED)
    actions.invite(db, advocate, by=member)
    flash(_("%(name)s is invited. The email is on its way.", name=advocate.name))
    return redirect(url_for("directory.show", advocate_id=advocate.id), 303)
