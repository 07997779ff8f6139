"""Inviting people to enroll: those picked in the list, or somebody typed in. Each is named before an email goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.advocates import actions, labels, queries
from portal.advocates.forms import PersonForm
from portal.advocates.models import Advocate, AdvocateMove, Provenance
from portal.errors import DomainError
from portal.web import bulk_selection
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.refusal_text import refusal_text
from tenants.models import MANAGER_ROLES

bp = Blueprint("advocate_invitations", __name__, url_prefix="/<workspace>/advocates/invitations")


@dataclass(frozen=True)
class InvitationSelection:
    """Who would get an email, and who would not, with the reason."""

    invited: Sequence[Advocate]
    left_out: Sequence[tuple[Advocate, str]]


@bp.get("")
@allow(*MANAGER_ROLES)
def new() -> ResponseReturnValue:
    ids = bulk_selection.selected_ids(request.args.getlist("picked"))
    if ids:
        return render_template("directory/invite_selected.html", picked=_select(ids))
    return render_template("directory/invite.html", form=PersonForm(formdata=None))


@bp.post("")
@allow(*MANAGER_ROLES)
def send() -> ResponseReturnValue:
    picked = _select(bulk_selection.selected_ids(request.form.getlist("picked")))
    for advocate in picked.invited:
        actions.invite(db, advocate, by=member)
    count = len(picked.invited)
    flash(ngettext("%(num)d invitation is on its way.", "%(num)d invitations are on their way.", count))
    return redirect(url_for("directory.index", view="candidates"), 303)


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


def _select(ids: Sequence[UUID]) -> InvitationSelection:
    people = [(advocate, _refusal(advocate)) for advocate in queries.by_ids(db, ids)]
    return InvitationSelection(
        [advocate for advocate, why in people if not why],
        [(advocate, why) for advocate, why in people if why],
    )


def _refusal(advocate: Advocate) -> str:
    if AdvocateMove.INVITE not in advocate.moves:
        return _("Can’t be invited: %(state)s", state=labels.STATES[advocate.state].word)
    try:
        actions.check_can_invite(advocate)
    except DomainError as no:
        return refusal_text(no)
    return ""
