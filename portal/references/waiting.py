"""A call that waits for other times of its advocate: who wants them, a reminder, and a word to the rep and the desk."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from portal.outreach.kinds import LetterKind
from portal.outreach.models import Letter
from portal.references import call_emails, letters, queries
from portal.references.business import DAY
from portal.references.clock import promises
from portal.references.models import Meeting, MeetingSlot, MeetingState
from tenants.clock import utc_now

REMIND_AFTER, TELL_AFTER = 2 * DAY, 5 * DAY  # working time
HAS_NO_TIMES = or_(
    Meeting.state == MeetingState.MOVED,
    (Meeting.state == MeetingState.OFFERED) & ~exists().where(MeetingSlot.meeting_id == Meeting.id),
)


def asked(session: Session, meeting: Meeting) -> Letter | None:
    """The email that asked for other times last: since when, by which side, with which words."""
    about = (Letter.about_kind == Meeting.__tablename__, Letter.about_id == meeting.id)
    first = (Letter.kind == LetterKind.NEW_TIMES.value, Letter.occasion.startswith(_occasion(meeting)))
    mine = select(Letter).where(*about, *first).order_by(Letter.created_at.desc(), Letter.id.desc())
    return session.scalars(mine.limit(1)).first()


def _occasion(meeting: Meeting) -> str:
    return f"meeting:{meeting.id}:times:"


def follows(session: Session, meeting: Meeting, version: int) -> bool:
    """Was this version of the links the newest until other times were asked for? So it is the same person's."""
    letter = asked(session, meeting)
    is_newest = letter is not None and letter.occasion == f"{_occasion(meeting)}{meeting.link_version}"
    return is_newest and version == meeting.link_version - 1


def without_times(session: Session) -> Sequence[UUID]:
    return session.scalars(select(Meeting.id).where(HAS_NO_TIMES).order_by(Meeting.id)).all()


def look_at(session: Session, meeting_id: UUID) -> None:
    """For the ticker; each word is written once for each time that other times were asked for."""
    meeting = queries.locked_meeting(session, meeting_id)
    still = session.scalar(select(Meeting.id).where(Meeting.id == meeting_id, HAS_NO_TIMES))
    letter = asked(session, meeting)
    if still is None or letter is None:
        return
    waited = promises(session).calendar.between(letter.created_at, utc_now())
    if waited >= REMIND_AFTER:
        call_emails.new_times_again(session, meeting, str(letter.fields.get("note") or ""))
    if waited >= TELL_AFTER:
        letters.undecided(session, meeting, "no_times_yet")
