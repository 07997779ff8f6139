"""After an event, by the clock: one email to each who came, one to each who said yes and didn't come."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.events.guest_models import EventGuest, GuestState
from portal.events.guests import emails, guest_rows, sending
from portal.events.models import Event, EventState
from portal.outreach.models import Email
from tenants.clock import utc_now

CAME_AFTER = timedelta(hours=2)  # after the end
MISSED_AFTER = timedelta(hours=20)  # who was there may be known late, from a platform's file
AT_ONCE = 500
G = EventGuest
KINDS = (emails.THANKS.name, emails.MISSED.name)


def guests_to_write_to(session: Session) -> Sequence[UUID]:
    """Of events with a record that ended some hours ago; each gets one such email, whatever is found out later."""
    now = utc_now()
    came = (G.attended_at.is_not(None)) & (Event.ends_at <= now - CAME_AFTER)
    missed = (
        (G.attended_at.is_(None))
        & (G.state == GuestState.ACCEPTED)
        & (Event.ends_at <= now - MISSED_AFTER)
        & Event.has_record
    )
    rows = (
        select(G.id).join(Event, Event.id == G.event_id).where(or_(came, missed), *_recent(), ~_was_written())
    )
    return session.scalars(rows.order_by(G.id).limit(AT_ONCE)).all()


def _recent() -> tuple[ColumnElement[bool], ...]:
    return Event.state.in_((EventState.OPEN, EventState.CLOSED)), Event.ends_at >= utc_now() - timedelta(
        days=14
    )


def _was_written() -> ColumnElement[bool]:
    its = (Email.subject_type == G.__tablename__, Email.subject_id == G.id, Email.kind.in_(KINDS))
    return or_(select(Email.id).where(*its).exists(), (G.email == "") & G.advocate_id.is_(None))


def write(session: Session, guest_id: UUID) -> None:
    guest = guest_rows.guest_with_event(session, guest_id)
    kind = emails.THANKS if guest.attended_at else emails.MISSED
    sending.send_to_guest(session, kind, guest, sending.after_key(guest, kind))
