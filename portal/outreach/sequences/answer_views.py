"""Marks recipients as replied: one, or several picked ones."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.outreach.sequences import answer_actions
from portal.outreach.sequences.answer_actions import MarkedAnswers
from portal.web import bulk_selection
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.page_urls import previous_url
from tenants.models import Role

bp = Blueprint("sequence_answers", __name__, url_prefix="/<workspace>/emails/sequences")


@bp.post("/<uuid:sequence_id>/answers")
@allow(Role.MANAGER, Role.ADMIN)
def mark_answered(sequence_id: UUID) -> ResponseReturnValue:
    done = answer_actions.mark_answered(
        db, sequence_id, bulk_selection.selected_ids(request.form.getlist("picked")), by=member
    )
    if done.runs:
        flash(" ".join(filter(None, [_marked_text(done), _unchanged_text(done)])))
    else:
        flash(
            _(
                "No one was marked. Select people in the list; those who already finished or stopped stay "
                "as they are."
            ),
            "bad",
        )
    return redirect(previous_url() or url_for("sequences.show", sequence_id=sequence_id), 303)


def _marked_text(done: MarkedAnswers) -> str:
    first = done.runs[0]
    return ngettext(
        "%(name)s is marked as replied and gets no more emails from this sequence.",
        "%(num)d people are marked as replied and get no more emails from this sequence.",
        len(done.runs),
        name=first.recipient_name or first.recipient,
    )


def _unchanged_text(done: MarkedAnswers) -> str:
    return (
        ngettext("Nothing was changed for one more.", "Nothing was changed for %(num)d more.", done.unchanged)
        if done.unchanged
        else ""
    )
