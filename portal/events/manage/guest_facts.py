"""What the cells of the list of guests need besides the rows: needs, sessions, who comes along."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session, aliased

from portal.declarations.lists import ListReader
from portal.events.agenda_models import EventSession
from portal.events.guest_models import EventGuest, GuestNeeds, PlaceState, SessionPlace
from portal.events.guests.labels import FOODS, Food
from portal.events.labels import PLACE_STATES
from portal.id_arrays import is_one_of

G = EventGuest
GIVEN_UP = (PlaceState.GIVEN_UP, PlaceState.LAPSED)


@dataclass(frozen=True)
class GuestFact:
    needs: str = ""
    sessions: Sequence[str] = ()
    brings: Sequence[str] = ()


@dataclass(frozen=True)
class GuestFacts:
    by_guest: dict[UUID, GuestFact] = field(default_factory=dict)

    def of(self, guest: EventGuest) -> GuestFact:
        return self.by_guest.get(guest.id, GuestFact())


def facts_of(reader: ListReader, rows: Sequence[EventGuest]) -> GuestFacts:
    return facts(reader.session, [row.id for row in rows])


def facts(session: Session, ids: Sequence[UUID]) -> GuestFacts:
    """In one statement."""
    columns = (G.id, GuestNeeds.food, GuestNeeds.note, _sessions(), _plus_ones())
    rows = select(*columns).outerjoin(GuestNeeds, GuestNeeds.guest_id == G.id).where(G.id == is_one_of(ids))
    return GuestFacts(
        {
            guest_id: GuestFact(
                _needs(food, note), [_session_words(each) for each in places or ()], names or ()
            )
            for guest_id, food, note, places, names in session.execute(rows)
        }
    )


def _sessions() -> ScalarSelect[Any]:
    P, E = SessionPlace, EventSession  # noqa: N806
    theirs = select(P, E).join(E, E.id == P.session_id).where(P.guest_id == G.id, P.state.not_in(GIVEN_UP))
    line = func.jsonb_build_array(E.title, P.state)
    lines = theirs.with_only_columns(func.jsonb_agg(line), maintain_column_froms=True)
    return lines.correlate(G).scalar_subquery()


def _plus_ones() -> ScalarSelect[Any]:
    other = aliased(G)
    names = select(func.jsonb_agg(other.name)).where(other.host_id == G.id, other.state != "removed")
    return names.correlate(G).scalar_subquery()


def _needs(food: Sequence[str] | None, note: str | None) -> str:
    return ", ".join([*(food_words(each) for each in food or ()), *([note] if note else [])])


def food_words(food: str) -> str:
    return str(FOODS[Food(food)]) if food in set(Food) else food


def _session_words(place: Sequence[str]) -> str:
    title, state = place
    if state == PlaceState.TAKEN:
        return title
    return f"{title} ({PLACE_STATES[PlaceState(state)]})"
