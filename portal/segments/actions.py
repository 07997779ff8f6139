"""Segments are saved, shared, copied and deleted. Two managers at one: the second is told, and loses nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import history
from portal.declarations.attributes import Operator, forget_attributes
from portal.errors import Conflict, DomainError
from portal.segments.conditions import Condition, ConditionFault, Conditions
from portal.segments.figures import count
from portal.segments.history_actions import SegmentAction
from portal.segments.models import ON_LIST, Segment, SegmentDraw, SegmentSharing, SegmentType
from portal.segments.queries import (
    all_segments,
    built_on,
    forget_segments,
    get_visible,
    is_visible_to,
    lock_segment,
    named_in,
    named_segments,
)
from portal.segments.resolution import resolve, resolve_segment
from tenants.clock import utc_now
from tenants.models import Membership


class SegmentMoved(Conflict):
    """Somebody else saved it after the page was opened."""


@dataclass(frozen=True)
class SegmentDraft:
    name: str
    conditions: Conditions


def create_segment(session: Session, draft: SegmentDraft, *, by: Membership) -> Segment:
    segment = _new(session, draft.name, by)
    _set_conditions(session, segment, draft.conditions, by, before=segment)
    return _written(session, segment, SegmentAction.CREATED, by)


def create_list(session: Session, name: str, *, by: Membership) -> Segment:
    """An empty one."""
    segment = _new(session, name, by)
    segment.type = SegmentType.LIST
    return _written(session, segment, SegmentAction.CREATED, by)


def change_segment(
    session: Session, segment_id: UUID, draft: SegmentDraft, version: int, *, by: Membership
) -> Segment:
    segment = lock_segment(session, segment_id, by)
    if segment.version != version:
        raise SegmentMoved("Somebody saved this segment after you opened it.")
    _set_name(segment, draft.name)
    if not segment.is_list:
        _set_conditions(session, segment, draft.conditions, by, before=segment)
    return _written(session, segment, SegmentAction.CHANGED, by)


def share_segment(session: Session, segment_id: UUID, sharing: SegmentSharing, *, by: Membership) -> Segment:
    """Whoever made it decides; kept to oneself only while nobody else's stands on it."""
    segment = lock_segment(session, segment_id, by)
    if segment.owner_id != by.id:
        raise DomainError("Only whoever made this segment can change whom it is shared with.")
    if sharing is SegmentSharing.OWNER and any(each.owner_id != by.id for each in built_on(session, segment)):
        raise DomainError("A colleague’s segment is built on this one, so it stays shared.")
    segment.sharing = sharing
    is_shared = sharing is SegmentSharing.MANAGERS
    return _written(session, segment, SegmentAction.SHARED if is_shared else SegmentAction.KEPT_PRIVATE, by)


def copy_segment(
    session: Session, segment: Segment, name: str, conditions: Conditions, *, by: Membership
) -> Segment:
    """With its conditions, or with fewer of them; a copy of a list is a segment of those on it."""
    copied = _new(session, name, by)
    if segment.is_list:
        conditions = Conditions((Condition(ON_LIST, Operator.ANY_OF, (str(segment.id),)),))
    _set_conditions(session, copied, conditions, by, before=segment)
    return _written(session, copied, SegmentAction.COPIED, by, name=segment.name)


def delete_segment(session: Session, segment_id: UUID, uses: Sequence[str], *, by: Membership) -> None:
    """What was drawn from it stays drawn. `uses`: names of what uses it and would have nobody left."""
    segment = lock_segment(session, segment_id, by)
    others = built_on(session, segment)
    named = [*uses, *(each.name for each in others if is_visible_to(each, by))]
    if named:
        raise DomainError("“%(user)s” uses this segment, so it can’t be deleted.", user=named[0])
    if others:
        raise DomainError("A colleague’s private segment uses this one, so it can’t be deleted.")
    history.record(session, segment, SegmentAction.DELETED, by=by, name=segment.name)
    session.execute(update(SegmentDraw).where(SegmentDraw.segment_id == segment.id).values(segment_id=None))
    session.delete(segment)
    session.flush()
    _forget(session)


def _new(session: Session, name: str, by: Membership) -> Segment:
    segment = Segment(owner_id=by.id, changed_at=utc_now(), conditions={})
    _set_name(segment, name)
    session.add(segment)
    return segment


def _set_name(segment: Segment, name: str) -> None:
    segment.name, segment.name_sort = name, name.casefold()


def _set_conditions(
    session: Session, segment: Segment, conditions: Conditions, by: Membership, before: Segment
) -> None:
    """What a colleague keeps private stays where it was named before; nobody else can name it."""
    if not (conditions.rows or conditions.but):
        raise DomainError("Please choose at least one condition.")
    _insist_on_visible(session, conditions, by, before)
    session.flush()  # a new one has its key
    faults = resolve(session, conditions, segment).every_fault
    if ConditionFault.CIRCULAR in faults:
        raise DomainError("The segment you leave out leaves this one out, so neither would know who is in.")
    if faults:
        raise DomainError("One of the conditions can’t be read. Please correct or remove it.")
    segment.conditions = conditions.to_json()


def _insist_on_visible(session: Session, conditions: Conditions, by: Membership, before: Segment) -> None:
    """A list that is gone is told as a condition that can't be read."""
    for segment_id in set(named_in(conditions)) - set(named_segments(before)):
        if segment_id == conditions.but or segment_id in all_segments(session):
            get_visible(session, segment_id, by)


def _written(
    session: Session, segment: Segment, action: SegmentAction, by: Membership, **detail: object
) -> Segment:
    segment.changed_at = utc_now()
    if not segment.is_list:
        segment.people_count = count(session, resolve_segment(session, segment))
    history.record(session, segment, action, by=by, **detail)
    session.flush()
    _forget(session)
    return segment


def _forget(session: Session) -> None:
    forget_segments(session)
    forget_attributes(session)
