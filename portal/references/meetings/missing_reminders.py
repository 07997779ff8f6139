"""Calls that were agreed before there were sequences: their sides get a word before them like all others."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.references import queries
from portal.references.meetings import notification_emails
from portal.references.meetings.emails import MEETING_REMINDERS
from portal.references.models import MeetingState
from tenants.clock import utc_now

LONGEST_REMINDER_LEAD = timedelta(
    minutes=MEETING_REMINDERS.max_distance, days=1
)  # no word goes earlier before a call


def reminder_horizon() -> datetime:
    return utc_now() + LONGEST_REMINDER_LEAD


def workspaces_with_coming_calls(session: Session) -> Sequence[UUID]:
    return queries.workspaces_with_calls_before(session, reminder_horizon())


def meetings_without_reminder(session: Session) -> Sequence[UUID]:
    return queries.meetings_without_reminder(session, utc_now(), reminder_horizon())


def add_reminder(session: Session, meeting_id: UUID) -> None:
    """Add a reminder to the call, locked as it is now: it may have moved since it was found."""
    meeting = queries.lock_meeting(session, meeting_id)
    is_ahead = meeting.starts_at is not None and meeting.starts_at > utc_now()
    if meeting.state is MeetingState.SCHEDULED and is_ahead:
        notification_emails.start_reminders(session, meeting)
