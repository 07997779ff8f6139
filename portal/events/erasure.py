"""What is forgotten after an event, by the clock: food and access soon, contacts of the event later."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from portal import policies
from portal.events.attendance_models import AttendanceFile, AttendanceLine
from portal.events.guest_models import EventAnswer, EventGuest, GuestNeeds
from portal.events.models import Event
from portal.events.policies import CONTACT_DAYS
from portal.outreach.models import Email
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC

NEEDS_ARE_KEPT = timedelta(days=14)
FORGOTTEN: dict[str, Any] = {
    "name": "",
    "email": "",
    "email_norm": None,
    "company": "",
    "title": "",
    "note": "",
    "time_zone": "",
    "utm_source": "",
    "utm_medium": "",
    "utm_campaign": "",
    "priority_reason": "",
    "shows_name": False,
}
IS_CONTACT = EventGuest.advocate_id.is_(None)
IS_KNOWN = or_(EventGuest.name != "", EventGuest.email != "")


def events_with_old_needs(session: Session) -> Sequence[UUID]:
    kept = select(GuestNeeds.id).join(EventGuest, EventGuest.id == GuestNeeds.guest_id)
    theirs = kept.where(EventGuest.event_id == Event.id)
    old = (Event.ends_at <= utc_now() - NEEDS_ARE_KEPT, theirs.exists())
    return session.scalars(select(Event.id).where(*old).order_by(Event.id)).all()


def forget_needs(session: Session, event_id: UUID) -> None:
    guests = select(EventGuest.id).where(EventGuest.event_id == event_id)
    session.execute(delete(GuestNeeds).where(GuestNeeds.guest_id.in_(guests)), execution_options=WITHOUT_SYNC)


def events_with_old_contacts(session: Session) -> Sequence[UUID]:
    days = timedelta(days=policies.value(session, CONTACT_DAYS))
    theirs = select(EventGuest.id).where(EventGuest.event_id == Event.id, IS_CONTACT, IS_KNOWN)
    old = (Event.ends_at <= utc_now() - days, theirs.exists())
    return session.scalars(select(Event.id).where(*old).order_by(Event.id)).all()


def forget_contacts(session: Session, event_id: UUID) -> None:
    """Their rows stay, as numbers of nobody; their links open nothing any more."""
    mine = (EventGuest.event_id == event_id, IS_CONTACT)
    contacts = select(EventGuest.id).where(*mine)
    session.execute(contacts.order_by(EventGuest.id).with_for_update(key_share=True))
    session.execute(
        delete(EventAnswer).where(EventAnswer.guest_id.in_(contacts)), execution_options=WITHOUT_SYNC
    )
    files = select(AttendanceFile.id).where(AttendanceFile.event_id == event_id)
    session.execute(
        delete(AttendanceLine).where(AttendanceLine.file_id.in_(files)), execution_options=WITHOUT_SYNC
    )
    forgotten = update(EventGuest).where(*mine, IS_KNOWN)
    values = FORGOTTEN | {"link_version": EventGuest.link_version + 1}
    session.execute(forgotten.values(values), execution_options=WITHOUT_SYNC)
    _forget_emails(session, event_id)


def _forget_emails(session: Session, event_id: UUID) -> None:
    """That something was sent stays, and nothing of whom it went to."""
    contacts = select(EventGuest.id).where(EventGuest.event_id == event_id, IS_CONTACT)
    theirs = update(Email).where(
        Email.subject_type == EventGuest.__tablename__, Email.subject_id.in_(contacts), Email.recipient != ""
    )
    gone: dict[str, Any] = {
        "recipient": "",
        "recipient_norm": "",
        "recipient_name": "",
        "fields": {},
        "calendar": None,
    }
    session.execute(theirs.values(gone), execution_options=WITHOUT_SYNC)
