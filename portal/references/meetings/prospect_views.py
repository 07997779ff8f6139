"""The prospect's pages: pick a time, take the calendar file. No account; no address of the other side anywhere."""

from uuid import UUID
from zoneinfo import available_timezones

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import links
from portal.calendar_file import CalendarMethod
from portal.errors import BadLink, Conflict
from portal.references import queries
from portal.references.link_purposes import CallLinkPurpose
from portal.references.meetings import actions, notification_emails, rescheduling_actions
from portal.references.meetings.bookings import TimeTaken
from portal.references.meetings.forms import CancelCallForm, OtherTimesForm, PickTimeForm
from portal.references.meetings.meeting_page import MeetingPage
from portal.references.meetings.prospect_actions import pick_time
from portal.references.models import Meeting, MeetingState, Side
from portal.signin import stranger_email_limits
from portal.web import resend_link
from portal.web.access import signed
from portal.web.current import db, is_htmx, link, source
from portal.web.refusal_text import refusal_text

bp = Blueprint("prospect_call", __name__)


@bp.get("/s/<token>")
@signed(CallLinkPurpose.SLOT)
def show() -> ResponseReturnValue:
    meeting = queries.meeting(db, link.row_id)
    if link.version != meeting.link_version:
        return render_template("references/meetings/replaced.html", meeting=meeting), 410
    known = _chosen() or meeting.prospect_time_zone
    form = PickTimeForm(formdata=None, name=meeting.prospect_name, zone=known)
    return _page(meeting, form.for_meeting(knows_email=bool(meeting.prospect_email)))


@bp.get("/s/<token>/times")
@signed(CallLinkPurpose.SLOT)
def times() -> ResponseReturnValue:
    meeting = queries.meeting(db, link.row_id)
    if link.version != meeting.link_version:
        return render_template("references/meetings/replaced.html", meeting=meeting), 410
    page = MeetingPage(db, meeting, _zone(meeting))
    if not is_htmx():
        return redirect(_here(".show", meeting, zone=page.zone), 303)
    return render_template("references/meetings/times.html", page=page, picked=request.args.get("slot", ""))


@bp.post("/s/<token>")
@signed(CallLinkPurpose.SLOT)
def pick() -> ResponseReturnValue:
    meeting = _current()
    form = PickTimeForm().for_meeting(knows_email=bool(meeting.prospect_email))
    starts_at = form.starts_at
    if not form.validate_on_submit() or starts_at is None:
        return _page(meeting, form, form.slot.data or ""), 422
    email = meeting.prospect_email or form.email.data or ""
    given = {"name": form.name.data or "", "email": email, "time_zone": form.zone.data or ""}
    try:
        pick_time(db, meeting.id, starts_at, **given)
    except TimeTaken:
        return _page(queries.meeting(db, link.row_id), form.with_time_taken()), 409
    except Conflict as refusal:
        return _page(queries.meeting(db, link.row_id), form, refusal=refusal_text(refusal)), 409
    return redirect(_here(".show", meeting), 303)


@bp.post("/s/<token>/none")
@signed(CallLinkPurpose.SLOT)
def request_other_times() -> ResponseReturnValue:
    page, form = _whole_page(), OtherTimesForm()
    meeting = page.meeting
    if _is_replaced(page):
        return _replaced(page, form.note.data or "")
    if not form.validate_on_submit():
        return _page(meeting, PickTimeForm(formdata=None).for_meeting(knows_email=True)), 422
    rescheduling_actions.request_other_times(db, meeting.id, form.note.data or "")
    return redirect(_here(".show", queries.meeting(db, meeting.id)), 303)


@bp.get("/s/<token>/another-time")
@signed(CallLinkPurpose.SLOT)
def another_time() -> ResponseReturnValue:
    page = _whole_page()
    if _is_replaced(page):
        return _replaced(page)
    if not page.is_ahead:
        return redirect(_here(".show", page.meeting), 303)
    return render_template(
        "references/meetings/another_time.html", page=page, form=OtherTimesForm(formdata=None)
    )


@bp.post("/s/<token>/another-time")
@signed(CallLinkPurpose.SLOT)
def move() -> ResponseReturnValue:
    page, form = _whole_page(), OtherTimesForm()
    if _is_replaced(page):
        return _replaced(page, form.note.data or "")
    if not form.validate_on_submit():
        return render_template("references/meetings/another_time.html", page=page, form=form), 422
    rescheduling_actions.request_another_time(db, page.meeting.id, Side.PROSPECT, form.note.data or "")
    return redirect(_here(".show", queries.meeting(db, link.row_id)), 303)


