"""Plus-ones: rows of their own that follow the guest who brings them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.declarations.answers import AnswerRefused
from portal.events import queries
from portal.events.guest_models import EventGuest, GuestMove, GuestSource, GuestState
from portal.events.models import Event
from portal.events.queries import LockedGuest
from portal.events.seats import seating
from portal.lifecycle import move
from tenants.email_addresses import normalize_email


@dataclass(frozen=True)
class PlusOne:
    """Without an address they get no email of their own."""

    name: str
    email: str = ""


def bring(session: Session, here: LockedGuest, plus_ones: Sequence[PlusOne]) -> None:
    """Exactly these come along. Who has a seat gets more only where seats are free, and never pushes in."""
    event, guest = here.event, here.guest
    if guest.host_id is not None or len(plus_ones) > event.plus_ones:
        raise AnswerRefused("You can’t bring that many people to this event. Nothing was changed.")
    if guest.seats_held and not seating.has_room(event, 1 + len(plus_ones) - guest.seats_held):
        raise AnswerRefused(
            "There aren’t enough seats left for all of you. Your own seat is kept; nothing was changed."
        )
    for given in plus_ones:
        _ensure_no_guest(session, here, given)
    seating.change_party(event, guest, 1 + len(plus_ones))
    session.flush()
    _write(session, here, plus_ones)


def _ensure_no_guest(session: Session, here: LockedGuest, given: PlusOne) -> None:
    known = queries.guest_by_address(session, here.event.id, given.email)
    if known is not None and known.host_id != here.guest.id:
        raise AnswerRefused("%(name)s has an invitation already. Nothing was changed.", name=given.name)


def _write(session: Session, here: LockedGuest, plus_ones: Sequence[PlusOne]) -> None:
    known = list(queries.plus_ones_of(session, here.guest.id))
    for row, given in zip(known, plus_ones, strict=False):
        _fill_in(row, given)
    for row in known[len(plus_ones) :]:
        session.delete(row)
    for given in plus_ones[len(known) :]:
        row = EventGuest(event_id=here.event.id, host_id=here.guest.id, source=GuestSource.PLUS_ONE, party=0)
        _fill_in(row, given)
        session.add(row)
    session.flush()


def _fill_in(row: EventGuest, given: PlusOne) -> None:
    row.name, row.email = given.name, given.email.strip()
    row.email_norm = normalize_email(given.email) or None


def follow(session: Session, event: Event, guest: EventGuest) -> None:
    """They come if the guest does; where the guest waits, so do they."""
    if guest.party < 2:
        return
    step = GuestMove.ACCEPT if guest.state is GuestState.ACCEPTED else GuestMove.CANCEL
    for row in queries.plus_ones_of(session, guest.id):
        if step in row.moves:
            move(session, row, step)
