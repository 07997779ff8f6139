"""Picking people one by one for a list: who is found by what is typed, and who is picked so far.

Nothing is kept before they are added: whom somebody picked stands in the address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from portal.advocates.models import Advocate, AdvocateState
from portal.name_search import begins_with, is_named
from portal.segments.models import Segment, SegmentPerson
from portal.text import clean_text
from portal.web.bulk_selection import MAX_SELECTED

MOST_FOUND = 12
A = Advocate


@dataclass(frozen=True)
class PeoplePicker:
    """`on_list`: of those who are found or picked."""

    segment: Segment
    text: str
    picked: Sequence[Advocate]
    found: Sequence[Advocate]
    on_list: frozenset[UUID]

    @property
    def is_full(self) -> bool:
        """So many are added at once; then come the next."""
        return len(self.picked) >= MAX_SELECTED

    def is_picked(self, person: Advocate) -> bool:
        return any(person.id == each.id for each in self.picked)


def people_picker(session: Session, segment: Segment, text: str, picked: Sequence[UUID]) -> PeoplePicker:
    text = clean_text(text)[:100].strip()
    chosen, found = _picked(session, picked), find_people(session, text)
    shown = [person.id for person in (*chosen, *found)]
    listed = select(SegmentPerson.advocate_id).where(
        SegmentPerson.segment_id == segment.id, SegmentPerson.advocate_id.in_(shown)
    )
    return PeoplePicker(segment, text, chosen, found, frozenset(session.scalars(listed)))


def find_people(session: Session, text: str) -> list[Advocate]:
    """Those whose last name begins so come first, by the index; then those in whose name or company’s it stands."""
    if not text.strip():
        return []
    found = _some(session, begins_with(A, text), A.search_text)
    if len(found) < MOST_FOUND:
        known = {person.id for person in found}
        others = _some(session, is_named(A, text), A.name_sort)
        found += [person for person in others if person.id not in known]
    return found[:MOST_FOUND]


def _some(session: Session, which: ColumnElement[bool], order: InstrumentedAttribute[Any]) -> list[Advocate]:
    here = select(A).options(joinedload(A.account)).where(which, A.state != AdvocateState.ERASED)
    return list(session.scalars(here.order_by(order, A.id).limit(MOST_FOUND)))


def _picked(session: Session, ids: Sequence[UUID]) -> list[Advocate]:
    """In the order in which they were picked."""
    rows = select(A).options(joinedload(A.account)).where(A.id.in_(ids), A.state != AdvocateState.ERASED)
    by_id = {person.id: person for person in session.scalars(rows)} if ids else {}
    return [by_id[each] for each in dict.fromkeys(ids) if each in by_id]
