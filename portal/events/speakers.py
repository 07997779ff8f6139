"""Speakers who are asked through the ledger: a yes makes them a guest who holds a seat."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.asks import change_actions as changes
from portal.asks.models import Ask
from portal.events import queries
from portal.events.agenda_models import EventSpeaker
from portal.events.guest_models import EventGuest, GuestSource, GuestState
from portal.events.models import Event
from portal.events.seats import seating


def of_ask(session: Session, ask: Ask) -> EventSpeaker | None:
    return session.scalar(select(EventSpeaker).where(EventSpeaker.ask_id == ask.id))


def accept(session: Session, ask: Ask) -> None:
    """A seat where one is free: a full house still has a stage."""
    event = queries.lock_event(session, ask.subject_id)
    changes.say_yes(session, ask)
    mine = (EventGuest.event_id == event.id, EventGuest.advocate_id == ask.advocate_id)
    guest = session.scalar(select(EventGuest).where(*mine)) or _new_guest(session, event, ask)
    if guest.state is not GuestState.ACCEPTED and seating.has_room(event, guest.party):
        seating.take_seats(session, event, guest)


def decline(session: Session, ask: Ask) -> None:
    """The ledger wrote it down; the manager asks somebody else."""
    speaker = of_ask(session, ask)
    if speaker is not None:
        session.delete(speaker)


def _new_guest(session: Session, event: Event, ask: Ask) -> EventGuest:
    guest = EventGuest(
        event_id=event.id,
        advocate_id=ask.advocate_id,
        account_id=ask.account_id,
        source=GuestSource.SPEAKER,
    )
    session.add(guest)
    session.flush()
    return guest
