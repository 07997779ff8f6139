"""A guest's pages, as tests open them."""

from typing import Any

from icalendar import Calendar
from sqlalchemy import select

from portal import links
from portal.declarations import program_switches
from portal.declarations.programs import PROGRAMS
from portal.events.guest_models import EventGuest
from portal.events.link_purposes import LINK_PATHS, EventLinkPurpose
from portal.events.models import Event
from tenants.models import MailboxEmail, Role
from tests.events.events import save
from tests.world import World


def switch_on(world: World) -> None:
    with world.session() as session:
        program_switches.switch(session, PROGRAMS.get("events"), on=True, by=world.member(Role.ADMIN))


def path(guest: EventGuest, purpose: EventLinkPurpose = EventLinkPurpose.GUEST) -> str:
    token = links.token(purpose, guest.tenant_id, guest.id, guest.link_version)
    return f"/{LINK_PATHS[purpose]}/{token}"


def advocate_guest(world: World, of: Event, **facts: Any) -> EventGuest:
    """Ada, invited without an ask."""
    person = world.advocate(**{"first_name": "Ada", "last_name": "Lindqvist"} | facts)
    return save(world, EventGuest(event_id=of.id, advocate_id=person.id, source="asked", state="invited"))


def guests_of(world: World, of: Event) -> list[EventGuest]:
    with world.session() as session:
        rows = select(EventGuest).where(EventGuest.event_id == of.id).order_by(EventGuest.id)
        return list(session.scalars(rows))


def entry(email: MailboxEmail) -> tuple[str, Any]:
    """What a calendar reads in it: the method, and the event."""
    calendar = Calendar.from_ical(email.calendar)
    (found,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), found
