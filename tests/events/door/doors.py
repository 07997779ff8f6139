"""A door, and people at it, as tests ask for them."""

from datetime import timedelta
from typing import Any

from portal import links
from portal.events.attendance_models import EventDoorLink
from portal.events.door.tickets import ticket_token
from portal.events.guest_models import EventGuest, GuestState
from portal.events.link_purposes import EventLinkPurpose
from portal.events.models import Event
from tenants.clock import utc_now
from tests.client import Client, new_client
from tests.events.events import contact, event, save, say_yes
from tests.world import World, again

JSON = {"Accept": "application/json"}


def evening(world: World, **facts: Any) -> Event:
    """An event that begins in an hour."""
    return event(world, **{"starts_at": utc_now() + timedelta(hours=1)} | facts)


def coming(world: World, of: Event, name: str, **facts: Any) -> EventGuest:
    guest = contact(world, of, name=name, **facts)
    assert say_yes(world, guest) is GuestState.ACCEPTED
    return world.reload(guest)


def change(world: World, row: Any, **facts: Any) -> None:
    """As somebody else does it meanwhile."""
    with world.session() as session:
        now = again(session, row)
        for name, value in facts.items():
            setattr(now, name, value)


class Door:
    """Somebody with a phone at the door of an event."""

    def __init__(self, world: World, of: Event, by: str = "Sam") -> None:
        self.world, self.event, self.by = world, of, by
        self.link: EventDoorLink = save(
            world, EventDoorLink(event_id=of.id, name=by, expires_at=of.ends_at + timedelta(hours=1))
        )
        token = links.token(EventLinkPurpose.DOOR, world.tenant_id, self.link.id)
        self.client: Client = new_client(world.app)
        self.address = f"/door/{token}"

    def page(self, **query: str) -> str:
        given = {"by": self.by} | query
        return self.client.get(self.address, outside=True, query_string=given).text

    def guests(self) -> dict[str, Any]:
        answer = self.client.get(f"{self.address}/guests", outside=True, headers=JSON)
        found: dict[str, Any] = answer.get_json()
        return found

    def send(self, act: str, **fields: Any) -> dict[str, Any]:
        """As the script does: no cookie, no secret of a form."""
        fresh = new_client(self.world.app)
        given = {"by": self.by} | {name: str(value) for name, value in fields.items()}
        answer = fresh.open(f"{self.address}/{act}", method="POST", data=given, headers=JSON)
        said: dict[str, Any] = answer.get_json() or {"status": answer.status_code}
        return said

    def check_in(self, guest: EventGuest, **fields: Any) -> dict[str, Any]:
        return self.send("check-ins", guest_id=guest.id, **fields)

    def undo(self, guest: EventGuest, **fields: Any) -> dict[str, Any]:
        return self.send("undone-check-ins", guest_id=guest.id, **fields)


def ticket_of(guest: EventGuest) -> str:
    """What the code on the ticket says."""
    token = ticket_token(guest.tenant_id, guest.id, guest.link_version)
    return f"https://portal.example/event-ticket/{token}"
