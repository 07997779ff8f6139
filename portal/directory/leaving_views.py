"""Leaving the program, with what it means said before; and all that is kept about a person, in plain words."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import policies
from portal.advocates import actions, labels, queries
from portal.advocates.ask_kind_policies import favor_minutes
from portal.advocates.history_actions import DepartureReason
from portal.directory.personal_data_summary import open_commitments, personal_data_summary
from portal.web.access import allow
from portal.web.current import db, member, tenant
from tenants.models import Role

bp = Blueprint("leaving", __name__, url_prefix="/<workspace>/my/me")


@bp.get("/data")
@allow(Role.ADVOCATE)
def data() -> ResponseReturnValue:
    advocate = queries.of_member(db, member)
    return render_template(
        "directory/my_data.html",
        advocate=advocate,
        summary=personal_data_summary(db, advocate),
        labels=labels,
        willing_to=labels.willing_to(favor_minutes(policies.values(db))),
    )


@bp.get("/leaving")
@allow(Role.ADVOCATE)
def show() -> ResponseReturnValue:
    advocate = queries.of_member(db, member)
    return render_template(
        "directory/leaving.html", advocate=advocate, commitments=open_commitments(db, advocate)
    )


@bp.post("/leaving")
@allow(Role.ADVOCATE)
def leave() -> ResponseReturnValue:
    advocate = queries.of_member(db, member)
    actions.depart(db, advocate, reason_code=DepartureReason.ON_THEIR_OWN, by=member)
    flash(_("You’ve left the program. Thank you for your help."))
    return redirect(url_for("joining.show", slug=tenant.slug), 303)
