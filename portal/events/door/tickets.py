"""A guest's ticket: the code that says who they are, its number for people, and whether a door may take it."""

import re
from hashlib import sha256
from uuid import UUID

import segno
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import links
from portal.errors import BadLink, Conflict
from portal.events.guest_models import EventGuest
from portal.events.link_purposes import EventLinkPurpose
from portal.events.models import Event
from tenants.database import tenant_of

TOKEN = re.compile(r"[\w-]{60,}", re.ASCII)
NUMBER = re.compile(rf"[{links.CODE_ALPHABET}]{{8}}")
QUIET_ZONE = 4  # modules, as the standard asks


def ticket_token(tenant_id: UUID, guest_id: UUID, link_version: int) -> str:
    return links.token(EventLinkPurpose.TICKET, tenant_id, guest_id, link_version)


def ticket_number(guest_id: UUID) -> str:
    """What stands under the code: eight letters that can be read out and typed."""
    return links.short_code(EventLinkPurpose.TICKET, guest_id)


def fingerprint(token: str) -> str:
    """By which a phone without a connection knows a ticket: it keeps this, and never the token itself."""
    return sha256(token.encode()).hexdigest()[:32]


def ticket_qr(text: str, label: str) -> Markup:
    """Draw dark on white in every color scheme, or phones at the door can't read it."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, border=QUIET_ZONE, dark="#000", light="#fff", svgclass="gw-qr", title=label
    )
    return Markup(drawn)  # noqa: S704 - segno escapes the title


def typed_number(text: str) -> str | None:
    """The number of a ticket, as people type it: small letters, blanks and hyphens between."""
    number = re.sub(r"[\s-]", "", text).upper()
    return number if NUMBER.fullmatch(number) else None


def guest_of_ticket(session: Session, event: Event, scanned: str) -> UUID:
    """Whom a scanned code means at this door; raise Conflict with words that say why it opens nothing."""
    found = TOKEN.findall(scanned)
    try:
        said = links.read(found[-1] if found else "", EventLinkPurpose.TICKET)
    except BadLink as wrong:
        raise Conflict("This code isn’t a ticket. Search for the guest by name.") from wrong
    if said.tenant_id != tenant_of(session):
        raise Conflict("This ticket is for an event of another organizer.")
    guest = session.scalar(select(EventGuest).where(EventGuest.id == said.row_id))
    if guest is None or guest.link_version != said.version:
        raise Conflict("This ticket isn’t valid anymore. Search for the guest by name.")
    if guest.event_id != event.id:
        raise _other_event(session, guest.event_id)
    return guest.id


def _other_event(session: Session, event_id: UUID) -> Conflict:
    title = session.scalar(select(Event.title).where(Event.id == event_id))
    return Conflict("This ticket is for another event: “%(title)s”.", title=title)
