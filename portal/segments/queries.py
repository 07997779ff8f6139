"""Reading segments. A workspace has few, so they are read all at once: whatever names one finds it among them."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.errors import NotFound
from portal.segments.conditions import Conditions
from portal.segments.models import ON_LIST, Segment, SegmentPerson, SegmentSharing
from tenants.models import Membership

CACHE_KEY = "segments"


def all_segments(session: Session) -> Mapping[UUID, Segment]:
    """Of the workspace, private ones too, by their names."""
    if CACHE_KEY not in session.info:
        rows = select(Segment).options(joinedload(Segment.owner)).order_by(Segment.name_sort, Segment.id)
        session.info[CACHE_KEY] = {row.id: row for row in session.scalars(rows)}
    found: Mapping[UUID, Segment] = session.info[CACHE_KEY]
    return found


def forget_segments(session: Session) -> None:
    """One was added, changed or deleted in this session."""
    session.info.pop(CACHE_KEY, None)


def visible_segments(session: Session, member: Membership) -> list[Segment]:
    return [each for each in all_segments(session).values() if is_visible_to(each, member)]


def is_visible_to(segment: Segment, member: Membership) -> bool:
    return segment.sharing is SegmentSharing.MANAGERS or segment.owner_id == member.id


def is_visible(member: Membership) -> ColumnElement[bool]:
    return or_(Segment.sharing == SegmentSharing.MANAGERS, Segment.owner_id == member.id)


def get_visible(session: Session, segment_id: UUID, member: Membership) -> Segment:
    segment = all_segments(session).get(segment_id)
    if segment is None or not is_visible_to(segment, member):
        raise NotFound("We couldn’t find this segment.")
    return segment


def lock_segment(session: Session, segment_id: UUID, member: Membership) -> Segment:
    """For a change, as it is now."""
    mine = select(Segment).where(Segment.id == segment_id, is_visible(member)).with_for_update(key_share=True)
    segment = session.scalar(mine, execution_options={"populate_existing": True})
    if segment is None:
        raise NotFound("We couldn’t find this segment.")
    return segment


def built_on(session: Session, segment: Segment) -> list[Segment]:
    """Those that take this one out, or choose by this list."""
    others = (each for each in all_segments(session).values() if each.id != segment.id)
    return [each for each in others if segment.id in set(named_segments(each))]


def named_segments(segment: Segment) -> Iterator[UUID]:
    yield from named_in(segment.read_conditions)


def named_in(conditions: Conditions) -> Iterator[UUID]:
    if conditions.but:
        yield conditions.but
    for one in conditions.all:
        if one.attribute == ON_LIST:
            yield from (UUID(value) for value in one.values if _is_id(value))


def people_on(session: Session, segment: Segment) -> Sequence[UUID]:
    mine = select(SegmentPerson.advocate_id).where(SegmentPerson.segment_id == segment.id)
    return session.scalars(mine.order_by(SegmentPerson.advocate_id)).all()


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
