"""The advocate offers other times, when none of the first ones fits or the call is moved; or can't make it at all."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import links
from portal.errors import BadLink, Conflict
from portal.references import queries
from portal.references.link_purposes import CallLinkPurpose
from portal.references.meetings import actions, awaiting_times, notification_emails, rescheduling_actions
from portal.references.meetings.bookings import TimeTaken
from portal.references.meetings.forms import CancelCallForm
from portal.references.meetings.meeting_page import MeetingPage
from portal.references.meetings.offer_forms import OfferTimesForm
from portal.references.meetings.offer_page import is_valid_offer, offer_page
from portal.references.models import Meeting, MeetingState, Side
from portal.web.access import signed
from portal.web.current import db, link

WANTS_TIMES = frozenset({MeetingState.OFFERED, MeetingState.MOVED})

bp = Blueprint("new_times", __name__, url_prefix="/times/<token>")


@bp.get("")
@signed(CallLinkPurpose.TIMES)
def show() -> ResponseReturnValue:
    meeting = queries.meeting(db, link.row_id)
    return _times(meeting, OfferTimesForm(formdata=None), [])


@bp.post("")
@signed(CallLinkPurpose.TIMES)
def offer() -> ResponseReturnValue:
    meeting, form = _current(), OfferTimesForm()
    page = offer_page(db, meeting)
    picked = form.times(page.zone_info)
    if not form.validate_on_submit() or not is_valid_offer(form, picked, page):
        return _times(meeting, form, picked), 422
    try:
        actions.offer_times(db, meeting.ask, picked)
    except TimeTaken as refusal:
        form.add_conflict(refusal)
        return _times(queries.meeting(db, meeting.id), form, picked), 409
    return _back()


@bp.get("/cancellation")
@signed(CallLinkPurpose.TIMES)
def cancellation() -> ResponseReturnValue:
    page = _call(queries.meeting(db, link.row_id))
    if not page.can_cancel or page.meeting.link_version != link.version:
        return _back()
    return render_template(
        "references/meetings/cancellation.html", page=page, form=CancelCallForm(formdata=None)
    )


@bp.post("/cancellation")
@signed(CallLinkPurpose.TIMES)
def cancel() -> ResponseReturnValue:
    meeting, form = queries.meeting(db, link.row_id), CancelCallForm()
    if meeting.state in rescheduling_actions.OVER:
        raise Conflict("The result of this call is already recorded, so nothing more is needed. Thank you.")
    if meeting.link_version != link.version:
        page = _call(meeting)
        return render_template(
            "references/meetings/cancellation.html", page=page, form=form, is_refused=True
        ), 409
    if not form.validate_on_submit():
        return render_template("references/meetings/cancellation.html", page=_call(meeting), form=form), 422
    rescheduling_actions.cancel_by_side(db, meeting.id, Side.ADVOCATE, form.note.data or "")
    return _back()


def _call(meeting: Meeting) -> MeetingPage:
    return MeetingPage(
        db, meeting, notification_emails.time_zone_of(db, meeting, Side.ADVOCATE), Side.ADVOCATE
    )


def _current() -> Meeting:
    meeting = queries.meeting(db, link.row_id)
    if meeting.link_version != link.version:
        raise BadLink(
            "This link has been replaced. If something is still needed from you, the newest email has the link."
        )
    return meeting


def _times(meeting: Meeting, form: OfferTimesForm, picked: list[datetime]) -> str:
    page = offer_page(db, meeting)
    is_open = meeting.state in WANTS_TIMES and not page.offered and meeting.link_version == link.version
    template = "references/meetings/new_times.html" if is_open else "references/meetings/no_times_needed.html"
    times_request = awaiting_times.last_times_request(db, meeting)
    return render_template(
        template, page=page, form=form, picked=picked, meeting=meeting, times_request=times_request
    )


def _back() -> ResponseReturnValue:
    token = links.token(CallLinkPurpose.TIMES, link.tenant_id, link.row_id, link.version)
    return redirect(url_for(".show", token=token), 303)
