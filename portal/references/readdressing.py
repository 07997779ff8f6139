"""An advocate has another address: what was sent to the one before opens nothing, and the new one gets what is open."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.asks import queries as ledger
from portal.asks.models import Ask, State
from portal.references import answering, call_emails, invitations, queries
from portal.references.meetings import OVER
from portal.references.models import Meeting, MeetingState, ReferenceRequest, Side
from tenants.clock import utc_now


def renew_links(session: Session, advocate_id: UUID) -> None:
    """Of open asks and calls. A call's links have one version, so the prospect gets a new one as well."""
    for ask in _asked(session, advocate_id):
        queries.locked(session, ask.served_id)
        ledger.hold(session, ask)
        if ask.state is State.SENT:
            ask.link_version += 1
            answering.send_new_link(session, ask)
    for meeting_id in _calls(session, advocate_id):
        _renew(session, queries.locked_meeting(session, meeting_id))


def _asked(session: Session, advocate_id: UUID) -> Sequence[Ask]:
    mine = select(Ask.id).where(Ask.advocate_id == advocate_id, Ask.state == State.SENT)
    desk = mine.where(Ask.served_kind == ReferenceRequest.__tablename__).order_by(Ask.served_id, Ask.id)
    return [ledger.get(session, ask_id) for ask_id in session.scalars(desk).all()]


def _calls(session: Session, advocate_id: UUID) -> Sequence[UUID]:
    mine = select(Meeting.id).where(Meeting.advocate_id == advocate_id, Meeting.state.not_in(OVER))
    return session.scalars(mine.order_by(Meeting.request_id, Meeting.id)).all()


def _renew(session: Session, meeting: Meeting) -> None:
    meeting.link_version += 1
    for answer in queries.answers(session, meeting.id):
        if answer.side is Side.ADVOCATE:
            answer.link_version += 1
    session.flush()
    hour = f"{utc_now():%Y%m%d%H}"
    if meeting.state is MeetingState.SCHEDULED:
        invitations.confirm(
            session, meeting
        )  # with the calendar entry; whoever has it already gets no second one
        invitations.remind(session, meeting)
    else:
        call_emails.new_link(session, meeting, Side.ADVOCATE, hour)
    if meeting.prospect_email and queries.has_written_to_prospect(session, meeting):
        call_emails.new_link(session, meeting, Side.PROSPECT, hour)
