"""What happens at a door. Each act says when its device did it, and may arrive late, twice, or after another door's.

The event is locked, then the guest; so of two doors at once one checks in and the other is told who did.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.email_address import InvalidAddress, parse_address
from portal.errors import NotFound
from portal.events import queries as events
from portal.events.door import queries
from portal.events.door.presence import Presence, mark_absent, mark_left, mark_present
from portal.events.guest_models import AttendanceSource, EventGuest, GuestSource
from portal.events.history_actions import GuestAction
from portal.events.models import Event
from portal.events.queries import LockedGuest
from tenants.clock import utc_now
from tenants.email_addresses import normalize_email

OLDEST = timedelta(hours=24)  # what a phone says of an earlier time is a wrong clock
NEWEST = timedelta(minutes=5)


class DoorOutcome(StrEnum):
    DONE = "done"
    ALREADY_IN = "already_in"  # by another door, or by an earlier check-in
    UNDONE = "undone"  # it was taken back before this copy of it came


@dataclass(frozen=True)
class DoorEntry:
    """`at`: when it happened, by the device's own note of it; None: now."""

    by: str
    at: datetime | None = None

    @property
    def moment(self) -> datetime:
        now = utc_now()
        return self.at if self.at and now - OLDEST < self.at < now + NEWEST else now


@dataclass(frozen=True)
class Newcomer:
    """`id`: made by the device, so that the same person sent twice is one guest."""

    id: UUID
    name: str
    company: str = ""
    email: str = ""


def check_in(session: Session, event_id: UUID, guest_id: UUID, entry: DoorEntry) -> DoorOutcome:
    here = _lock(session, event_id, guest_id)
    guest, at = here.guest, entry.moment
    if guest.attended_at and guest.attendance_source is not AttendanceSource.JOIN_PAGE:
        is_same = guest.attended_at == at and guest.attended_by == entry.by
        return DoorOutcome.DONE if is_same else DoorOutcome.ALREADY_IN
    if entry.at and queries.was_undone(session, guest.id, GuestAction.CHECK_IN_UNDONE, at):
        return DoorOutcome.UNDONE
    mark_present(session, here.event, guest, _seen(entry, at))
    return DoorOutcome.DONE


def undo(
    session: Session, event_id: UUID, guest_id: UUID, entry: DoorEntry, of: datetime | None = None
) -> DoorOutcome:
    """`of`: the moment of the check-in that is meant; another one stands."""
    here = _lock(session, event_id, guest_id)
    if here.guest.attended_at is None:
        return DoorOutcome.DONE
    if of is not None and of != here.guest.attended_at:
        return DoorOutcome.ALREADY_IN
    mark_absent(session, here.event, here.guest, who=entry.by)
    return DoorOutcome.DONE


def check_out(session: Session, event_id: UUID, guest_id: UUID, entry: DoorEntry) -> DoorOutcome:
    here = _lock(session, event_id, guest_id)
    guest, at = here.guest, entry.moment
    if here.event.has_checkout and guest.attended_at and guest.left_at is None:
        mark_left(session, guest, max(at, guest.attended_at), entry.by)
    return DoorOutcome.DONE


def walk_in(session: Session, event_id: UUID, new: Newcomer, entry: DoorEntry) -> tuple[UUID, DoorOutcome]:
    """Somebody who isn't on the list, or is by their address. They hold no seat: the door decides who comes in."""
    event = events.lock_event(session, event_id)
    email, rest = _address(new.email)
    known = _arrived_before(session, event, new.id) or events.guest_by_address(session, event.id, email)
    if known is not None:
        return known.id, check_in(session, event.id, known.id, entry)
    guest = EventGuest(event_id=event.id, source=GuestSource.WALK_IN, name=new.name, company=new.company)
    guest.note = rest
    _give_address(session, guest, email)
    return _add(session, event, guest, new.id, entry), DoorOutcome.DONE


def plus_one(
    session: Session, event_id: UUID, host_id: UUID, new: Newcomer, entry: DoorEntry
) -> tuple[UUID, DoorOutcome]:
    """Somebody who came along with a guest. One who was announced is checked in like everybody else."""
    here = _lock(session, event_id, host_id)
    if known := _arrived_before(session, here.event, new.id):
        return known.id, check_in(session, event_id, known.id, entry)
    host_of_all = here.guest.host_id or here.guest.id
    guest = EventGuest(
        event_id=event_id, source=GuestSource.PLUS_ONE, host_id=host_of_all, party=0, name=new.name
    )
    return _add(session, here.event, guest, new.id, entry), DoorOutcome.DONE


def _lock(session: Session, event_id: UUID, guest_id: UUID) -> LockedGuest:
    here = events.lock_guest(session, guest_id)
    if here.event.id != event_id:
        raise NotFound("This guest isn’t on the list of this event.")
    return here


def _arrived_before(session: Session, event: Event, guest_id: UUID) -> EventGuest | None:
    return session.scalar(
        select(EventGuest).where(EventGuest.id == guest_id, EventGuest.event_id == event.id)
    )


def _address(typed: str) -> tuple[str, str]:
    """The address, or what was typed in its place: nothing that somebody said at a door is lost."""
    try:
        return (parse_address(typed), "") if typed else ("", "")
    except InvalidAddress:
        return "", typed


def _give_address(session: Session, guest: EventGuest, email: str) -> None:
    if not email:
        return
    address = normalize_email(email)
    advocate_id = session.scalar(select(Advocate.id).where(Advocate.email_norm == address))
    if advocate_id is not None:
        guest.advocate_id = advocate_id
    else:
        guest.email, guest.email_norm = email, address


def _add(session: Session, event: Event, guest: EventGuest, guest_id: UUID, entry: DoorEntry) -> UUID:
    is_taken = session.scalar(select(EventGuest.id).where(EventGuest.id == guest_id)) is not None
    if not is_taken:
        guest.id = guest_id
    session.add(guest)
    session.flush()
    mark_present(session, event, guest, _seen(entry, entry.moment))
    return guest.id


def _seen(entry: DoorEntry, at: datetime) -> Presence:
    return Presence(at=at, source=AttendanceSource.DOOR, by=entry.by)
