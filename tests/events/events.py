"""An event and its guests, as tests ask for them."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from portal.events import queries
from portal.events.agenda_models import EventSession
from portal.events.guest_models import EventGuest, GuestSource, GuestState, SessionPlace
from portal.events.models import Event, EventKind, EventState
from portal.events.seats import answers
from portal.events.seats.answers import JUST_YES, Yes
from portal.events.seats.parties import PlusOne
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tests.world import World

Row = TypeVar("Row", bound=TenantOwned)
count = itertools.count(1)


def event(world: World, **facts: Any) -> Event:
    """A roundtable in Berlin in three weeks, open."""
    starts: datetime = facts.pop("starts_at", utc_now() + timedelta(days=21))
    ends = facts.pop("ends_at", starts + timedelta(hours=3))
    given: dict[str, Any] = {
        "kind": EventKind.ROUNDTABLE,
        "title": "Closing in three days",
        "state": EventState.OPEN,
        "opened_at": utc_now(),
        "starts_at": starts,
        "ends_at": ends,
        "records_close_at": ends + timedelta(days=10),
        "time_zone": "Europe/Berlin",
        "venue": "Haus am Ufer, Berlin",
    } | facts
    return save(world, Event(**given))


def contact(world: World, of: Event, **facts: Any) -> EventGuest:
    """Somebody with an address of their own, invited."""
    number = next(count)
    given: dict[str, Any] = {
        "event_id": of.id,
        "name": f"Guest {number}",
        "email": f"guest{number}@elsewhere.example",
        "email_norm": f"guest{number}@elsewhere.example",
        "source": GuestSource.REGISTERED,
        "state": GuestState.INVITED,
        "invited_at": utc_now(),
    } | facts
    return save(world, EventGuest(**given))


def contacts(world: World, of: Event, number: int, **facts: Any) -> list[EventGuest]:
    return [contact(world, of, **facts) for _ in range(number)]


def save(world: World, row: Row) -> Row:
    with world.session() as session:
        session.add(row)
    return row


def say_yes(world: World, guest: EventGuest, *, party: int | None = None, **yes: Any) -> GuestState:
    brings = None if party is None else [PlusOne(f"Friend {place}") for place in range(party - 1)]
    with world.session() as session:
        given = Yes(plus_ones=brings, **yes) if yes or brings is not None else JUST_YES
        return answers.say_yes(session, queries.lock_guest(session, guest.id), given)


def say_no(world: World, guest: EventGuest) -> None:
    with world.session() as session:
        answers.say_no(session, queries.lock_guest(session, guest.id))


def states(world: World, guests: Sequence[EventGuest]) -> list[str]:
    with world.session() as session:
        rows = session.execute(select(EventGuest.id, EventGuest.state)).all()
    by_id: dict[UUID, str] = {row.id: row.state.value for row in rows}
    return [by_id[guest.id] for guest in guests]


def session_of(world: World, of: Event, title: str, seats: int | None, **facts: Any) -> EventSession:
    """One that guests choose, at the start of the event."""
    given = {"event_id": of.id, "starts_at": of.starts_at} | facts
    return save(world, EventSession(title=title, is_chosen=True, capacity=seats, **given))


def places(world: World, guest: EventGuest) -> dict[str, str]:
    """By the title of the session."""
    with world.session() as session:
        rows = select(EventSession.title, SessionPlace.state).where(
            SessionPlace.session_id == EventSession.id, SessionPlace.guest_id == guest.id
        )
        return {title: state.value for title, state in session.execute(rows)}
