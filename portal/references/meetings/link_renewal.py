"""An advocate has another address: links of calls that were sent to the one before open nothing."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates import address_change_queries
from portal.advocates.address_change_models import AddressChanged
from portal.references import queries
from portal.references.meetings import emails, notification_emails
from portal.references.meetings.actions import ENDED_STATES
from portal.references.models import Meeting, MeetingState, Side


def after_address_change(session: Session, message: AddressChanged) -> None:
    renew_links(session, address_change_queries.get(session, message.address_change_id).advocate_id)


def renew_links(session: Session, advocate_id: UUID) -> None:
    """Replace the links of a call, the prospect's as well: both have one version."""
    for meeting_id in _calls(session, advocate_id):
        _renew(session, queries.lock_meeting(session, meeting_id))


def _calls(session: Session, advocate_id: UUID) -> Sequence[UUID]:
    mine = select(Meeting.id).where(Meeting.advocate_id == advocate_id, Meeting.state.not_in(ENDED_STATES))
    return session.scalars(mine.order_by(Meeting.request_id, Meeting.id)).all()


def _renew(session: Session, meeting: Meeting) -> None:
    meeting.link_version += 1
    for answer in queries.answers(session, meeting.id):
        if answer.side is Side.ADVOCATE:
            answer.link_version += 1
    session.flush()
    if meeting.state is MeetingState.SCHEDULED:
        notification_emails.start_reminders(session, meeting)
        notification_emails.send_confirmations(
            session, meeting
        )  # with the calendar entry; whoever has it already gets no second one
    else:
        emails.send_new_link(session, meeting, Side.ADVOCATE)
    if meeting.prospect_email and queries.has_emailed_prospect(session, meeting):
        emails.send_new_link(session, meeting, Side.PROSPECT)
