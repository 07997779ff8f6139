"""What both sides of a call get: an entry in their calendars, a word before it, a word when it is off."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.errors import Conflict
from portal.outreach.actions import overtake
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import CalendarFile
from portal.outreach.senders.queries import from_whom
from portal.outreach.sequences.actions import stop_about
from portal.outreach.sequences.models import Stop
from portal.references import call_emails, letters, queries
from portal.references.calendar import Invitation, Method, Party, file
from portal.references.models import Meeting, MeetingAnswer, Side
from portal.safe_text import safe_name
from tenants.clock import utc_now
from tenants.database import tenant

DOMAIN = "goodword"
ABOUT_TIMES = (LetterKind.SLOTS_FOR_PROSPECT, LetterKind.NEW_TIMES)


class Off(StrEnum):
    """Why a call is off, as its reader is told; the catalog of templates has the sentences."""

    BY_US = "by_us"
    MOVING = "moving"  # the other side needs another time
    YOU_MOVED = "you_moved"  # as the reader asked
    TIMES_SENT = "times_sent"  # … with times of the reader's
    YOU_CANNOT = "you_cannot"
    THEY_CANNOT = "they_cannot"


def confirm(session: Session, meeting: Meeting) -> None:
    _overtake_agreed(session, meeting)
    for answer in queries.answers(session, meeting.id):
        calendar = _file(session, meeting, answer.side, Method.REQUEST)
        occasion = f"confirmed:{meeting.sequence}"
        _write(session, LetterKind.MEETING_CONFIRMED, meeting, answer, occasion, calendar=calendar)


def call_off(session: Session, meeting: Meeting, told: Mapping[Side, Off]) -> None:
    """Call it after `sequence` was raised: a calendar takes a cancellation only with a higher one."""
    _overtake_agreed(session, meeting)
    for answer in queries.answers(session, meeting.id):
        if answer.side in told:
            calendar = cancellation(session, meeting, answer.side)
            _tell_off(session, meeting, answer, told[answer.side], calendar)


def cancellation(session: Session, meeting: Meeting, side: Side) -> CalendarFile | None:
    """For another email of this side's that also takes the old time out of the calendar."""
    return _file(session, meeting, side, Method.CANCEL)


def take_back(session: Session, meeting: Meeting, told: Mapping[Side, Off]) -> None:
    """No time was agreed, so no calendar knows of it. Whoever said so, or hears it another way, gets no email."""
    for side, off in told.items():
        if off is Off.YOU_CANNOT or (side is Side.ADVOCATE and off is Off.BY_US):
            continue
        if side is Side.ADVOCATE or queries.has_written_to_prospect(session, meeting):
            _tell_off(session, meeting, _answer_of(session, meeting, side), off)


def _tell_off(
    session: Session, meeting: Meeting, answer: MeetingAnswer, off: Off, calendar: CalendarFile | None = None
) -> None:
    occasion = f"off:{meeting.sequence}:{meeting.link_version}"
    more: dict[str, letters.Value] = {"off": off.value}
    _write(session, LetterKind.MEETING_CANCELLED, meeting, answer, occasion, more, calendar)


def _overtake_agreed(session: Session, meeting: Meeting) -> None:
    """What a mail server has not taken yet must not arrive after what is true now."""
    for kind in (LetterKind.MEETING_CONFIRMED, LetterKind.AFTER_CALL_QUESTION, LetterKind.NEW_LINK):
        overtake(session, kind, (meeting.__tablename__, meeting.id))


def overtake_times(session: Session, meeting: Meeting) -> None:
    for kind in ABOUT_TIMES:
        overtake(session, kind, (meeting.__tablename__, meeting.id))


def _answer_of(session: Session, meeting: Meeting, side: Side) -> MeetingAnswer:
    """There is one already where an earlier time was agreed and moved."""
    for answer in queries.answers(session, meeting.id):
        if answer.side is side:
            return answer
    made = MeetingAnswer(meeting_id=meeting.id, side=side)
    session.add(made)
    session.flush()
    return made


