"""What a manager does about one person. Each action names the version of the person that the page showed."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.advocates import actions, queries
from portal.advocates.actions import check_version
from portal.advocates.forms import AdvocateReasonForm
from portal.advocates.models import Advocate
from portal.directory import queries as directory
from portal.directory.advocate_detail import advocate_detail
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.filters import day
from tenants.models import MANAGER_ROLES

bp = Blueprint("advocate_actions", __name__, url_prefix="/<workspace>/advocates/<uuid:advocate_id>")


@bp.post("/invitation")
@allow(*MANAGER_ROLES)
def invite(advocate_id: UUID) -> ResponseReturnValue:
    advocate, _form = _load(advocate_id)
    actions.invite(db, advocate, by=member)
    return _done(advocate, _("%(name)s is invited. The email is on its way.", name=advocate.name))


@bp.post("/approval")
@allow(*MANAGER_ROLES)
def approve(advocate_id: UUID) -> ResponseReturnValue:
    advocate, _form = _load(advocate_id)
    actions.approve(db, advocate, by=member)
    return _done(advocate, _("Approved. %(name)s will get an email.", name=advocate.name))


@bp.post("/refusal")
@allow(*MANAGER_ROLES)
def refuse(advocate_id: UUID) -> ResponseReturnValue:
    advocate, form = _load(advocate_id)
    if not form.validate_on_submit():
        return _reopen(advocate, form, "refuse")
    actions.refuse(db, advocate, reason=form.reason.data or "", by=member)
    return _done(advocate, _("Declined %(name)s.", name=advocate.name))


@bp.post("/pause")
@allow(*MANAGER_ROLES)
def pause(advocate_id: UUID) -> ResponseReturnValue:
    advocate, form = _load(advocate_id)
    if not form.validate_on_submit():
        return _reopen(advocate, form, "pause")
    until = form.until.data
    actions.pause(db, advocate, until, reason=form.reason.data or "", by=member)
    text = _("Paused until %(day)s.", day=day(until)) if until else _("Paused until someone resumes them.")
    return _done(advocate, text)


@bp.post("/resumption")
@allow(*MANAGER_ROLES)
def resume(advocate_id: UUID) -> ResponseReturnValue:
    advocate, _form = _load(advocate_id)
    actions.resume(db, advocate, by=member)
    return _done(advocate, _("%(name)s can be asked again.", name=advocate.name))


@bp.post("/departure")
@allow(*MANAGER_ROLES)
def depart(advocate_id: UUID) -> ResponseReturnValue:
    advocate, form = _load(advocate_id)
    if not form.validate_on_submit():
        return _reopen(advocate, form, "depart")
    actions.depart(db, advocate, reason=form.reason.data or "", by=member)
    return _done(
        advocate, _("%(name)s is marked as left. Open asks and calls were canceled.", name=advocate.name)
    )


def _load(advocate_id: UUID) -> tuple[Advocate, AdvocateReasonForm]:
    """The person, as the page showed them: a second manager is told when the first was quicker."""
    advocate, form = queries.get(db, advocate_id), AdvocateReasonForm()
    check_version(advocate, form.version.data or "")
    return advocate, form


def _reopen(advocate: Advocate, form: AdvocateReasonForm, open_dialog: str) -> ResponseReturnValue:
    """The page with the question still open and what was typed."""
    shown = advocate_detail(db, advocate) | {"extra_facts": directory.person(db, advocate.id)[1]}
    return render_template("directory/show.html", form=form, open_dialog=open_dialog, **shown), 422


def _done(advocate: Advocate, text: str) -> ResponseReturnValue:
    flash(text)
    return redirect(url_for("directory.show", advocate_id=advocate.id), 303)
