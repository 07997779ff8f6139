"""The small parts of an event, read in one statement: agenda, speakers, materials, questions, costs, needs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.asks.models import Ask
from portal.events.agenda_models import EventMaterial, EventSession, EventSpeaker
from portal.events.guest_models import EventGuest, GuestNeeds, GuestState
from portal.events.manage.guest_facts import food_words
from portal.events.models import Event, EventCost, EventQuestion
from portal.files import StoredFile
from tenants.rows_at_once import rows_at_once

Row = dict[str, Any]


@dataclass(frozen=True)
class EventParts:
    sessions: list[Row]
    speakers: list[Row]
    materials: list[Row]
    questions: list[Row]
    costs: list[Row]
    needs: list[Row]  # food -> how many of those who come

    @property
    def cost_cents(self) -> int:
        return sum(row["quantity"] * row["unit_cents"] for row in self.costs)

    def speakers_of(self, session_id: str) -> list[Row]:
        return [row for row in self.speakers if row["session_id"] == session_id]

    @property
    def other_speakers(self) -> list[Row]:
        return [row for row in self.speakers if row["session_id"] is None]


def read_parts(session: Session, event: Event) -> EventParts:
    found = rows_at_once(
        session,
        _sessions(event.id),
        _speakers(event.id),
        _materials(event.id),
        _questions(event.id),
        _costs(event.id),
        _needs(event.id),
    )
    parts = EventParts(*found)
    for row in parts.needs:
        row["food"] = food_words(row["food"])
    for row in parts.sessions:
        row["starts_at"] = datetime.fromisoformat(row["starts_at"])
        row["ends_at"] = datetime.fromisoformat(row["ends_at"]) if row["ends_at"] else None
    return parts


def _sessions(event_id: UUID) -> Select[*tuple[Any, ...]]:
    S = EventSession  # noqa: N806
    columns = (S.id, S.title, S.room, S.starts_at, S.ends_at, S.is_chosen, S.capacity, S.seats_taken)
    return select(*columns).where(S.event_id == event_id).order_by(S.starts_at, S.id)


def _speakers(event_id: UUID) -> Select[*tuple[Any, ...]]:
    S = EventSpeaker  # noqa: N806
    name = func.coalesce(Advocate.first_name + " " + Advocate.last_name, S.name).label("name")
    columns = (S.id, S.session_id, name, S.topic, S.company, S.advocate_id, Ask.state.label("ask_state"))
    found = select(*columns).outerjoin(Advocate, Advocate.id == S.advocate_id)
    found = found.outerjoin(Ask, Ask.id == S.ask_id).where(S.event_id == event_id)
    return found.order_by(S.position, S.id)


def _materials(event_id: UUID) -> Select[*tuple[Any, ...]]:
    M = EventMaterial  # noqa: N806
    columns = (M.id, M.title, M.moment, M.url, M.file_id, StoredFile.name.label("file_name"), StoredFile.size)
    found = select(*columns).outerjoin(StoredFile, StoredFile.id == M.file_id)
    return found.where(M.event_id == event_id).order_by(M.position, M.id)


def _questions(event_id: UUID) -> Select[*tuple[Any, ...]]:
    Q = EventQuestion  # noqa: N806
    columns = (Q.id, Q.question, Q.kind, Q.choices, Q.is_required)
    return select(*columns).where(Q.event_id == event_id).order_by(Q.position, Q.id)


def _costs(event_id: UUID) -> Select[*tuple[Any, ...]]:
    C = EventCost  # noqa: N806
    columns = (C.id, C.label, C.quantity, C.unit_cents)
    return select(*columns).where(C.event_id == event_id).order_by(C.position, C.id)


def _needs(event_id: UUID) -> Select[*tuple[Any, ...]]:
    """Of those who come: the caterer asks for exactly this."""
    food = func.unnest(GuestNeeds.food).label("food")
    theirs = select(food).join(EventGuest, EventGuest.id == GuestNeeds.guest_id)
    each = theirs.where(EventGuest.event_id == event_id, EventGuest.state == GuestState.ACCEPTED).subquery()
    counted = select(each.c.food, func.count().label("number")).group_by(each.c.food)
    return counted.order_by(func.count().desc(), each.c.food)
