"""What is kept of guests for a while only: food and access for 14 days, contacts of one event for 90 days after it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import policies
from portal.events import queries
from portal.events.guest_models import EventAnswer, EventGuest, GuestNeeds
from portal.events.guests.policies import CONTACT_DAYS, NEEDS_DAYS
from portal.events.models import Event
from portal.outreach.models import Email
from tenants.clock import utc_now

AT_ONCE = 500
ERASED = ""  # of a name: the row stays for the numbers of the event
G = EventGuest


def guests_with_old_needs(session: Session) -> Sequence[UUID]:
    ended = Event.ends_at <= utc_now() - timedelta(days=NEEDS_DAYS)
    rows = select(G.id).join(Event, Event.id == G.event_id).join(GuestNeeds, GuestNeeds.guest_id == G.id)
    return session.scalars(rows.where(ended).order_by(G.id).limit(AT_ONCE)).all()


def delete_needs(session: Session, guest_id: UUID) -> None:
    session.execute(delete(GuestNeeds).where(GuestNeeds.guest_id == guest_id))


def old_contacts(session: Session) -> Sequence[UUID]:
    """Contacts alone: advocates are erased as everywhere, when they ask for it."""
    days = policies.value(session, CONTACT_DAYS)
    ended = Event.ends_at <= utc_now() - timedelta(days=days)
    named = (G.advocate_id.is_(None), (G.name != ERASED) | (G.email != ERASED))
    rows = select(G.id).join(Event, Event.id == G.event_id).where(ended, *named)
    return session.scalars(rows.order_by(G.id).limit(AT_ONCE)).all()


def erase_contact(session: Session, guest_id: UUID) -> None:
    """That somebody came stays, and nothing of who it was; the emails to them go, too."""
    guest = queries.lock_guest(session, guest_id).guest
    guest.name = guest.email = guest.company = guest.title = guest.note = ERASED
    guest.utm_source = guest.utm_medium = guest.utm_campaign = guest.time_zone = guest.priority_reason = (
        ERASED
    )
    guest.email_norm = None
    guest.link_version += 1
    for kind in (GuestNeeds, EventAnswer):
        session.execute(delete(kind).where(kind.guest_id == guest.id))
    its = (Email.subject_type == G.__tablename__, Email.subject_id == guest.id)
    session.execute(delete(Email).where(*its))
