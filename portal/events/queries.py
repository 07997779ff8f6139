"""Reading events and their guests, and the locks: the event before its guests, both before companies and people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskState
from portal.errors import NotFound
from portal.events.guest_models import EventGuest, SessionPlace
from portal.events.models import Event, EventQuestion
from tenants.clock import utc_now
from tenants.email_addresses import normalize_email
from tenants.queries import tenants_with_due

POPULATE = {"populate_existing": True}


@dataclass(frozen=True)
class LockedGuest:
    """Nobody else changes the seats of this event, nor this row, until the transaction ends.

    `ask_state`: as it was read; `has_places`: whether sessions were ever picked; `has_questions`: of the event.
    """

    event: Event
    guest: EventGuest
    ask_state: AskState | None = None
    has_places: bool = True
    has_questions: bool = True


def get(session: Session, event_id: UUID) -> Event:
    mine = select(Event).where(Event.id == event_id).options(joinedload(Event.host))
    return _found_event(session.scalar(mine))


def day_of(session: Session, event_id: UUID, zone: ZoneInfo) -> date:
    """The day it starts, on that clock."""
    starts_at = session.scalar(select(Event.starts_at).where(Event.id == event_id))
    if starts_at is None:
        raise NotFound("We couldn’t find this event.")
    return starts_at.astimezone(zone).date()


def lock_event(session: Session, event_id: UUID) -> Event:
    return _found_event(_lock_event(session, Event.id == event_id))


def find_and_lock_event(session: Session, event_id: UUID) -> Event | None:
    """None: it was discarded meanwhile."""
    return _lock_event(session, Event.id == event_id)


def lock_guest(session: Session, guest_id: UUID) -> LockedGuest:
    return _lock_guest(session, EventGuest.id == guest_id)


def lock_guest_of_ask(session: Session, ask_id: UUID) -> LockedGuest:
    return _lock_guest(session, EventGuest.ask_id == ask_id)


def guest_of_ask(session: Session, ask_id: UUID) -> EventGuest | None:
    mine = select(EventGuest).where(EventGuest.ask_id == ask_id)
    return session.scalar(mine.options(joinedload(EventGuest.event)))


def guest(session: Session, guest_id: UUID) -> EventGuest:
    found = session.scalar(guests_with_people().where(EventGuest.id == guest_id))
    return _found_guest(found)


def guests_with_people() -> Select[EventGuest]:
    people = joinedload(EventGuest.advocate).joinedload(Advocate.account)
    return select(EventGuest).options(people, joinedload(EventGuest.event))


def guest_by_address(session: Session, event_id: UUID, email: str) -> EventGuest | None:
    """By the address of a contact or of an advocate."""
    address = normalize_email(email)
    if not address:
        return None
    theirs = or_(EventGuest.email_norm == address, Advocate.email_norm == address)
    mine = select(EventGuest).outerjoin(Advocate, Advocate.id == EventGuest.advocate_id)
    return session.scalar(mine.where(EventGuest.event_id == event_id, theirs).limit(1))


def plus_ones_of(session: Session, guest_id: UUID) -> Sequence[EventGuest]:
    theirs = select(EventGuest).where(EventGuest.host_id == guest_id)
    return session.scalars(theirs.order_by(EventGuest.id)).all()


def _lock_event(session: Session, which: ColumnElement[bool]) -> Event | None:
    locked = select(Event).where(which).with_for_update(key_share=True)
    return session.scalar(locked, execution_options=POPULATE)


def _lock_guest(session: Session, which: ColumnElement[bool]) -> LockedGuest:
    """Its event never changes, so the event is found before anything is locked."""
    its = select(EventGuest.event_id).where(which).scalar_subquery()
    event = _lock_event(session, Event.id == its)
    if event is None:
        raise _no_guest()
    state = select(Ask.state).where(Ask.id == EventGuest.ask_id).scalar_subquery()
    places = select(SessionPlace.id).where(SessionPlace.guest_id == EventGuest.id).exists()
    questions = select(EventQuestion.id).where(EventQuestion.event_id == EventGuest.event_id).exists()
    mine = select(EventGuest, state, places, questions).where(which)
    locked = mine.with_for_update(key_share=True, of=EventGuest)
    row = session.execute(locked, execution_options=POPULATE).one_or_none()
    if row is None:
        raise _no_guest()
    return LockedGuest(event, *row)


def _found_event(event: Event | None) -> Event:
    if event is None:
        raise NotFound("We couldn’t find this event.")
    return event


def _found_guest(found: EventGuest | None) -> EventGuest:
    if found is None:
        raise _no_guest()
    return found


def _no_guest() -> NotFound:
    return NotFound("We couldn’t find this invitation.")


def workspaces_with_due_events(session: Session) -> Sequence[UUID]:
    """Where somebody waits for a seat or was offered one, invitations are due, or records close."""
    return tenants_with_due(session, "events", now=utc_now())
