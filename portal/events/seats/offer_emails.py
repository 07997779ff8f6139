"""Whether a provider took the email of an offer, and whether it came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal.events.email_keys import offer_key, place_offer_key
from portal.events.guest_models import EventGuest, GuestState, PlaceState, SessionPlace
from portal.events.models import Event, EventState
from portal.outreach.models import Email, EmailState
from tenants.clock import utc_now

CAME_BACK = frozenset({EmailState.BOUNCED, EmailState.FAILED})


@dataclass(frozen=True)
class OfferEmail:
    taken_at: datetime | None = None  # by a provider
    came_back: bool = False

    @property
    def is_with_guest(self) -> bool:
        return self.taken_at is not None and not self.came_back


def of_guest(session: Session, guest: EventGuest) -> OfferEmail:
    return _find(session, offer_key(guest))


def of_place(session: Session, place: SessionPlace) -> OfferEmail:
    return _find(session, place_offer_key(place))


def _find(session: Session, key: str) -> OfferEmail:
    row = session.execute(select(Email.sent_at, Email.state).where(Email.occasion == key)).first()
    return OfferEmail(row.sent_at, row.state in CAME_BACK) if row else OfferEmail()


def due_guests(session: Session, most: int = 500) -> Sequence[UUID]:
    """Whose offer waits for a provider, has run out, or whose email came back."""
    G = EventGuest  # noqa: N806
    back = and_(
        Email.subject_type == G.__tablename__,
        Email.subject_id == G.id,
        Email.created_at >= G.offered_at,
        Email.state.in_(CAME_BACK),
    )
    due = or_(G.offer_until.is_(None), G.offer_until <= utc_now(), select(Email.id).where(back).exists())
    rows = select(G.id).join(Event, Event.id == G.event_id).where(Event.state == EventState.OPEN)
    rows = rows.where(G.state == GuestState.OFFERED, due).order_by(G.offered_at, G.id)
    return session.scalars(rows.limit(most)).all()


def due_places(session: Session, most: int = 500) -> Sequence[UUID]:
    P = SessionPlace  # noqa: N806
    due = or_(P.offer_until.is_(None), P.offer_until <= utc_now())
    rows = select(P.id).join(EventGuest, EventGuest.id == P.guest_id)
    rows = rows.join(Event, Event.id == EventGuest.event_id).where(Event.state == EventState.OPEN)
    rows = rows.where(P.state == PlaceState.OFFERED, due).order_by(P.offered_at, P.id)
    return session.scalars(rows.limit(most)).all()
