"""A call that waits for other times of its advocate: who wants them, a reminder, and a word to the rep and the desk."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from portal.outreach.models import Email
from portal.references import emails as references_emails
from portal.references import queries
from portal.references.business_calendar import DAY
from portal.references.meetings import time_emails
from portal.references.models import Meeting, MeetingSlot, MeetingState
from portal.references.request_updates import RequestUpdate
from portal.references.service_levels import service_levels
from tenants.clock import utc_now

REMIND_AFTER, ESCALATE_AFTER = 2 * DAY, 5 * DAY  # working time
HAS_NO_TIMES = or_(
    Meeting.state == MeetingState.MOVED,
    (Meeting.state == MeetingState.OFFERED) & ~exists().where(MeetingSlot.meeting_id == Meeting.id),
)


def last_times_request(session: Session, meeting: Meeting) -> Email | None:
    about = (Email.subject_type == Meeting.__tablename__, Email.subject_id == meeting.id)
    first = (
        Email.kind == time_emails.NEW_TIMES.name,
        Email.occasion.startswith(time_emails.new_times_prefix(meeting)),
    )
    mine = select(Email).where(*about, *first).order_by(Email.created_at.desc(), Email.id.desc())
    return session.scalars(mine.limit(1)).first()


def is_previous_link(session: Session, meeting: Meeting, version: int) -> bool:
    """Tell whether this version was the newest before other times were asked for, so that it is the same person's."""
    email = last_times_request(session, meeting)
    is_newest = email is not None and email.occasion == time_emails.new_times_key(meeting)
    return is_newest and version == meeting.link_version - 1


def meetings_without_times(session: Session) -> Sequence[UUID]:
    return session.scalars(select(Meeting.id).where(HAS_NO_TIMES).order_by(Meeting.id)).all()


def chase_missing_times(session: Session, meeting_id: UUID) -> None:
    meeting = queries.lock_meeting(session, meeting_id)
    still = session.scalar(select(Meeting.id).where(Meeting.id == meeting_id, HAS_NO_TIMES))
    email = last_times_request(session, meeting)
    if still is None or email is None:
        return
    waited = service_levels(session).calendar.working_time_between(email.created_at, utc_now())
    if waited >= REMIND_AFTER:
        time_emails.send_new_times_reminder(session, meeting, str(email.fields.get("note") or ""))
    if waited >= ESCALATE_AFTER:
        references_emails.send_undecided(session, meeting, RequestUpdate.NO_TIMES_YET)
