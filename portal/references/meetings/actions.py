"""A call between an advocate and a prospect: times offered, one picked, and where they talk."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal import history
from portal.asks import queries as ledger
from portal.asks.models import Ask
from portal.declarations.email_content import EmailFieldValue
from portal.errors import Conflict, DomainError
from portal.lifecycle import move
from portal.references import emails as references_emails
from portal.references import queries, request_status
from portal.references.history_actions import RequestAction
from portal.references.meetings import bookings, notification_emails, time_emails
from portal.references.meetings import emails as meetings_emails
from portal.references.models import (
    Meeting,
    MeetingMove,
    MeetingSlot,
    MeetingState,
    ReferenceRequest,
    Side,
    WaitingFor,
)
from portal.references.request_updates import RequestUpdate
from tenants.clock import utc_now
from tenants.email_addresses import normalize_email
from tenants.models import Membership

MIN_TIMES = 3
ENDED_STATES = frozenset({MeetingState.HELD, MeetingState.NOT_HELD, MeetingState.CANCELLED})


def offer_times(session: Session, ask: Ask, slots: Sequence[datetime]) -> Meeting:
    request = queries.lock_request(session, ask.subject_id)
    ledger.lock_ask(session, ask)
    known = queries.meeting_of(session, ask)
    meeting = queries.lock_meeting(session, known.id) if known else _new(session, ask, request)
    _ensure_times_needed(session, meeting)
    times = validated_times(session, meeting, slots)
    move(session, meeting, MeetingMove.OFFER_TIMES)
    meeting.starts_at = None
    replace_slots(session, meeting, times)
    time_emails.no_times_again(session, meeting)
    request_status.sync_status(session, request)
    action = RequestAction.OTHER_TIMES_OFFERED if known else RequestAction.TIMES_OFFERED
    history.record(session, request, action, advocate=str(ask.advocate_id), times=len(times))
    meeting = queries.meeting(session, meeting.id)
    _send_times_or_ask_for_contact(session, meeting, times)
    change = RequestUpdate.TIMES_OFFERED if known else RequestUpdate.ACCEPTED
    send_rep_update(session, meeting, change, meeting.link_version, who=_name(session, meeting))
    return meeting


def _ensure_times_needed(session: Session, meeting: Meeting) -> None:
    if meeting.state in ENDED_STATES or meeting.state is MeetingState.SCHEDULED:
        raise Conflict(
            "These times came too late: the call has already been set or canceled. Nothing was changed."
        )
    if meeting.state is MeetingState.OFFERED and queries.slots(session, meeting):
        raise Conflict("Times have already been offered, and they’re still open. Nothing was changed.")


def is_over(meeting: Meeting) -> bool:
    return meeting.state in ENDED_STATES or meeting.request.ended_at is not None


def send_rep_update(
    session: Session,
    meeting: Meeting,
    change: RequestUpdate,
    occasion_number: int,
    **fields: EmailFieldValue,
) -> None:
    """Update the rep, once for each `occasion_number` of this call."""
    request = meeting.request
    references_emails.send_request_update(
        session, request, request.requester, change, f"{meeting.id}:{occasion_number}", **fields
    )


def _name(session: Session, meeting: Meeting) -> str:
    return request_status.name_for_rep(session, meeting.ask)


def validated_times(session: Session, meeting: Meeting, slots: Sequence[datetime]) -> list[datetime]:
    """Refuse times that are too few, past, or taken by this person's other calls and offers."""
    now = utc_now()
    times = sorted({slot.astimezone(UTC) for slot in slots if slot > now})
    if len(times) < MIN_TIMES:
        raise DomainError("Please pick at least %(count)s times in the future.", count=MIN_TIMES)
    bookings.ensure_free(session, meeting.advocate_id, times, meeting.minutes, except_meeting_id=meeting.id)
    return times


