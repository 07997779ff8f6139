"""Sending to guests: to the address of each, in their own time, with links to their own pages."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calendar_file import CalendarMethod
from portal.declarations.email_content import (
    About,
    CalendarFile,
    EmailFieldValue,
    EmailLinks,
    Recipient,
    SignedLink,
)
from portal.declarations.email_kinds import EmailKind
from portal.declarations.sending import send
from portal.events.guest_models import EventGuest
from portal.events.guests import guest_rows
from portal.events.guests.calendar_entries import GuestAddresses, calendar_file, own_zone
from portal.events.guests.email_fields import OffReason
from portal.events.guests.emails import LINKS, REGISTRATION, YOUR_PAGE
from portal.events.guests.reader_time import reader_zone
from portal.events.link_purposes import EventLinkPurpose
from portal.events.models import Event, EventFormat
from portal.events.seats.registrations import Contact
from portal.outreach.emails import NEW_LINK
from portal.outreach.models import Email
from portal.safe_text import safe_name
from tenants.clock import utc_now


def about(guest: EventGuest) -> About:
    return EventGuest.__tablename__, guest.id


def registration_key(guest: EventGuest) -> str:
    return f"event_guest:{guest.id}:registration"


def cancelled_key(guest: EventGuest, reason: OffReason) -> str:
    stamp = f"{guest.changed_at:%Y%m%d%H%M%S%f}" if guest.changed_at else ""
    return f"{off_key(guest)}{reason}:{stamp}"


def off_key(guest: EventGuest) -> str:
    """How the keys begin of all that say that a guest doesn't come."""
    return f"event_guest:{guest.id}:off:"


def given_away_key(guest: EventGuest) -> str:
    """To whoever had the seat before, whatever becomes of the row."""
    return f"event_guest:{guest.id}:given_away:{guest.link_version}"


def moved_key(guest: EventGuest) -> str:
    return f"event_guest:{guest.id}:moved:{guest.event.calendar_sequence}"


def after_key(guest: EventGuest, kind: EmailKind) -> str:
    return f"event_guest:{guest.id}:{kind.name}"


def new_link_key(guest: EventGuest) -> str:
    return f"event_guest:{guest.id}:link:{guest.link_version}:{utc_now():%Y%m%d%H}"


def recipient(guest: EventGuest) -> Recipient:
    """`guest` was read with advocate, event and host."""
    host = guest.event.host
    reply_to = host.email if host is not None and host.is_active else ""
    name = " ".join(guest.full_name.split())
    return Recipient(guest.address, name, advocate_id=guest.advocate_id, reply_to=reply_to)


def event_fields(event: Event, zone: str) -> dict[str, EmailFieldValue]:
    """`zone`: the reader's own."""
    where = ", ".join(filter(None, (event.venue, event.address)))
    return {
        "event": event.title,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "place": where or ("" if event.format is EventFormat.IN_PERSON else "Online"),
        "is_online": event.format is EventFormat.ONLINE,
        "time_zone": reader_zone(event, zone),
        "own_zone": zone,
        "from_name": "",
    }


def guest_fields(session: Session, guest: EventGuest) -> dict[str, EmailFieldValue]:
    host = guest.event.host
    return event_fields(guest.event, own_zone(session, guest)) | {"from_name": host.name if host else ""}


def guest_links(guest: EventGuest) -> dict[str, SignedLink]:
    """Those that the event has a page for."""
    without = {"join"} if guest.event.format is EventFormat.IN_PERSON else set()
    without |= {"ticket"} if guest.event.format is EventFormat.ONLINE else set()
    return {
        name: SignedLink(purpose, guest.id, guest.link_version)
        for name, purpose in LINKS.items()
        if name not in without
    }


def send_to_guest(
    session: Session,
    kind: EmailKind,
    guest: EventGuest,
    key: str,
    *,
    more: Mapping[str, EmailFieldValue] | None = None,
    method: CalendarMethod | None = None,
    until: datetime | None = None,
) -> None:
    """Nothing goes to somebody who came along without an address."""
    if not guest.address:
        return
    links: EmailLinks = guest_links(guest)
    send(
        session,
        kind,
        recipient(guest),
        key,
        about=about(guest),
        fields=guest_fields(session, guest) | dict(more or {}),
        links=links,
        calendar=_calendar(session, guest, method),
        valid_until=until,
    )


def _calendar(session: Session, guest: EventGuest, method: CalendarMethod | None) -> CalendarFile | None:
    if method is None:
        return None
    content = calendar_file(session, guest, method, GuestAddresses.blank())
    return CalendarFile(method.value, content.decode())


def was_asked_to_confirm(session: Session, guest: EventGuest) -> bool:
    sent = select(Email.id).where(Email.occasion == registration_key(guest)).limit(1)
    return session.scalar(sent) is not None


def send_registration(session: Session, event: Event, guest: EventGuest, contact: Contact) -> None:
    """To the address that was typed, whoever has it: with the name that was typed, and nothing of the guest's."""
    send(
        session,
        REGISTRATION,
        Recipient(contact.email, safe_name(contact.name)),
        registration_key(guest),
        about=about(guest),
        fields=event_fields(event, contact.time_zone or event.time_zone),
        links={"registration": SignedLink(EventLinkPurpose.REGISTRATION, guest.id, guest.link_version)},
        valid_until=event.starts_at,
    )


def send_new_link(session: Session, guest_id: UUID) -> str:
    guest = guest_rows.guest_with_event(session, guest_id)
    send(
        session,
        NEW_LINK,
        recipient(guest),
        new_link_key(guest),
        about=about(guest),
        fields={"phrase": YOUR_PAGE.name, "whom": guest.event.title},
        links={"page": SignedLink(EventLinkPurpose.GUEST, guest.id, guest.link_version)},
    )
    return guest.address
