"""What both sides of a call get: an entry in their calendars, a word before it, a word when it is off."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from portal.calendar_file import (
    CalendarInvitation,
    CalendarMethod,
    CalendarParty,
    render_calendar_file,
)
from portal.declarations.email_content import CalendarFile, EmailFieldValue
from portal.declarations.email_kinds import EmailKind
from portal.errors import Conflict
from portal.outreach.emails import NEW_LINK
from portal.outreach.messages.actions import supersede
from portal.outreach.senders.queries import sender_identity
from portal.outreach.sequences.actions import stop_for_subject
from portal.outreach.sequences.models import StopReason
from portal.references import emails as references_emails
from portal.references import queries
from portal.references.meetings import emails as meetings_emails
from portal.references.meetings import time_emails
from portal.references.meetings.email_fields import CancellationReason
from portal.references.models import Meeting, MeetingAnswer, Side
from portal.safe_text import safe_name
from tenants.clock import utc_now
from tenants.database import tenant

DOMAIN = "goodword"


def send_confirmations(session: Session, meeting: Meeting) -> None:
    _supersede_confirmations(session, meeting)
    for answer in queries.answers(session, meeting.id):
        calendar = _file(session, meeting, answer.side, CalendarMethod.REQUEST)
        key = meetings_emails.confirmed_key(meeting, answer.side)
        _send(session, meetings_emails.MEETING_CONFIRMED, meeting, answer, key, calendar=calendar)


def send_cancellations(
    session: Session, meeting: Meeting, reasons: Mapping[Side, CancellationReason]
) -> None:
    """Cancel in calendars. Call it after `sequence` was raised: they take only a higher one."""
    _supersede_confirmations(session, meeting)
    for answer in queries.answers(session, meeting.id):
        if answer.side in reasons:
            calendar = cancellation_file(session, meeting, answer.side)
            _send_cancellation(session, meeting, answer, reasons[answer.side], calendar)


def cancellation_file(session: Session, meeting: Meeting, side: Side) -> CalendarFile | None:
    return _file(session, meeting, side, CalendarMethod.CANCEL)


def send_unscheduled_cancellations(
    session: Session, meeting: Meeting, reasons: Mapping[Side, CancellationReason]
) -> None:
    """Say that a call without a time is off. Whoever said so, or hears it another way, gets no email."""
    for side, off in reasons.items():
        if off is CancellationReason.YOU_CANNOT or (
            side is Side.ADVOCATE and off is CancellationReason.BY_US
        ):
            continue
        if side is Side.ADVOCATE or queries.has_emailed_prospect(session, meeting):
            _send_cancellation(session, meeting, _answer_of(session, meeting, side), off)


def _send_cancellation(
    session: Session,
    meeting: Meeting,
    answer: MeetingAnswer,
    off: CancellationReason,
    calendar: CalendarFile | None = None,
) -> None:
    key = meetings_emails.cancelled_key(meeting, answer.side)
    more: dict[str, EmailFieldValue] = {"off": off.value}
    _send(session, meetings_emails.MEETING_CANCELLED, meeting, answer, key, more, calendar)


def _supersede_confirmations(session: Session, meeting: Meeting) -> None:
    """What a mail server has not taken yet must not arrive after what is true now."""
    for kind in (meetings_emails.MEETING_CONFIRMED, meetings_emails.AFTER_CALL_QUESTION, NEW_LINK):
        supersede(session, kind, meetings_emails.about(meeting))


def supersede_time_emails(session: Session, meeting: Meeting) -> None:
    for kind in time_emails.KINDS:
        supersede(session, kind, meetings_emails.about(meeting))


def _answer_of(session: Session, meeting: Meeting, side: Side) -> MeetingAnswer:
    """There is one already where an earlier time was agreed and moved."""
    for answer in queries.answers(session, meeting.id):
        if answer.side is side:
            return answer
    made = MeetingAnswer(meeting_id=meeting.id, side=side)
    session.add(made)
    session.flush()
    return made


def start_reminders(session: Session, meeting: Meeting) -> None:
    """Remind both sides before the call. Repeated, the reminder names what changed."""
    for answer in queries.answers(session, meeting.id):
        if _has_address(meeting, answer.side):
            fields = dict(_fields(session, meeting, answer.side))
            zone = time_zone_of(session, meeting, answer.side)
            meetings_emails.start_reminders(session, meeting, answer, fields, zone)


def stop_reminders(session: Session, meeting: Meeting) -> None:
    stop_for_subject(session, meetings_emails.about(meeting), StopReason.WITHDRAWN)


def _has_address(meeting: Meeting, side: Side) -> bool:
    return side is Side.ADVOCATE or bool(meeting.prospect_email)


def send_feedback_questions(session: Session, meeting: Meeting) -> None:
    for answer in queries.answers(session, meeting.id):
        if answer.answered_at is None:
            key = meetings_emails.after_call_key(meeting, answer.side)
            _send(session, meetings_emails.AFTER_CALL_QUESTION, meeting, answer, key)


def calendar_file_of(session: Session, meeting: Meeting, side: Side, method: CalendarMethod) -> bytes:
    """Render this side's file: the other appears by name, nobody by address but the reader."""
    workspace = tenant(session)
    to = meetings_emails.recipient(session, meeting, side)
    organizer = sender_identity(
        session
    )  # a calendar believes a change only from the mailbox it had the first from
    if meeting.starts_at is None:
        raise Conflict(
            "This call has no time right now: it was moved, or none has been picked yet. We’ll email you "
            "as soon as there is one."
        )
    return render_calendar_file(
        CalendarInvitation(
            uid=f"{meeting.id}@{DOMAIN}",
            sequence=meeting.sequence,
            method=method,
            starts_at=meeting.starts_at,
            ends_at=meeting.starts_at + timedelta(minutes=meeting.minutes),
            time_zone=time_zone_of(session, meeting, side),
            title=f"{other_party_name(meeting, side)} · {workspace.name}",
            text=meeting.request.questions if side is Side.ADVOCATE else "",
            place=meeting.dial_in,
            organizer=CalendarParty(name=organizer.name, email=organizer.address),
            attendee=CalendarParty(name=safe_name(to.name), email=to.email),
            stamped_at=utc_now(),
        )
    )


