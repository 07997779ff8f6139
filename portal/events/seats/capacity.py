"""How many seats there are: more are offered in order; fewer than are taken only by choice, with names."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal import history
from portal.errors import Conflict
from portal.events.guest_models import EventGuest, GuestState
from portal.events.history_actions import EventAction
from portal.events.models import Event, GuestsChanged
from portal.events.seats import parties, places, seating
from portal.outbox import publish
from tenants.models import Membership


@dataclass(frozen=True)
class SeatLosses:
    """Who would lose what they have: offers first, the newest first, then those who said yes last."""

    offers: Sequence[EventGuest]
    accepted: Sequence[EventGuest]

    @property
    def everybody(self) -> Sequence[EventGuest]:
        return (*self.offers, *self.accepted)


class FewerSeatsThanTaken(Conflict):
    """Refused; `losses` says whom it would be about."""

    def __init__(self, losses: SeatLosses) -> None:
        self.losses = losses
        super().__init__(
            "That’s fewer seats than are taken: %(accepted)s guests who said yes and %(offers)s with an offer would "
            "lose theirs. Nothing was changed.",
            accepted=len(losses.accepted),
            offers=len(losses.offers),
        )


def change_capacity(
    session: Session,
    event: Event,
    capacity: int | None,
    *,
    by: Membership | None,
    takes_seats_back: bool = False,
) -> None:
    """The event is locked. `takes_seats_back`: those of `losses_of` go to the front of the line and are told."""
    losses = losses_of(session, event, capacity)
    if losses.everybody and not takes_seats_back:
        raise FewerSeatsThanTaken(losses)
    before = event.capacity
    for guest in reversed(losses.everybody):  # who said yes first waits first
        _take_back(session, event, guest)
    event.capacity = capacity
    if before != capacity:
        history.record(session, event, EventAction.CAPACITY_CHANGED, by=by, before=before, after=capacity)
    seating.fill(session, event)


def losses_of(session: Session, event: Event, capacity: int | None) -> SeatLosses:
    """Nobody, where there are enough seats."""
    over = 0 if capacity is None else event.seats_taken - capacity
    offers, over = _last(session, event, GuestState.OFFERED, over)
    accepted, over = _last(session, event, GuestState.ACCEPTED, over)
    return SeatLosses(offers, accepted)


def _last(session: Session, event: Event, state: GuestState, over: int) -> tuple[list[EventGuest], int]:
    """Those who came last, until so many seats are free."""
    chosen: list[EventGuest] = []
    if over <= 0:
        return chosen, over
    G = EventGuest  # noqa: N806
    last = G.offered_at if state is GuestState.OFFERED else G.accepted_at
    rows = select(G).where(G.event_id == event.id, G.state == state, G.seats_held > 0)
    rows = rows.options(joinedload(G.advocate)).order_by(last.desc(), G.id.desc()).limit(over)
    for guest in session.scalars(rows):
        if over > 0:
            chosen.append(guest)
            over -= guest.seats_held
    return chosen, over


def _take_back(session: Session, event: Event, guest: EventGuest) -> None:
    """An offer goes back to its place; a yes waits before all others."""
    had_seat = guest.state is GuestState.ACCEPTED
    seating.take_seats_back(session, event, guest)
    if had_seat:
        parties.follow(session, event, guest)
        places.follow(session, event, guest)
    publish(session, GuestsChanged((guest.id,)))
