"""Offers by the clock: the time to take one runs from a provider's yes; then it lapses, or untaken it passes on.

Nobody's offer lapses whose email reached no provider or came back: they keep their place in line.
"""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import policies
from portal.advocates.models import Advocate
from portal.events import queries
from portal.events.agenda_models import EventSession
from portal.events.guest_models import EventGuest, GuestMove, GuestState, PlaceMove, PlaceState, SessionPlace
from portal.events.models import Event, EventState, GuestsChanged
from portal.events.policies import OFFER_HOURS
from portal.events.queries import LockedGuest
from portal.events.seats import ask_answers, offer_emails, places, seating
from portal.events.seats.offer_emails import OfferEmail
from portal.events.seats.offer_times import UNTAKEN_FOR, offer_ends
from portal.outbox import publish
from portal.outreach.governance.sending_hours import zone_or_default
from tenants.clock import utc_now
from tenants.database import tenant


def look_at_offer(session: Session, guest_id: UUID) -> None:
    """Begin its time, end it, or pass it on; as it stands under the lock."""
    here = queries.lock_guest(session, guest_id)
    event, guest = here.event, here.guest
    if event.state is not EventState.OPEN or guest.state is not GuestState.OFFERED or not guest.offered_at:
        return
    told = offer_emails.of_guest(session, guest)
    if _is_unreached(told, guest.offered_at):
        _skip(session, event, guest)
    elif guest.offer_until is None:
        _begin(session, event, guest, told)
    elif guest.offer_until <= utc_now():
        _lapse(session, here)


def _is_unreached(told: OfferEmail, offered_at: datetime) -> bool:
    return told.came_back or (told.taken_at is None and utc_now() - offered_at >= UNTAKEN_FOR)


def _begin(session: Session, event: Event, guest: EventGuest, told: OfferEmail) -> None:
    if told.taken_at is not None:
        guest.offer_until = ends_at(session, event, guest, told.taken_at, event.starts_at)
        guest.missed_offers = 0


def _skip(session: Session, event: Event, guest: EventGuest) -> None:
    guest.missed_offers += 1
    seating.leave_seats(session, event, guest, GuestMove.SKIP)
    seating.fill(session, event)


def _lapse(session: Session, here: LockedGuest) -> None:
    """Silence is a no, and may be a yes again until the start."""
    event, guest = here.event, here.guest
    seating.leave_seats(session, event, guest, GuestMove.LAPSE)
    places.follow(session, event, guest)
    seating.fill(session, event)
    ask_answers.follow(session, here)
    publish(session, GuestsChanged((guest.id,)))


def look_at_place(session: Session, place_id: UUID) -> None:
    """The same, of a place in a session."""
    guest_id = session.scalar(select(SessionPlace.guest_id).where(SessionPlace.id == place_id))
    if guest_id is None:
        return
    here = queries.lock_guest(session, guest_id)
    place = session.scalars(select(SessionPlace).where(SessionPlace.id == place_id)).one()
    session.refresh(place)
    if place.state is PlaceState.OFFERED and place.offered_at is not None:
        _look_at_place(session, here, place, place.offered_at)


def _look_at_place(session: Session, here: LockedGuest, place: SessionPlace, offered_at: datetime) -> None:
    told = offer_emails.of_place(session, place)
    line = session.get_one(EventSession, (place.tenant_id, place.session_id))
    session.refresh(line)
    if _is_unreached(told, offered_at):
        place.missed_offers += 1
        places.leave(session, here.event, line, place, PlaceMove.SKIP)
    elif place.offer_until is None and told.taken_at is not None:
        place.offer_until = offer_ends(
            told.taken_at, line.starts_at, zone_of(session, here.event, here.guest)
        )
        place.missed_offers = 0
    elif place.offer_until is not None and place.offer_until <= utc_now():
        places.leave(session, here.event, line, place, PlaceMove.LAPSE)


def ends_at(
    session: Session, event: Event, guest: EventGuest, told_at: datetime, starts_at: datetime
) -> datetime:
    """Until when an offer is kept that a provider took at that moment; taken later it is kept no shorter."""
    hours = policies.value(session, OFFER_HOURS)
    return offer_ends(told_at, starts_at, zone_of(session, event, guest), hours)


def zone_of(session: Session, event: Event, guest: EventGuest) -> ZoneInfo:
    """The guest's own clock, else the event's."""
    own = guest.time_zone
    if guest.advocate_id is not None:
        own = session.scalar(select(Advocate.time_zone).where(Advocate.id == guest.advocate_id)) or ""
    return zone_or_default(own, event.time_zone or tenant(session).time_zone)


def look_at_line(session: Session, event_id: UUID) -> None:
    """Should seats be free while somebody waits, as when the last day begins, they are told."""
    event = queries.find_and_lock_event(session, event_id)
    if event is not None:
        seating.fill(session, event)


def events_with_a_line(session: Session) -> list[UUID]:
    """Those with seats free and somebody who could be told."""
    free = (Event.capacity.is_(None)) | (Event.seats_taken < Event.capacity)
    waits = select(EventGuest.id).where(
        EventGuest.event_id == Event.id, EventGuest.state == GuestState.WAITLISTED
    )
    open_ones = (Event.state == EventState.OPEN, Event.starts_at > utc_now(), Event.called_at.is_(None), free)
    return list(session.scalars(select(Event.id).where(*open_ones, waits.exists()).order_by(Event.id)))