def _file(session: Session, meeting: Meeting, side: Side, method: CalendarMethod) -> CalendarFile | None:
    if not _has_address(meeting, side):
        return None
    return CalendarFile(method.value, calendar_file_of(session, meeting, side, method).decode())


def _send(
    session: Session,
    kind: EmailKind,
    meeting: Meeting,
    answer: MeetingAnswer,
    key: str,
    more: Mapping[str, EmailFieldValue] | None = None,
    calendar: CalendarFile | None = None,
) -> None:
    if _has_address(meeting, answer.side):
        fields = dict(_fields(session, meeting, answer.side)) | dict(more or {})
        until = meeting.starts_at if kind is meetings_emails.MEETING_CONFIRMED else None
        meetings_emails.send_meeting_email(session, kind, meeting, answer, key, fields, calendar, until)


def _fields(session: Session, meeting: Meeting, side: Side) -> Iterator[tuple[str, EmailFieldValue]]:
    yield from references_emails.request_fields(meeting.request).items()
    yield "side", side.value
    yield "rep", meeting.request.requester.name
    yield "minutes", meeting.minutes
    yield "starts_at", meeting.starts_at
    yield "time_zone", time_zone_of(session, meeting, side)
    yield "dial_in", meeting.dial_in
    yield "with_whom", other_party_name(meeting, side)


def other_party_name(meeting: Meeting, side: Side) -> str:
    advocate, request = meeting.ask.advocate, meeting.request
    if side is Side.PROSPECT:
        return references_emails.introduction(advocate)
    return ", ".join(filter(None, (safe_name(meeting.prospect_name), request.prospect)))


def time_zone_of(session: Session, meeting: Meeting, side: Side) -> str:
    own = meeting.prospect_time_zone if side is Side.PROSPECT else meeting.ask.advocate.time_zone
    return own or tenant(session).time_zone
