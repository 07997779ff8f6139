"""Reading for the door: the link, who is expected, who is in, and how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.errors import NotFound
from portal.events.attendance_models import EventDoorLink
from portal.events.door.presence import moment_key
from portal.events.door.tickets import ticket_number, typed_number
from portal.events.guest_models import EventGuest, GuestNeeds, GuestState
from portal.events.models import Event
from portal.history import HistoryEntry
from portal.id_arrays import is_one_of

G = EventGuest
Host, HostAdvocate = aliased(EventGuest), aliased(Advocate)
IS_IN = G.attended_at.is_not(None)
HAS_SEAT = G.state == GuestState.ACCEPTED
NAME = func.coalesce(
    func.nullif(func.btrim(func.concat(Advocate.first_name, " ", Advocate.last_name)), ""),
    func.nullif(G.name, ""),
    func.coalesce(Advocate.email, G.email),
)
COMPANY = func.coalesce(func.nullif(G.company, ""), Account.name, Advocate.company, "")
HOST_NAME = func.coalesce(
    func.nullif(func.btrim(func.concat(HostAdvocate.first_name, " ", HostAdvocate.last_name)), ""), Host.name
)
MOST_SHOWN, MOST_IN_SHOWN = 100, 25
MOST_KEPT = 5000  # guests that a phone keeps for the time without a connection


@dataclass(frozen=True)
class DoorCounts:
    expected: int
    plus_ones: int
    here: int
    besides: int  # who came without a seat

    @property
    def missing(self) -> int:
        return max(0, self.expected - self.here)

    @property
    def percent(self) -> int:
        return round(100 * self.here / self.expected) if self.expected else 0


def door_link(session: Session, link_id: UUID) -> tuple[EventDoorLink, Event]:
    its = select(EventDoorLink, Event).join(Event, Event.id == EventDoorLink.event_id)
    row = session.execute(its.where(EventDoorLink.id == link_id)).one_or_none()
    if row is None:
        raise NotFound("We couldn’t find this door.")
    return row[0], row[1]


def links_of(session: Session, event_id: UUID) -> Sequence[EventDoorLink]:
    mine = select(EventDoorLink).where(EventDoorLink.event_id == event_id)
    return session.scalars(mine.order_by(EventDoorLink.id.desc())).all()


def find_link(session: Session, event_id: UUID, link_id: UUID) -> EventDoorLink:
    mine = select(EventDoorLink).where(EventDoorLink.event_id == event_id, EventDoorLink.id == link_id)
    found = session.scalar(mine.with_for_update())
    if found is None:
        raise NotFound("We couldn’t find this link.")
    return found


def counts(session: Session, event_id: UUID) -> DoorCounts:
    all_seats = func.coalesce(func.sum(G.party).filter(HAS_SEAT), 0)
    brought = func.coalesce(func.sum(G.party - 1).filter(HAS_SEAT, G.party > 1), 0)
    here = func.count().filter(IS_IN, HAS_SEAT)
    besides = func.count().filter(IS_IN, ~HAS_SEAT)
    row = session.execute(select(all_seats, brought, here, besides).where(G.event_id == event_id)).one()
    return DoorCounts(*row)


def guest_columns(event_id: UUID) -> Any:
    """Everything that a door says of a guest, in one statement."""
    needs = (GuestNeeds.food, GuestNeeds.note.label("needs_note"))
    found: Any = select(G, NAME.label("name"), COMPANY.label("company"), HOST_NAME.label("host_name"), *needs)
    found = found.outerjoin(Advocate, Advocate.id == G.advocate_id)
    found = found.outerjoin(Account, Account.id == func.coalesce(G.account_id, Advocate.account_id))
    found = found.outerjoin(Host, Host.id == G.host_id)
    found = found.outerjoin(HostAdvocate, HostAdvocate.id == Host.advocate_id)
    return found.outerjoin(GuestNeeds, GuestNeeds.guest_id == G.id).where(G.event_id == event_id)


def not_here_yet(session: Session, event_id: UUID, typed: str = "") -> Sequence[Row[Any]]:
    """Whoever is expected; a search finds everybody, whatever they answered."""
    whom = _is_found(session, event_id, typed) if typed else HAS_SEAT
    mine = guest_columns(event_id).where(~IS_IN, whom, G.state != GuestState.REMOVED)
    return session.execute(mine.order_by(func.lower(NAME), G.id).limit(MOST_SHOWN)).all()


def already_in(session: Session, event_id: UUID, typed: str = "") -> Sequence[Row[Any]]:
    mine = guest_columns(event_id).where(IS_IN)
    if typed:
        mine = mine.where(_is_found(session, event_id, typed))
    return session.execute(mine.order_by(G.attended_at.desc(), G.id).limit(MOST_IN_SHOWN)).all()


def everybody(
    session: Session, event_id: UUID, since: datetime | None = None, limit: int = MOST_KEPT
) -> Sequence[Row[Any]]:
    """Those who are expected or in come first: of a very large event a phone keeps no others."""
    mine = guest_columns(event_id).where(G.state != GuestState.REMOVED)
    if since is not None:
        mine = mine.where(or_(G.attendance_changed_at >= since, G.created_at >= since, G.changed_at >= since))
    first = or_(IS_IN, HAS_SEAT)
    return session.execute(mine.order_by(first.desc(), func.lower(NAME), G.id).limit(limit)).all()


def expected_or_in(session: Session, event_id: UUID, limit: int) -> Sequence[Row[Any]]:
    mine = guest_columns(event_id).where(or_(IS_IN, HAS_SEAT))
    return session.execute(mine.order_by(func.lower(NAME), G.id).limit(limit)).all()


def whom(session: Session, event_id: UUID, typed: str) -> Sequence[Row[Any]]:
    """Whom a manager may mean by what they typed."""
    mine = guest_columns(event_id).where(_is_found(session, event_id, typed), G.state != GuestState.REMOVED)
    return session.execute(mine.order_by(func.lower(NAME), G.id).limit(MOST_IN_SHOWN)).all()


def names(session: Session, guest_ids: Sequence[UUID]) -> dict[UUID, str]:
    named = select(G.id, NAME).outerjoin(Advocate, Advocate.id == G.advocate_id)
    return {row[0]: row[1] for row in session.execute(named.where(G.id == is_one_of(guest_ids)))}


def one(session: Session, event_id: UUID, guest_id: UUID) -> Row[Any]:
    return session.execute(guest_columns(event_id).where(G.id == guest_id)).one()


def was_undone(session: Session, guest_id: UUID, action: str, at: datetime) -> bool:
    """Tell whether the check-in of this moment was taken back: a copy of it that comes late changes nothing."""
    lines = select(HistoryEntry.detail).where(
        HistoryEntry.subject_type == G.__tablename__,
        HistoryEntry.subject_id == guest_id,
        HistoryEntry.action == action,
    )
    return any(detail.get("undone") == moment_key(at) for detail in session.scalars(lines))


def _is_found(session: Session, event_id: UUID, typed: str) -> ColumnElement[bool]:
    if (number := typed_number(typed)) and (guest_id := _by_number(session, event_id, number)):
        return G.id == guest_id
    words = typed.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_").split()
    said = func.concat(NAME, " ", COMPANY, " ", G.email)
    return and_(*(said.ilike(f"%{word}%") for word in words))


def _by_number(session: Session, event_id: UUID, number: str) -> UUID | None:
    ids = session.scalars(select(G.id).where(G.event_id == event_id))
    return next((guest_id for guest_id in ids if ticket_number(guest_id) == number), None)