def remind(session: Session, meeting: Meeting) -> None:
    """Both sides get a word before it. Said again, the word names what changed: the place, or another time."""
    for answer in queries.answers(session, meeting.id):
        if _has_address(meeting, answer.side):
            fields = dict(_fields(session, meeting, answer.side))
            zone = zone_of(session, meeting, answer.side)
            call_emails.before_meeting(session, meeting, answer, fields, zone)


def no_reminder(session: Session, meeting: Meeting) -> None:
    """It is off, or will be at another time."""
    stop_about(session, (meeting.__tablename__, meeting.id), Stop.WITHDRAWN)


def _has_address(meeting: Meeting, side: Side) -> bool:
    return side is Side.ADVOCATE or bool(meeting.prospect_email)


def ask_after(session: Session, meeting: Meeting) -> None:
    for answer in queries.answers(session, meeting.id):
        if answer.answered_at is None:
            _write(session, LetterKind.AFTER_CALL_QUESTION, meeting, answer, f"after:{meeting.sequence}")


def calendar_of(session: Session, meeting: Meeting, side: Side, method: Method) -> bytes:
    """This side's own file: the other side appears by name, nobody by address but the reader."""
    workspace = tenant(session)
    to = call_emails.recipient(session, meeting, side)
    organizer = from_whom(session)  # a calendar believes a change only from the mailbox it had the first from
    if meeting.starts_at is None:
        raise Conflict(
            "This call has no time at the moment: it was moved, or none is picked yet. We email you as soon as "
            "there is one."
        )
    return file(
        Invitation(
            uid=f"{meeting.id}@{DOMAIN}",
            sequence=meeting.sequence,
            method=method,
            starts_at=meeting.starts_at,
            minutes=meeting.minutes,
            time_zone=zone_of(session, meeting, side),
            title=f"{other_name(meeting, side)} · {workspace.name}",
            text=meeting.request.questions if side is Side.ADVOCATE else "",
            place=meeting.dial_in,
            organizer=Party(name=organizer.name, email=organizer.address),
            attendee=Party(name=safe_name(to.name), email=to.email),
            stamped_at=utc_now(),
        )
    )


def _file(session: Session, meeting: Meeting, side: Side, method: Method) -> CalendarFile | None:
    if not _has_address(meeting, side):
        return None
    return CalendarFile(method.value, calendar_of(session, meeting, side, method).decode())


def _write(
    session: Session,
    kind: LetterKind,
    meeting: Meeting,
    answer: MeetingAnswer,
    occasion: str,
    more: Mapping[str, letters.Value] | None = None,
    calendar: CalendarFile | None = None,
) -> None:
    if _has_address(meeting, answer.side):
        fields = dict(_fields(session, meeting, answer.side)) | dict(more or {})
        until = meeting.starts_at if kind is LetterKind.MEETING_CONFIRMED else None
        call_emails.of_meeting(session, kind, meeting, answer, occasion, fields, calendar, until)


def _fields(session: Session, meeting: Meeting, side: Side) -> Iterator[tuple[str, letters.Value]]:
    yield from letters.about(meeting.request).items()
    yield "side", side.value
    yield "rep", meeting.request.requester.name
    yield "minutes", meeting.minutes
    yield "starts_at", meeting.starts_at
    yield "time_zone", zone_of(session, meeting, side)
    yield "dial_in", meeting.dial_in
    yield "with_whom", other_name(meeting, side)


def other_name(meeting: Meeting, side: Side) -> str:
    """Whom this side talks to: a name and a company."""
    advocate, wanted = meeting.ask.advocate, meeting.request
    if side is Side.PROSPECT:
        return letters.introduced(advocate)
    return ", ".join(filter(None, (safe_name(meeting.prospect_name), wanted.prospect)))


def zone_of(session: Session, meeting: Meeting, side: Side) -> str:
    own = meeting.prospect_time_zone if side is Side.PROSPECT else meeting.ask.advocate.time_zone
    return own or tenant(session).time_zone
