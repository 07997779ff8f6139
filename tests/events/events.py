"""An event and its guests, as tests ask for them."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from jobs import campaigns
from portal.advocates.models import Advocate
from portal.asks.models import Ask
from portal.declarations import program_switches
from portal.declarations.programs import PROGRAMS
from portal.events import invitations, queries
from portal.events.agenda_models import EventSession
from portal.events.guest_models import (
    AttendanceSource,
    EventGuest,
    GuestSource,
    GuestState,
    SessionPlace,
)
from portal.events.invitations import Wave
from portal.events.models import Event, EventKind, EventState
from portal.events.seats import answers
from portal.events.seats.answers import JUST_YES, Yes
from portal.events.seats.parties import PlusOne
from portal.segments.audience import Audience
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.models import Membership, Role
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


def switch_on(world: World) -> None:
    with world.session() as session:
        program_switches.switch(session, PROGRAMS.get("events"), True, by=world.member(Role.ADMIN))


def invite(world: World, to: Event, people: Sequence[Advocate], by: Membership, **wave: Any) -> None:
    """A wave, through the event's campaign, as far as the emails are written."""
    with world.session() as session:
        audience = Audience.of_people([person.id for person in people])
        invitations.plan_wave(session, to.id, Wave(audience=audience, **wave), by=by)
    ask_everybody(world)
    with world.session() as session:
        due = invitations.due_waves(session)
    for wave_id in due:
        with world.session() as session:
            invitations.send_wave(session, wave_id)
    ask_everybody(world)


def ask_everybody(world: World) -> None:
    while campaigns.process_batch(world.tenant_id):
        pass


def guest_of(world: World, of: Event, person: Advocate) -> EventGuest:
    with world.session() as session:
        mine = (EventGuest.event_id == of.id, EventGuest.advocate_id == person.id)
        return session.scalars(select(EventGuest).where(*mine)).one()


def ask_of(world: World, guest: EventGuest) -> Ask:
    with world.session() as session:
        return session.scalars(select(Ask).where(Ask.id == guest.ask_id)).one()


def past_event(world: World, ended: datetime, person: Advocate) -> Event:
    """Three were invited and two said yes, of whom one came; so did somebody who walked in, and a plus-one."""
    begun = ended - timedelta(hours=3)
    held = event(world, starts_at=begun, ends_at=ended, opened_at=begun - timedelta(days=30), has_record=True)
    came = {"attended_at": begun, "attendance_source": AttendanceSource.DOOR, "attendance_changed_at": ended}
    yes = {"state": GuestState.ACCEPTED, "seats_held": 1, "accepted_at": begun - timedelta(days=9)}
    reached = {"reached_at": begun - timedelta(days=20)}
    ada = contact(
        world, held, advocate_id=person.id, name="", email="", email_norm=None, **reached, **yes, **came
    )
    contact(world, held, **reached, **yes)
    contact(world, held, **reached)
    contact(world, held, state=GuestState.LISTED, source=GuestSource.WALK_IN, **came)
    plus_one = {"host_id": ada.id, "party": 0, "seats_held": 0, "source": GuestSource.PLUS_ONE}
    contact(world, held, **yes | plus_one, **came)
    return held
