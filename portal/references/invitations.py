"""What both sides of a meeting get: an entry in their calendar, a word before, a word when it is off."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from portal.errors import Conflict
from portal.outreach.actions import overtake
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import CalendarFile, Recipient
from portal.outreach.sender import sender
from portal.outreach.sequences.actions import stop_about
from portal.outreach.sequences.models import Stop
from portal.references import letters, queries
from portal.references.calendar import Invitation, Method, Party, file
from portal.references.models import Meeting, MeetingAnswer, Side
from portal.safe_text import safe_name
from tenants.clock import utc_now
from tenants.database import tenant

DOMAIN = "goodword"


def confirm(session: Session, meeting: Meeting) -> None:
    _overtake(session, meeting)
    for answer in queries.answers(session, meeting.id):
        _write(
            session,
            LetterKind.MEETING_CONFIRMED,
            meeting,
            answer,
            f"confirmed:{meeting.sequence}",
            Method.REQUEST,
        )


def cancel(session: Session, meeting: Meeting) -> None:
    """Call it after `sequence` was raised: a calendar takes a cancellation only with a higher one."""
    _overtake(session, meeting)
    for answer in queries.answers(session, meeting.id):
        _write(
            session,
            LetterKind.MEETING_CANCELLED,
            meeting,
            answer,
            f"cancelled:{meeting.sequence}",
            Method.CANCEL,
        )


def _overtake(session: Session, meeting: Meeting) -> None:
    """An earlier time that a mail server has not taken yet must not arrive after what is true now."""
    overtake(session, LetterKind.MEETING_CONFIRMED, (meeting.__tablename__, meeting.id))


def take_back(session: Session, meeting: Meeting) -> None:
    """Times were offered and nobody picked one: the prospect alone knows of them."""
    answer = _answer_of_prospect(session, meeting)
    occasion = f"taken back:{meeting.sequence}:{meeting.link_version}"
    _write(session, LetterKind.MEETING_CANCELLED, meeting, answer, occasion)


def _answer_of_prospect(session: Session, meeting: Meeting) -> MeetingAnswer:
    """There is one already where an earlier time was agreed and moved."""
    for answer in queries.answers(session, meeting.id):
        if answer.side is Side.PROSPECT:
            return answer
    made = MeetingAnswer(meeting_id=meeting.id, side=Side.PROSPECT)
    session.add(made)
    session.flush()
    return made


def remind(session: Session, meeting: Meeting) -> None:
    """Both sides get a word before it. Said again, the word names what changed: the place, or another time."""
    for answer in queries.answers(session, meeting.id):
        if meeting.starts_at is not None and _has_address(meeting, answer.side):
            letters.before_meeting(
                session,
                recipient(meeting, answer.side),
                answer,
                meeting.starts_at,
                dict(_fields(session, meeting, answer.side)),
                zone_of(session, meeting, answer.side),
            )


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
    to = recipient(meeting, side)
    if meeting.starts_at is None:
        raise Conflict("No time is agreed yet, so there is nothing for a calendar.")
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
            organizer=Party(name=workspace.name, email=sender.address),
            attendee=Party(name=safe_name(to.name), email=to.email),
            stamped_at=utc_now(),
        )
    )


def _write(
    session: Session,
    kind: LetterKind,
    meeting: Meeting,
    answer: MeetingAnswer,
    occasion: str,
    method: Method | None = None,
) -> None:
    if not _has_address(meeting, answer.side):
        return
    to = recipient(meeting, answer.side)
    content = calendar_of(session, meeting, answer.side, method) if method else None
    calendar = CalendarFile(method.value, content.decode()) if method and content else None
    fields = dict(_fields(session, meeting, answer.side))
    until = meeting.starts_at if kind is LetterKind.MEETING_CONFIRMED else None
    letters.of_meeting(session, kind, to, answer, occasion, fields, calendar, until)


def _fields(session: Session, meeting: Meeting, side: Side) -> Iterator[tuple[str, letters.Value]]:
    yield from letters.about(meeting.request).items()
    yield "side", side.value
    yield "minutes", meeting.minutes
    yield "starts_at", meeting.starts_at
    yield "time_zone", zone_of(session, meeting, side)
    yield "dial_in", meeting.dial_in
    yield "with_whom", other_name(meeting, side)


def recipient(meeting: Meeting, side: Side) -> Recipient:
    if side is Side.PROSPECT:
        return letters.to_prospect(meeting)
    return letters.to_advocate(meeting.ask.advocate)


def other_name(meeting: Meeting, side: Side) -> str:
    """Whom this side talks to: a name and a company."""
    advocate, wanted = meeting.ask.advocate, meeting.request
    if side is Side.PROSPECT:
        return letters.introduced(advocate)
    return ", ".join(filter(None, (safe_name(meeting.prospect_name), wanted.prospect)))


def zone_of(session: Session, meeting: Meeting, side: Side) -> str:
    own = meeting.prospect_time_zone if side is Side.PROSPECT else meeting.ask.advocate.time_zone
    return own or tenant(session).time_zone
