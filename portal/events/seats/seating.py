"""What changes seats: taking, leaving, waiting, offering. The event is locked by the caller, and holds the count."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.events.guest_models import EventGuest, GuestMove, GuestState
from portal.events.models import Event, GuestsChanged, SeatsCalled
from portal.events.seats.offer_times import MOST_MISSED_OFFERS, is_last_day
from portal.id_arrays import is_one_of
from portal.lifecycle import move, move_many
from portal.outbox import publish
from tenants.clock import utc_now
from tenants.models import Membership

G = EventGuest
AT_ONCE = 200  # of the line


def has_room(event: Event, seats: int) -> bool:
    return event.seats_free is None or seats <= event.seats_free


def take_seats(session: Session, event: Event, guest: EventGuest) -> None:
    """For the whole party; one that was offered holds its seats already."""
    _count(event, guest.party - guest.seats_held)
    move(session, guest, GuestMove.ACCEPT, columns={"seats_held": guest.party})


def wait_in_line(session: Session, event: Event, guest: EventGuest) -> None:
    event.last_place += 1
    move(session, guest, GuestMove.WAIT, columns={"place": event.last_place})


def leave_seats(
    session: Session, event: Event, guest: EventGuest, step: GuestMove, *, by: Membership | None = None
) -> None:
    """By a move after which a guest holds none; who waits is offered them by `fill`."""
    _count(event, -guest.seats_held)
    move(session, guest, step, by=by)


def take_seats_back(session: Session, event: Event, guest: EventGuest) -> None:
    """Whoever had said yes waits before all others; who had an offer waits in the place of before."""
    columns: dict[str, object] = {}
    if guest.place is None:
        event.last_place += 1
        columns = {"place": event.last_place, "is_priority": True, "waitlisted_at": utc_now()}
    _count(event, -guest.seats_held)
    move(session, guest, GuestMove.TAKE_BACK, columns=columns)


def change_party(event: Event, guest: EventGuest, party: int) -> None:
    if guest.seats_held:
        _count(event, party - guest.seats_held)
        guest.seats_held = party
    guest.party = party


def _count(event: Event, seats: int) -> None:
    event.seats_taken += seats
    if not has_room(event, 1):
        event.called_at = None  # the next free seat is told anew


def fill(session: Session, event: Event) -> None:
    """Offer what is free to those who wait, in order. A party that doesn't fit keeps its place."""
    session.flush()
    if not event.takes_answers or not has_room(event, 1):
        return
    if is_last_day(event.starts_at, utc_now()):
        _call_everybody(session, event)
        return
    while offered := _next_in_line(session, event):
        _offer(session, event, offered)


def _next_in_line(session: Session, event: Event) -> dict[UUID, int]:
    """Who is offered seats now, with the size of their party."""
    free = AT_ONCE if event.seats_free is None else event.seats_free
    chosen: dict[UUID, int] = {}
    for guest_id, party in line(session, event, free):
        if party <= free:
            chosen[guest_id] = party
            free -= party if event.capacity is not None else 0
    return chosen


def line(session: Session, event: Event, seats: int) -> Sequence[tuple[UUID, int]]:
    """Parties that so many seats are enough for; whoever was missed comes after those who weren't."""
    waits = (G.event_id == event.id, G.state == GuestState.WAITLISTED, G.missed_offers < MOST_MISSED_OFFERS)
    order = (G.missed_offers, G.is_priority.desc(), G.place)
    rows = select(G.id, G.party).where(*waits, G.party <= seats).order_by(*order)
    return [(row.id, row.party) for row in session.execute(rows.limit(min(seats, AT_ONCE)))]


def _offer(session: Session, event: Event, parties: dict[UUID, int]) -> None:
    """The time to take it begins when a provider takes the email (`offers.py`)."""
    columns = {"seats_held": G.party, "offers": G.offers + 1}
    move_many(session, G, GuestMove.OFFER, G.id == is_one_of(list(parties)), columns=columns)
    _count(event, sum(parties.values()))
    session.flush()
    publish(session, GuestsChanged(tuple(parties)))


def _call_everybody(session: Session, event: Event) -> None:
    waits = select(G.id).where(G.event_id == event.id, G.state == GuestState.WAITLISTED).limit(1)
    if event.called_at is None and session.scalar(waits) is not None:
        event.called_at = utc_now()
        publish(session, SeatsCalled(event.id))
