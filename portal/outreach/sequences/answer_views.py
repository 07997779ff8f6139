"""“Has answered”, for one person of a sequence or for many picked ones."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.outreach.sequences import answering
from portal.outreach.sequences.answering import Done
from portal.web import picks
from portal.web.access import allow
from portal.web.addresses import came_from
from portal.web.current import db, member
from tenants.models import Role

bp = Blueprint("sequence_answers", __name__, url_prefix="/<workspace>/letters/sequences")


@bp.post("/<uuid:sequence_id>/answers")
@allow(Role.MANAGER, Role.ADMIN)
def answered(sequence_id: UUID) -> ResponseReturnValue:
    done = answering.answered(db, sequence_id, picks.ids(request.form.getlist("picked")), by=member)
    if done.people:
        flash(" ".join(filter(None, [_who(done), _left(done)])))
    else:
        flash(_("Nobody was marked. Pick people in the list; whose way has ended is left alone."), "bad")
    return redirect(came_from() or url_for("sequences.show", sequence_id=sequence_id), 303)


def _who(done: Done) -> str:
    first = done.people[0]
    return ngettext(
        "%(name)s has answered and gets no more letters of it.",
        "%(num)d people have answered and get no more letters of it.",
        len(done.people),
        name=first.recipient_name or first.recipient,
    )


def _left(done: Done) -> str:
    return (
        ngettext("Nothing was changed for one more.", "Nothing was changed for %(num)d more.", done.left)
        if done.left
        else ""
    )
