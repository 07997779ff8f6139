"""What a worker does once an event or an ask has ended: the asks of guests end with it, batch by batch."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from portal.asks import actions as asks
from portal.asks import queries as ask_queries
from portal.asks.advocate_activity import refresh_available_from
from portal.asks.models import Ask, AskKind, AskState
from portal.asks.withdraw_many import withdraw_many
from portal.events import queries
from portal.events.agenda_models import EventSpeaker
from portal.events.emails import INVITATION
from portal.events.guest_models import EventGuest
from portal.events.labels import EVENT_CANCELLED, TAKEN_OFF_THE_LIST
from portal.events.models import Event, EventCancelled, EventState, InvitationsTaken, RecordsClosed
from portal.events.seats import leaving
from portal.id_arrays import is_one_of
from portal.outbox import publish
from portal.outreach.ask_emails import AskEmailsScheduled
from portal.outreach.models import Email
from portal.outreach.sequences.actions import stop_for_subject
from portal.outreach.sequences.models import StopReason
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC

BATCH = 200  # asks that end in one transaction


def withdraw_open_asks(session: Session, message: EventCancelled) -> None:
    """Of guests and speakers: those who are silent, then those who had said yes."""
    its = (Ask.subject_type == Event.__tablename__, Ask.subject_id == message.event_id)
    silent = session.scalars(_asks(*its, Ask.state == AskState.SENT)).all()
    agreed = session.scalars(_asks(*its, Ask.state == AskState.ACCEPTED)).all()
    withdraw_many(session, silent, EVENT_CANCELLED)
    for ask in ask_queries.get_and_lock_batch(session, agreed) if not silent else ():
        asks.withdraw(session, ask, EVENT_CANCELLED)
    if silent or len(agreed) == BATCH:
        publish(session, message)


def settle_asks(session: Session, message: RecordsClosed) -> None:
    """Who came has done what was asked, and who said yes and didn't come has not; without a record nobody knows."""
    event = queries.find_and_lock_event(session, message.event_id)
    if event is None:
        return
    its = (Ask.subject_type == Event.__tablename__, Ask.subject_id == event.id)
    ids = session.scalars(_asks(*its, Ask.state == AskState.ACCEPTED)).all()
    came = _who_came(session, event.id)
    for ask in ask_queries.get_and_lock_batch(session, ids):
        if ask.advocate_id in came or not event.has_record:
            asks.complete(session, ask)
        else:
            asks.mark_not_held(session, ask)
    if len(ids) == BATCH:
        publish(session, message)


def _asks(*which: ColumnElement[bool]) -> Select[UUID]:
    return select(Ask.id).where(*which).order_by(Ask.id).limit(BATCH)


def _who_came(session: Session, event_id: UUID) -> set[UUID | None]:
    """Guests and speakers alike, by person."""
    came = (EventGuest.event_id == event_id, EventGuest.attended_at.is_not(None))
    return set(session.scalars(select(EventGuest.advocate_id).where(*came)))


def after_answer(session: Session, ask: Ask) -> None:
    """Reminders stop, and free days are counted anew where a workspace gives invitations weight or rest."""
    refresh_available_from(session, [ask.advocate_id])
    stop_for_subject(session, (Ask.__tablename__, ask.id), StopReason.ANSWERED)


def after_withdrawal(session: Session, ask: Ask) -> None:
    """Whoever isn't asked any more holds no seat, as after leaving the program; a canceled event stays as it was."""
    if ask.kind is AskKind.SPEAKING:
        _forget_speaker(session, ask)
        return
    known = queries.guest_of_ask(session, ask.id)
    if known is None:
        return
    here = queries.lock_guest(session, known.id)
    if here.event.state is EventState.OPEN and utc_now() < here.event.ends_at:
        leaving.remove(session, here, TAKEN_OFF_THE_LIST)


def _forget_speaker(session: Session, ask: Ask) -> None:
    mine = select(EventSpeaker).where(EventSpeaker.ask_id == ask.id)
    for speaker in session.scalars(mine):
        session.delete(speaker)


def note_taken(session: Session, message: AskEmailsScheduled) -> None:
    """Guests are locked before companies and people, so this is a message of its own."""
    mine = (
        Email.id == is_one_of(message.email_ids),
        Email.kind == INVITATION.name,
        Email.sent_at.is_not(None),
    )
    if ids := session.scalars(select(Email.id).where(*mine)).all():
        publish(session, InvitationsTaken(tuple(ids)))


def mark_reached(session: Session, message: InvitationsTaken) -> None:
    """Attendance counts whom a provider took the invitation for."""
    taken = (Email.id == is_one_of(message.email_ids), Email.subject_id == EventGuest.ask_id)
    reached = (
        update(EventGuest).where(*taken, EventGuest.reached_at.is_(None)).values(reached_at=Email.sent_at)
    )
    session.execute(reached, execution_options=WITHOUT_SYNC)


def events_to_close(session: Session) -> Sequence[UUID]:
    due = (Event.state == EventState.OPEN, Event.records_close_at <= utc_now())
    return session.scalars(select(Event.id).where(*due).order_by(Event.records_close_at, Event.id)).all()
