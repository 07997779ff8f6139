"""After the call, one question to each side; and other times, when none of the first ones fits."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import links
from portal.errors import BadLink, Conflict
from portal.links import Purpose
from portal.references import afterwards, invitations, meetings, queries, rescheduling, waiting
from portal.references.answer_forms import TimesForm
from portal.references.answer_page import Page, may_offer, open_page
from portal.references.bookings import TimeTaken
from portal.references.call_forms import AfterForm, WordForm
from portal.references.meeting_page import MeetingPage
from portal.references.models import Meeting, MeetingAnswer, MeetingState, Side
from portal.web.access import signed
from portal.web.current import db, link

WANTS_TIMES = frozenset({MeetingState.OFFERED, MeetingState.MOVED})

bp = Blueprint("after", __name__)


@bp.get("/after/<token>")
@signed(Purpose.AFTER_CALL)
def question() -> ResponseReturnValue:
    answer = _answer()
    return _question(answer, AfterForm(formdata=None, said=request.args.get("said")))


@bp.post("/after/<token>")
@signed(Purpose.AFTER_CALL)
def say() -> ResponseReturnValue:
    answer, form = _answer(), AfterForm()
    if not form.validate_on_submit():
        return _question(answer, form), 422
    afterwards.answer(db, answer.id, form.result, form.points, form.text.data or "")
    token = links.token(Purpose.AFTER_CALL, link.tenant_id, answer.id, link.version)
    return redirect(url_for(".question", token=token), 303)


def _answer() -> MeetingAnswer:
    answer = queries.answer(db, link.row_id)
    if answer.link_version != link.version:
        raise BadLink("This link was for an earlier time of this call. Please use the newest email.")
    return answer


def _question(answer: MeetingAnswer, form: AfterForm) -> str:
    meeting = queries.meeting(db, answer.meeting_id)
    page = MeetingPage(db, meeting, invitations.zone_of(db, meeting, answer.side), answer.side)
    is_open = answer.answered_at is None and page.state == "set" and page.has_begun
    return render_template("meetings/after.html", page=page, form=form, answer=answer, is_open=is_open)


@bp.get("/times/<token>")
@signed(Purpose.TIMES)
def times() -> ResponseReturnValue:
    meeting = queries.meeting(db, link.row_id)
    return _times(meeting, TimesForm(formdata=None), [])


@bp.post("/times/<token>")
@signed(Purpose.TIMES)
def offer() -> ResponseReturnValue:
    meeting, form = _current(), TimesForm()
    page = open_page(db, meeting.ask_id)
    picked = form.times(request.form.getlist("slot"), ZoneInfo(page.zone))
    if not form.validate_on_submit() or not may_offer(form, picked, page):
        return _times(meeting, form, picked), 422
    try:
        meetings.offer(db, meeting.ask, picked)
    except TimeTaken as refusal:
        form.refuse(refusal)
        return _times(queries.meeting(db, meeting.id), form, picked), 409
    return _back()


@bp.get("/times/<token>/cancellation")
@signed(Purpose.TIMES)
def cancellation() -> ResponseReturnValue:
    page = _call(queries.meeting(db, link.row_id))
    if not page.may_cancel or page.meeting.link_version != link.version:
        return _back()
    return render_template("meetings/cancellation.html", page=page, form=WordForm(formdata=None))


@bp.post("/times/<token>/cancellation")
@signed(Purpose.TIMES)
def cancel() -> ResponseReturnValue:
    meeting, form = queries.meeting(db, link.row_id), WordForm()
    if meeting.state in rescheduling.OVER:
        raise Conflict("This call is settled already, so nothing more is needed. Thank you.")
    if meeting.link_version != link.version:
        page = _call(meeting)
        return render_template("meetings/cancellation.html", page=page, form=form, is_refused=True), 409
    if not form.validate_on_submit():
        return render_template("meetings/cancellation.html", page=_call(meeting), form=form), 422
    rescheduling.cannot_come(db, meeting.id, Side.ADVOCATE, form.note.data or "")
    return _back()


def _call(meeting: Meeting) -> MeetingPage:
    return MeetingPage(db, meeting, invitations.zone_of(db, meeting, Side.ADVOCATE), Side.ADVOCATE)


def _current() -> Meeting:
    meeting = queries.meeting(db, link.row_id)
    if meeting.link_version != link.version:
        raise BadLink(
            "This link was replaced. If something is still needed from you, the newest email has the link."
        )
    return meeting


def _times(meeting: Meeting, form: TimesForm, picked: list[datetime]) -> str:
    page: Page = open_page(db, meeting.ask_id)
    is_open = meeting.state in WANTS_TIMES and not page.offered and meeting.link_version == link.version
    template = "meetings/new_times.html" if is_open else "meetings/times_stand.html"
    asked = waiting.asked(db, meeting)
    return render_template(template, page=page, form=form, picked=picked, meeting=meeting, asked=asked)


def _back() -> ResponseReturnValue:
    token = links.token(Purpose.TIMES, link.tenant_id, link.row_id, link.version)
    return redirect(url_for(".times", token=token), 303)
