"""The advocate's page of one call, behind a link in the email: what, when and who, and a way to change it.

A link from before the call was moved still shows where it stands; only the newest one changes anything.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import links
from portal.errors import Conflict
from portal.references import queries
from portal.references.link_purposes import CallLinkPurpose
from portal.references.meetings import awaiting_times, emails, notification_emails, rescheduling_actions
from portal.references.meetings.bookings import TimeTaken
from portal.references.meetings.forms import CancelCallForm
from portal.references.meetings.meeting_page import CallStatus, MeetingPage
from portal.references.meetings.offer_forms import MoveCallForm
from portal.references.meetings.offer_page import OfferPage, is_valid_offer, offer_page
from portal.references.models import Side
from portal.web import resend_link
from portal.web.access import signed
from portal.web.current import db, link

bp = Blueprint("advocate_call", __name__, url_prefix="/call/<token>")


@bp.get("")
@signed(CallLinkPurpose.CALL)
def show() -> ResponseReturnValue:
    page = _page()
    return render_template("references/meetings/call.html", page=page, is_newest=_is_newest(page))


@bp.get("/another-time")
@signed(CallLinkPurpose.CALL)
def another_time() -> ResponseReturnValue:
    page = _page()
    if not (page.is_ahead and _is_newest(page)):
        return _back()
    return _times(page, MoveCallForm(formdata=None), [])


@bp.post("/another-time")
@signed(CallLinkPurpose.CALL)
def move() -> ResponseReturnValue:
    page, form = _page(), MoveCallForm()
    if not (page.is_ahead and _is_newest(page)):
        return _back()
    offer = offer_page(db, page.meeting)
    picked = form.times(ZoneInfo(offer.zone))
    if not form.validate_on_submit() or not _has_times(form, picked, offer):
        return _times(page, form, picked), 422
    times = [] if form.later.data else picked
    try:
        rescheduling_actions.request_another_time(
            db, page.meeting.id, Side.ADVOCATE, form.word.data or "", times
        )
    except TimeTaken as refusal:
        form.add_conflict(refusal)
        return _times(_page(), form, picked), 409
    return _back(newest=True)


@bp.get("/cancellation")
@signed(CallLinkPurpose.CALL)
def cancellation() -> ResponseReturnValue:
    page = _page()
    if not (page.can_cancel and _may_cancel_here(page)):
        return _back()
    return render_template(
        "references/meetings/cancellation.html", page=page, form=CancelCallForm(formdata=None)
    )


@bp.post("/cancellation")
@signed(CallLinkPurpose.CALL)
def cancel() -> ResponseReturnValue:
    page, form = _page(), CancelCallForm()
    if not page.can_cancel:
        return _back()
    if not _may_cancel_here(page):
        return render_template(
            "references/meetings/cancellation.html", page=page, form=form, is_refused=True
        ), 409
    if not form.validate_on_submit():
        return render_template("references/meetings/cancellation.html", page=page, form=form), 422
    rescheduling_actions.cancel_by_side(db, page.meeting.id, Side.ADVOCATE, form.note.data or "")
    return _back()


@resend_link.sends_new_link(CallLinkPurpose.CALL, to_advocates=True)
def send_again(session: Session, meeting_id: UUID) -> str:
    meeting = queries.meeting(session, meeting_id)
    if meeting.state in rescheduling_actions.OVER:
        raise Conflict("The result of this call is already recorded, so nothing more is needed. Thank you.")
    emails.send_new_link(session, meeting, Side.ADVOCATE)
    return meeting.ask.advocate.email


def _page() -> MeetingPage:
    meeting = queries.meeting(db, link.row_id)
    return MeetingPage(
        db, meeting, notification_emails.time_zone_of(db, meeting, Side.ADVOCATE), Side.ADVOCATE
    )


def _is_newest(page: MeetingPage) -> bool:
    return page.meeting.link_version == link.version


def _may_cancel_here(page: MeetingPage) -> bool:
    """Also from a page that was open when this person asked for another time and has offered none yet."""
    waits = page.state is CallStatus.WAITING and awaiting_times.is_previous_link(
        db, page.meeting, link.version or 0
    )
    return _is_newest(page) or waits


def _has_times(form: MoveCallForm, picked: list[datetime], offer: OfferPage) -> bool:
    return bool(form.later.data) or is_valid_offer(form, picked, offer)


def _times(page: MeetingPage, form: MoveCallForm, picked: Sequence[datetime]) -> str:
    offer = offer_page(db, page.meeting)
    return render_template("references/meetings/move.html", page=page, offer=offer, form=form, picked=picked)


def _back(*, newest: bool = False) -> ResponseReturnValue:
    """To the page of the call, which says where it stands now; after a move by its new link."""
    version = queries.meeting(db, link.row_id).link_version if newest else link.version
    return redirect(
        url_for(".show", token=links.token(link.purpose, link.tenant_id, link.row_id, version)), 303
    )
