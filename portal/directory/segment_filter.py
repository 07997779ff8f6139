"""`segment=` in the address of a list of people: whoever is in it now."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, false
from sqlalchemy.orm import Session

from portal.segments.models import Segment
from portal.segments.predicates import people_of
from portal.segments.queries import all_segments
from portal.segments.resolution import resolve_segment

SEGMENT = "segment"


def chosen_segment(session: Session, arguments: Mapping[str, str]) -> Segment | None:
    text = arguments.get(SEGMENT, "")
    return all_segments(session).get(_id(text)) if text else None


def segment_conditions(session: Session, arguments: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """One that is gone, or no segment at all, is nobody: a list that ignored it would show too many."""
    if not arguments.get(SEGMENT):
        return []
    segment = chosen_segment(session, arguments)
    return [people_of(session, resolve_segment(session, segment)) if segment else false()]


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
