"""A prospect picks one of the times: the call is booked, and everybody is told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history
from portal.errors import Conflict
from portal.references import queries, request_status
from portal.references.history_actions import RequestAction
from portal.references.meetings import bookings, notification_emails
from portal.references.meetings.actions import send_rep_update
from portal.references.models import Meeting, MeetingAnswer, MeetingState, Side, WaitingFor
from portal.references.request_updates import RequestUpdate
from tenants.clock import utc_now


def pick_time(
    session: Session, meeting_id: UUID, starts_at: datetime, *, name: str, email: str, time_zone: str
) -> Meeting:
    """Book one of the times; both sides and the rep get it in their calendars.

    Of two prospects who take the same time of one person one wins; TimeTaken tells the other.
    """
    meeting = queries.lock_meeting(session, meeting_id)
    if meeting.state is not MeetingState.OFFERED:
        raise Conflict(
            "A time was already picked, or the call was canceled. Reload the page to see the current status."
        )
    _ensure_offered(session, meeting, starts_at)
    bookings.book(session, meeting, starts_at)
    meeting.prospect_name, meeting.prospect_email = name, email
    meeting.prospect_time_zone = time_zone
    if _ensure_answer_rows(session, meeting):
        meeting.sequence += 1  # calendars know an earlier time of this call
    request = meeting.request
    if request.waiting_for in {WaitingFor.CONTACT_NEEDED, WaitingFor.PROSPECT_UNDECIDED}:
        request_status.resume_clock(session, request)
    request_status.sync_status(session, request)
    history.record(session, request, RequestAction.TIME_PICKED, starts_at=starts_at.isoformat())
    notification_emails.start_reminders(session, meeting)
    notification_emails.supersede_time_emails(session, meeting)
    notification_emails.send_confirmations(session, meeting)
    send_rep_update(session, meeting, RequestUpdate.SCHEDULED, meeting.sequence, starts_at=starts_at)
    return meeting


def _ensure_offered(session: Session, meeting: Meeting, starts_at: datetime) -> None:
    offered = {slot.starts_at for slot in queries.slots(session, meeting)}
    if starts_at not in offered or starts_at <= utc_now():
        raise Conflict("That time is no longer offered. Please pick another one.")


def _ensure_answer_rows(session: Session, meeting: Meeting) -> bool:
    """One row per side: its calendar link now, its question after the call. True where a new time asks anew."""
    known = {answer.side: answer for answer in queries.answers(session, meeting.id)}
    for side in Side:
        answer = known.get(side)
        if answer is None:
            session.add(MeetingAnswer(meeting_id=meeting.id, side=side))
        elif answer.answered_at:
            answer.outcome = answer.rating = answer.answered_at = None
            answer.text, answer.link_version = "", answer.link_version + 1
    meeting.feedback_asked_at = None
    session.flush()
    return Side.ADVOCATE in known
