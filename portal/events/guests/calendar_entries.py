"""A guest's entry of an event: the same UID for its whole life, one attendee a file, and links to our own pages.

The entry names our join page and never the platform's address, so a link that moves reaches everybody.
"""

from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy.orm import Session

from portal import links
from portal.calendar_file import (
    CalendarEntry,
    CalendarInvitation,
    CalendarMethod,
    CalendarParty,
    blank,
    render_calendar_file,
)
from portal.calendar_links import WebCalendarEntry
from portal.events.guest_models import EventGuest
from portal.events.guests.reader_time import reader_zone
from portal.events.link_purposes import LINK_PATHS, EventLinkPurpose
from portal.events.models import Event, EventFormat, EventState
from portal.outreach.senders.queries import sender_identity
from portal.safe_markdown import plain_words
from portal.safe_text import safe_name
from tenants.clock import utc_now
from tenants.database import tenant

DOMAIN = "goodword"


@dataclass(frozen=True)
class GuestAddresses:
    """Where a guest finds their page and the way into an event online."""

    page: str
    join: str

    @classmethod
    def blank(cls) -> Self:
        """For a file that is kept until its email leaves."""
        return cls(blank("page"), blank("join"))

    @classmethod
    def of(cls, guest: EventGuest, public_url: str) -> Self:
        purposes = (EventLinkPurpose.GUEST, EventLinkPurpose.JOIN)
        return cls(*(public_url.rstrip("/") + path(guest, purpose) for purpose in purposes))


def path(guest: EventGuest, purpose: EventLinkPurpose) -> str:
    token = links.token(purpose, guest.tenant_id, guest.id, guest.link_version)
    return f"/{LINK_PATHS[purpose]}/{token}"


def calendar_file(
    session: Session, guest: EventGuest, method: CalendarMethod, addresses: GuestAddresses
) -> bytes:
    """`guest` was read with advocate and event. ORGANIZER is the sender's mailbox: calendars believe no other."""
    organizer = sender_identity(session)
    return render_calendar_file(
        CalendarInvitation(
            **_common(session, guest, addresses),
            method=method,
            organizer=CalendarParty(name=organizer.name, email=organizer.address),
            attendee=CalendarParty(name=safe_name(guest.full_name), email=guest.address),
        )
    )


def feed_entry(session: Session, guest: EventGuest, addresses: GuestAddresses) -> CalendarEntry:
    is_off = guest.event.state is EventState.CANCELLED
    return CalendarEntry(**_common(session, guest, addresses), is_cancelled=is_off)


def web_entry(guest: EventGuest, addresses: GuestAddresses) -> WebCalendarEntry:
    event = guest.event
    where, text = _place(event, addresses), _text(event, addresses)
    return WebCalendarEntry(event.title, event.starts_at, event.ends_at, where, text)


def _common(session: Session, guest: EventGuest, addresses: GuestAddresses) -> dict[str, Any]:
    event = guest.event
    return {
        "uid": f"{guest.id}@{DOMAIN}",
        "sequence": sequence(event),
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "time_zone": reader_zone(event, own_zone(session, guest)),
        "title": event.title,
        "text": _text(event, addresses),
        "place": _place(event, addresses),
        "stamped_at": utc_now(),
    }


def sequence(event: Event) -> int:
    """Up for start, end and place, and once more when the event is off."""
    return event.calendar_sequence + (event.state is EventState.CANCELLED)


def own_zone(session: Session, guest: EventGuest) -> str:
    own = guest.advocate.time_zone if guest.advocate else guest.time_zone
    return own or tenant(session).time_zone


def _place(event: Event, addresses: GuestAddresses) -> str:
    where = ", ".join(filter(None, (event.venue, event.address)))
    return addresses.join if event.format is EventFormat.ONLINE else where


def _text(event: Event, addresses: GuestAddresses) -> str:
    lines = [plain_words(event.description), event.directions]
    if event.format is EventFormat.HYBRID:
        lines.append(addresses.join)
    return "\n\n".join(filter(None, (*lines, addresses.page)))
