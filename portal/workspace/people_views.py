"""Colleagues: who works here, who was invited, who left; inviting, roles, ending a membership."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import history
from portal.errors import Conflict
from portal.paging import paginate
from portal.signin import memberships
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.refusal_text import refusal_text
from portal.workspace import actions, queries
from portal.workspace.forms import InviteForm, RolesForm
from portal.workspace.labels import MEMBERSHIP_ACTIONS
from tenants.models import Membership, Role

bp = Blueprint("people", __name__, url_prefix="/<workspace>/settings/people")


@bp.get("")
@allow(Role.ADMIN)
def index() -> ResponseReturnValue:
    asked = request.args.get("view", queries.PeopleView.HERE)
    view = queries.PeopleView(asked) if asked in set(queries.PeopleView) else queries.PeopleView.HERE
    shown = paginate(
        db, queries.people(view), key=(Membership.name, Membership.id), cursor=request.args.get("after")
    )
    return render_template("workspace/people.html", view=view, shown=shown, counts=queries.counts(db))


@bp.get("/new")
@allow(Role.ADMIN)
def new() -> ResponseReturnValue:
    return render_template("workspace/invite.html", form=InviteForm())


@bp.post("")
@allow(Role.ADMIN)
def invite() -> ResponseReturnValue:
    form = InviteForm()
    if not form.validate_on_submit():
        return render_template("workspace/invite.html", form=form), 422
    try:
        invited = actions.invite(db, form.email.data or "", form.name.data or "", _roles(form), by=member)
    except Conflict as refusal:
        form.email.errors = [refusal_text(refusal)]
        return render_template("workspace/invite.html", form=form), 422
    flash(
        _(
            "%(name)s has been invited. The email is on its way to %(email)s.",
            name=invited.name,
            email=invited.email,
        )
    )
    return redirect(url_for(".index", view=queries.PeopleView.INVITED.value), 303)


@bp.get("/<uuid:member_id>")
@allow(Role.ADMIN)
def show(member_id: UUID) -> ResponseReturnValue:
    person = memberships.get(db, member_id)
    return _person_page(person, RolesForm(roles=person.roles, seen=" ".join(person.roles)))


@bp.post("/<uuid:member_id>/roles")
@allow(Role.ADMIN)
def change_roles(member_id: UUID) -> ResponseReturnValue:
    person, form = memberships.get(db, member_id), RolesForm()
    if not form.validate_on_submit():
        return _person_page(person, form), 422
    kept = {Role.ADVOCATE} if Role.ADVOCATE in person.roles else set()
    seen = (form.seen.data or "").split()
    memberships.change_roles(db, person, {*_roles(form), *kept}, seen=seen, by=member)
    flash(_("Roles of %(name)s updated.", name=person.name))
    return redirect(url_for(".show", member_id=person.id) if member.has_role(Role.ADMIN) else "/", 303)


@bp.post("/<uuid:member_id>/invitation")
@allow(Role.ADMIN)
def invite_again(member_id: UUID) -> ResponseReturnValue:
    person = memberships.get(db, member_id)
    actions.invite_again(db, person, by=member)
    flash(
        _(
            "A new email is on its way to %(email)s. The link in the earlier one no longer works.",
            email=person.email,
        )
    )
    return redirect(url_for(".show", member_id=person.id), 303)


@bp.post("/<uuid:member_id>/departure")
@allow(Role.ADMIN)
def end(member_id: UUID) -> ResponseReturnValue:
    person = memberships.get(db, member_id)
    memberships.end_membership(db, person, by=member)
    flash(_("%(name)s was removed.", name=person.name))
    return redirect(url_for(".index") if person.id != member.id else "/", 303)


def _person_page(person: Membership, form: RolesForm) -> str:
    return render_template(
        "workspace/person.html",
        person=person,
        form=form,
        inviter=actions.inviter_of(db, person),
        entries=history.entries_about(db, person, limit=50),
        membership_actions=MEMBERSHIP_ACTIONS,
    )


def _roles(form: InviteForm | RolesForm) -> set[Role]:
    return {Role(value) for value in form.roles.data or ()}
