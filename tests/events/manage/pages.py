"""What a manager types, and events with guests, as tests of the manager's pages ask for them."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jobs import campaigns
from portal.declarations import program_switches
from portal.declarations.programs import PROGRAMS
from portal.events import invitations
from portal.events.guest_models import AttendanceSource, EventGuest, GuestSource, GuestState
from portal.events.models import Event
from tenants.clock import utc_now
from tenants.models import Role
from tests.client import Client
from tests.events import events
from tests.world import World

BERLIN = ZoneInfo("Europe/Berlin")
STARTS = (
    (utc_now() + timedelta(days=30))
    .astimezone(BERLIN)
    .replace(hour=18, minute=0, second=0, microsecond=0, tzinfo=None)
)


def typed(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


GIVEN = {
    "kind": "roundtable",
    "title": "Closing in three days",
    "description": "Three teams **show** how. <script>alert(1)</script>",
    "starts": typed(STARTS),
    "ends": typed(STARTS + timedelta(hours=3)),
    "time_zone": "Europe/Berlin",
    "format": "in_person",
    "venue": "Haus am Ufer, Berlin",
    "capacity": "18",
    "plus_ones": "0",
    "registration": "invited_only",
    "guest_list": "hosts",
    "minimum_minutes": "10",
    "budget": "4200",
}


def switch_on(world: World) -> None:
    with world.session() as session:
        program_switches.switch(session, PROGRAMS.get("events"), on=True, by=world.member(Role.ADMIN))


def created(client: Client, **facts: str) -> Any:
    return client.post("/events", GIVEN | facts)


def page_of(client: Client, event: Event) -> str:
    return str(client.get(f"/events/{event.id}").text)


def guest(world: World, event: Event, state: GuestState, **facts: Any) -> EventGuest:
    """Who answered so long ago that nothing follows any more; seats are counted by `seated`."""
    now = utc_now()
    given: dict[str, Any] = {
        "state": state,
        "invited_at": now,
        "reached_at": now,
        "source": GuestSource.ASKED,
    }
    if state not in {GuestState.INVITED, GuestState.LISTED, GuestState.REQUESTED}:
        given |= {"answered_at": now, "changed_at": now}
    return events.contact(world, event, **(given | facts))


def past_event(world: World, *, came: int, missed: int, silent: int, **facts: Any) -> Event:
    """One of last week, with a record."""
    starts = facts.pop("starts_at", utc_now() - timedelta(days=7))
    event = events.event(world, starts_at=starts, has_record=True, seats_taken=came + missed, **facts)
    there = {"attended_at": starts, "attendance_source": AttendanceSource.DOOR}
    for _ in range(came):
        guest(world, event, GuestState.ACCEPTED, seats_held=1, accepted_at=starts, **there)
    for _ in range(missed):
        guest(world, event, GuestState.ACCEPTED, seats_held=1, accepted_at=starts)
    for _ in range(silent):
        guest(world, event, GuestState.INVITED)
    return event


def work(world: World) -> None:
    """As the workers of campaigns and the clock do, until nothing is left."""
    for _round in range(4):
        while campaigns.process_batch(world.tenant_id):
            pass
        with world.session() as session:
            due = invitations.due_waves(session)
        for wave_id in due:
            with world.session() as session:
                invitations.send_wave(session, wave_id)