@bp.get("/s/<token>/cancellation")
@signed(CallLinkPurpose.SLOT)
def cancellation() -> ResponseReturnValue:
    page = _whole_page()
    if _is_replaced(page):
        return _replaced(page)
    if not page.can_cancel:
        return redirect(_here(".show", page.meeting), 303)
    return render_template(
        "references/meetings/cancellation.html", page=page, form=CancelCallForm(formdata=None)
    )


@bp.post("/s/<token>/cancellation")
@signed(CallLinkPurpose.SLOT)
def cancel() -> ResponseReturnValue:
    page, form = _whole_page(), CancelCallForm()
    if _is_replaced(page):
        return _replaced(page, form.note.data or "")
    if not form.validate_on_submit():
        return render_template("references/meetings/cancellation.html", page=page, form=form), 422
    rescheduling_actions.cancel_by_side(db, page.meeting.id, Side.PROSPECT, form.note.data or "")
    return redirect(_here(".show", page.meeting), 303)


@bp.post("/s/<token>/new-link")
@signed(CallLinkPurpose.SLOT)
def new_link() -> ResponseReturnValue:
    meeting = queries.meeting(db, link.row_id)
    if actions.is_over(meeting):
        return render_template("references/meetings/replaced.html", meeting=meeting), 410
    if stranger_email_limits.count_email(db, meeting.prospect_email, source()):
        actions.send_new_link(db, meeting)
    return render_template("references/meetings/link_sent.html", meeting=meeting)


@resend_link.sends_new_link(CallLinkPurpose.SLOT)
def send_again(session: Session, meeting_id: UUID) -> str:
    meeting = queries.meeting(session, meeting_id)
    actions.send_new_link(session, meeting)
    return meeting.prospect_email


@bp.get("/calendar/<token>")
@signed(CallLinkPurpose.CALENDAR)
def calendar() -> ResponseReturnValue:
    answer = queries.answer(db, link.row_id)
    if link.version != answer.link_version:
        raise BadLink(
            "This link was for an earlier time of this call. Please use the link in our newest email."
        )
    meeting = queries.meeting(db, answer.meeting_id)
    off = meeting.state in {MeetingState.CANCELLED, MeetingState.MOVED}
    method = CalendarMethod.CANCEL if off else CalendarMethod.REQUEST
    content = notification_emails.calendar_file_of(db, meeting, answer.side, method)
    response = Response(content, content_type=f"text/calendar; charset=utf-8; method={method.value}")
    response.headers["Content-Disposition"] = 'attachment; filename="call.ics"'
    return response


def _current() -> Meeting:
    meeting = queries.meeting(db, link.row_id)
    if link.version != meeting.link_version:
        raise BadLink(
            "This link has been replaced. If something is still needed from you, the newest email has the link."
        )
    return meeting


def _whole_page() -> MeetingPage:
    meeting = queries.meeting(db, link.row_id)
    return MeetingPage(db, meeting, _zone(meeting))


def _is_replaced(page: MeetingPage) -> bool:
    return page.meeting.link_version != link.version


def _replaced(page: MeetingPage, words: str = "") -> ResponseReturnValue:
    """What the link was for is over; the address it went to may have a newer one. `words`: what was typed."""
    return render_template("references/meetings/replaced.html", meeting=page.meeting, words=words), 410


def _page(meeting: Meeting, form: PickTimeForm, picked: str = "", refusal: str = "") -> str:
    page = MeetingPage(
        db, meeting, form.zone.data if form.zone.data in available_timezones() else _zone(meeting)
    )
    given = {"page": page, "form": form, "picked": picked, "refusal": refusal}
    return render_template("references/meetings/pick_time.html", **given, other=OtherTimesForm(formdata=None))


def _zone(meeting: Meeting) -> str:
    """Chosen on the page, known from the rep, or the workspace's."""
    return _chosen() or notification_emails.time_zone_of(db, meeting, Side.PROSPECT)


def _chosen() -> str:
    zone = request.args.get("zone", "")
    return zone if zone in available_timezones() else ""


def _here(endpoint: str, meeting: Meeting, zone: str | None = None) -> str:
    token = links.token(CallLinkPurpose.SLOT, link.tenant_id, meeting.id, meeting.link_version)
    return url_for(endpoint, token=token, zone=zone)
