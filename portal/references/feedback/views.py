"""After the call, one question to each side; and other times, when none of the first ones fits."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import links
from portal.errors import BadLink, Conflict
from portal.references import queries
from portal.references.asking.answer_page import AnswerPage, answer_page, is_valid_offer
from portal.references.asking.forms import OfferTimesForm
from portal.references.feedback import actions as feedback_actions
from portal.references.link_purposes import CallLinkPurpose
from portal.references.meetings import actions as meetings_actions
from portal.references.meetings import awaiting_times, notifications, rescheduling
from portal.references.meetings.bookings import TimeTaken
from portal.references.meetings.forms import CallFeedbackForm, CancelCallForm
from portal.references.meetings.meeting_page import CallStatus, MeetingPage
from portal.references.models import Meeting, MeetingAnswer, MeetingState, Side
from portal.web.access import signed
from portal.web.current import db, link

WANTS_TIMES = frozenset({MeetingState.OFFERED, MeetingState.MOVED})

bp = Blueprint("feedback", __name__)


@bp.get("/after/<token>")
@signed(CallLinkPurpose.AFTER_CALL)
def question() -> ResponseReturnValue:
    answer = _answer()
    return _question(answer, CallFeedbackForm(formdata=None, outcome=request.args.get("outcome")))


@bp.post("/after/<token>")
@signed(CallLinkPurpose.AFTER_CALL)
def answer() -> ResponseReturnValue:
    answer, form = _answer(), CallFeedbackForm()
    if not form.validate_on_submit():
        return _question(answer, form), 422
    feedback_actions.record_answer(db, answer.id, form.result, form.points, form.text.data or "")
    token = links.token(CallLinkPurpose.AFTER_CALL, link.tenant_id, answer.id, link.version)
    return redirect(url_for(".question", token=token), 303)


def _answer() -> MeetingAnswer:
    answer = queries.answer(db, link.row_id)
    if answer.link_version != link.version:
        raise BadLink(
            "This link was for an earlier time of this call. Please use the link in our newest email."
        )
    return answer


def _question(answer: MeetingAnswer, form: CallFeedbackForm) -> str:
    meeting = queries.meeting(db, answer.meeting_id)
    page = MeetingPage(db, meeting, notifications.time_zone_of(db, meeting, answer.side), answer.side)
    is_open = answer.answered_at is None and page.state is CallStatus.SET and page.has_begun
    return render_template(
        "references/feedback/question.html", page=page, form=form, answer=answer, is_open=is_open
    )


@bp.get("/times/<token>")
@signed(CallLinkPurpose.TIMES)
def new_times() -> ResponseReturnValue:
    meeting = queries.meeting(db, link.row_id)
    return _times(meeting, OfferTimesForm(formdata=None), [])


@bp.post("/times/<token>")
@signed(CallLinkPurpose.TIMES)
def offer() -> ResponseReturnValue:
    meeting, form = _current(), OfferTimesForm()
    page = answer_page(db, meeting.ask_id)
    picked = form.times(ZoneInfo(page.zone))
    if not form.validate_on_submit() or not is_valid_offer(form, picked, page):
        return _times(meeting, form, picked), 422
    try:
        meetings_actions.offer_times(db, meeting.ask, picked)
    except TimeTaken as refusal:
        form.add_conflict(refusal)
        return _times(queries.meeting(db, meeting.id), form, picked), 409
    return _back()


@bp.get("/times/<token>/cancellation")
@signed(CallLinkPurpose.TIMES)
def cancellation() -> ResponseReturnValue:
    page = _call(queries.meeting(db, link.row_id))
    if not page.can_cancel or page.meeting.link_version != link.version:
        return _back()
    return render_template(
        "references/meetings/cancellation.html", page=page, form=CancelCallForm(formdata=None)
    )


@bp.post("/times/<token>/cancellation")
@signed(CallLinkPurpose.TIMES)
def cancel() -> ResponseReturnValue:
    meeting, form = queries.meeting(db, link.row_id), CancelCallForm()
    if meeting.state in rescheduling.OVER:
        raise Conflict("The result of this call is already recorded, so nothing more is needed. Thank you.")
    if meeting.link_version != link.version:
        page = _call(meeting)
        return render_template(
            "references/meetings/cancellation.html", page=page, form=form, is_refused=True
        ), 409
    if not form.validate_on_submit():
        return render_template("references/meetings/cancellation.html", page=_call(meeting), form=form), 422
    rescheduling.cancel_by_side(db, meeting.id, Side.ADVOCATE, form.note.data or "")
    return _back()


def _call(meeting: Meeting) -> MeetingPage:
    return MeetingPage(db, meeting, notifications.time_zone_of(db, meeting, Side.ADVOCATE), Side.ADVOCATE)


def _current() -> Meeting:
    meeting = queries.meeting(db, link.row_id)
    if meeting.link_version != link.version:
        raise BadLink(
            "This link has been replaced. If something is still needed from you, the newest email has the link."
        )
    return meeting


def _times(meeting: Meeting, form: OfferTimesForm, picked: list[datetime]) -> str:
    page: AnswerPage = answer_page(db, meeting.ask_id)
    is_open = meeting.state in WANTS_TIMES and not page.offered and meeting.link_version == link.version
    template = "references/meetings/new_times.html" if is_open else "references/meetings/no_times_needed.html"
    times_request = awaiting_times.last_times_request(db, meeting)
    return render_template(
        template, page=page, form=form, picked=picked, meeting=meeting, times_request=times_request
    )


def _back() -> ResponseReturnValue:
    token = links.token(CallLinkPurpose.TIMES, link.tenant_id, link.row_id, link.version)
    return redirect(url_for(".new_times", token=token), 303)