def _new(session: Session, ask: Ask, request: ReferenceRequest) -> Meeting:
    meeting = Meeting(
        request_id=request.id,
        ask_id=ask.id,
        advocate_id=ask.advocate_id,
        minutes=ask.minutes,
        prospect_name=request.contact_name,
        prospect_email=request.contact_email,
        prospect_time_zone=request.contact_time_zone,
    )
    session.add(meeting)
    session.flush()
    return meeting


def replace_slots(session: Session, meeting: Meeting, times: Sequence[datetime]) -> None:
    session.execute(delete(MeetingSlot).where(MeetingSlot.meeting_id == meeting.id))
    session.add_all(MeetingSlot(meeting_id=meeting.id, starts_at=time) for time in times)
    session.flush()


def _send_times_or_ask_for_contact(session: Session, meeting: Meeting, times: list[datetime]) -> None:
    if meeting.prospect_email:
        time_emails.send_times_to_prospect(session, meeting, times)
    else:
        request_status.pause_clock(meeting.request, WaitingFor.CONTACT_NEEDED)


def set_contact(
    session: Session, request: ReferenceRequest, *, name: str, email: str, time_zone: str, by: Membership
) -> None:
    request.contact_name, request.contact_email, request.contact_time_zone = name, email, time_zone
    if request.waiting_for is WaitingFor.CONTACT_NEEDED:
        request_status.resume_clock(session, request)
    history.record(session, request, RequestAction.CONTACT_SET, by=by)
    ledger.lock_people_and_companies(session, queries.asks_for(session, request.id))
    for row in queries.meetings_for(session, request.id):
        if row.state is MeetingState.OFFERED:
            _update_prospect(session, queries.lock_meeting(session, row.id), request)


def _update_prospect(session: Session, meeting: Meeting, request: ReferenceRequest) -> None:
    times = [slot.starts_at for slot in queries.slots(session, meeting)]
    if meeting.prospect_email and normalize_email(meeting.prospect_email) != normalize_email(
        request.contact_email
    ):
        _revoke_links(session, meeting, waits_for_times=not times)
    meeting.prospect_name, meeting.prospect_email = request.contact_name, request.contact_email
    meeting.prospect_time_zone = request.contact_time_zone
    if times:
        _send_times_or_ask_for_contact(session, meeting, times)


def _revoke_links(session: Session, meeting: Meeting, *, waits_for_times: bool) -> None:
    """Somebody else will talk: what the first person was sent opens nothing any more.

    An advocate who was asked for other times gets a new link too, the version is the meeting's.
    """
    meeting.link_version += 1
    for answer in queries.answers(session, meeting.id):
        if answer.side is Side.PROSPECT:
            answer.link_version += 1
    if waits_for_times:
        time_emails.send_new_times_request(session, meeting, "", by="")


def send_new_link(session: Session, meeting: Meeting) -> None:
    """Send a new link to the address the times went to, at most once an hour."""
    if is_over(meeting):
        raise Conflict("This call was canceled or is over, so you don’t need a new link.")
    times = [slot.starts_at for slot in queries.slots(session, meeting)]
    if meeting.prospect_email and meeting.state is MeetingState.SCHEDULED:
        meetings_emails.send_new_link(session, meeting, Side.PROSPECT)
    elif times and meeting.prospect_email and meeting.state is MeetingState.OFFERED:
        time_emails.send_times_to_prospect(session, meeting, times, is_again=True)
    else:
        raise Conflict("There’s no time to pick right now. We’ll email you as soon as there is one.")


def set_dial_in(session: Session, meeting: Meeting, dial_in: str, *, by: Membership) -> None:
    if meeting.state not in {MeetingState.OFFERED, MeetingState.SCHEDULED}:
        raise Conflict("This call is over, so its meeting link can’t be changed anymore.")
    meeting.dial_in = dial_in
    history.record(session, meeting.request, RequestAction.DIAL_IN_SET, by=by)
    if meeting.state is MeetingState.SCHEDULED:
        meeting.sequence += 1
        notification_emails.start_reminders(session, meeting)
        notification_emails.send_confirmations(session, meeting)
