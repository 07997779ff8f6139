"""Calls that were agreed before there were sequences: their sides get a word before them like all others."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.outreach.sequences.standards import MEETINGS
from portal.references import invitations, queries
from portal.references.models import MeetingState
from tenants.clock import utc_now

SOON_ENOUGH = timedelta(minutes=MEETINGS.longest, days=1)  # no word goes earlier before a call


def horizon() -> datetime:
    return utc_now() + SOON_ENOUGH


def unreminded(session: Session) -> Sequence[UUID]:
    return queries.never_reminded_of(session, utc_now(), horizon())


def remind(session: Session, meeting_id: UUID) -> None:
    """With the call held as it is now: it may have been moved or called off since it was found."""
    meeting = queries.locked_meeting(session, meeting_id)
    is_ahead = meeting.starts_at is not None and meeting.starts_at > utc_now()
    if meeting.state is MeetingState.SCHEDULED and is_ahead:
        invitations.remind(session, meeting)
