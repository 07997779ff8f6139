"""What a guest answers: yes, no, maybe, and other answers until the start. The event and the guest are locked.

A yes takes seats for the whole party or a place in line for it, never a part. Whatever becomes free is offered at once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history
from portal.declarations.answers import AnswerRefused
from portal.events.guest_models import EventGuest, GuestMove, GuestState
from portal.events.history_actions import GuestAction
from portal.events.models import Event, GuestsChanged
from portal.events.queries import LockedGuest
from portal.events.seats import ask_answers, parties, places, seating
from portal.events.seats.parties import PlusOne
from portal.outbox import publish
from tenants.models import Membership

S = GuestState


class Before(NamedTuple):
    state: GuestState
    seats_held: int

    @classmethod
    def of(cls, guest: EventGuest) -> Self:
        return cls(guest.state, guest.seats_held)


NO_ANSWER_YET = frozenset({S.UNCONFIRMED, S.REQUESTED, S.REFUSED})  # they registered, and are no guests yet


@dataclass(frozen=True, kw_only=True)
class Yes:
    """Who comes along, and to which sessions; None: as it was."""

    plus_ones: Sequence[PlusOne] | None = None
    sessions: Collection[UUID] | None = None


JUST_YES = Yes()


def say_yes(
    session: Session, here: LockedGuest, yes: Yes = JUST_YES, *, by: Membership | None = None
) -> GuestState:
    """Safe to repeat: who has a seat keeps it, who waits keeps the place."""
    _ensure_open(here)
    return _say_yes(session, here, yes, by)


def admit(session: Session, here: LockedGuest, yes: Yes) -> GuestState:
    """Who registered has said yes by that, and is let in now."""
    if not here.event.takes_answers:
        raise AnswerRefused("This event takes no more answers, so nothing was changed.")
    return _say_yes(session, here, yes, None)


def _say_yes(session: Session, here: LockedGuest, yes: Yes, by: Membership | None) -> GuestState:
    event, guest, before = here.event, here.guest, Before.of(here.guest)
    if yes.plus_ones is not None:
        parties.bring(session, here, yes.plus_ones)
    if guest.state is not S.ACCEPTED:
        _seat(session, event, guest)
    _settle(session, here, before, by, yes.sessions)
    return guest.state


def _seat(session: Session, event: Event, guest: EventGuest) -> None:
    """A seat that is free although people wait is one that none of them could be offered."""
    if guest.state is S.OFFERED or seating.has_room(event, guest.party):
        seating.take_seats(session, event, guest)
    elif guest.state is not S.WAITLISTED:
        seating.wait_in_line(session, event, guest)


def say_no(session: Session, here: LockedGuest, *, by: Membership | None = None) -> None:
    """Before a yes or after it; whoever takes a yes back is offered no seat."""
    _ensure_open(here)
    before = Before.of(here.guest)
    step = GuestMove.CANCEL if before.state is S.ACCEPTED else GuestMove.DECLINE
    if before.state not in {S.DECLINED, S.CANCELLED}:
        seating.leave_seats(session, here.event, here.guest, step)
        _settle(session, here, before, by)


def say_maybe(session: Session, here: LockedGuest, *, by: Membership | None = None) -> None:
    """It keeps no seat and no place in line."""
    _ensure_open(here)
    before = Before.of(here.guest)
    if before.state is not S.MAYBE:
        seating.leave_seats(session, here.event, here.guest, GuestMove.SAY_MAYBE)
        _settle(session, here, before, by)


def take_place(session: Session, here: LockedGuest, session_id: UUID) -> None:
    """A place that was offered in a session, or is free by now."""
    _ensure_open(here)
    places.take(session, here, session_id)
    publish(session, GuestsChanged((here.guest.id,)))


def _ensure_open(here: LockedGuest) -> None:
    if not here.event.takes_answers:
        raise AnswerRefused("This event takes no more answers, so nothing was changed.")
    if here.guest.host_id is not None:
        raise AnswerRefused("Whoever brings you along answers for you. Nothing was changed.")
    if here.guest.state is S.REMOVED or here.guest.state in NO_ANSWER_YET:
        raise AnswerRefused("This invitation isn’t open, so nothing was changed.")


def _settle(
    session: Session,
    here: LockedGuest,
    before: Before,
    by: Membership | None,
    sessions: Collection[UUID] | None = None,
) -> None:
    """Whatever follows the answer, in the same transaction."""
    event, guest = here.event, here.guest
    has_changed = guest.state is not before.state
    if has_changed:
        parties.follow(session, event, guest)
    if sessions is not None:
        places.choose(session, here, sessions)
    elif has_changed and here.has_places:
        places.follow(session, event, guest)
    if guest.seats_held < before.seats_held:
        seating.fill(session, event)
    if has_changed:
        ask_answers.follow(session, here)
        publish(session, GuestsChanged((guest.id,)))
        if by is not None:
            history.record(session, guest, GuestAction.ANSWERED_FOR, by=by, answer=guest.state.value)
