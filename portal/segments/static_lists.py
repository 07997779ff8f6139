"""Lists of people: who is put on one brings along what they were chosen by."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, literal, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from portal import history
from portal.advocates.models import Advocate, AdvocateState
from portal.declarations.attributes import Origin, forget_attributes
from portal.declarations.origin_statement import write_statement
from portal.errors import DomainError
from portal.segments.actions import create_list
from portal.segments.audience import is_one_of
from portal.segments.history_actions import SegmentAction
from portal.segments.models import Segment, SegmentPerson
from portal.segments.predicates import people_of
from portal.segments.queries import forget_segments, lock_segment
from portal.segments.resolution import ResolvedConditions
from portal.segments.review_rule import origin_of
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.models import Membership

PICKED = Origin(is_known=False)  # by somebody, one by one
P = SegmentPerson


def keep_as_list(session: Session, resolved: ResolvedConditions, name: str, *, by: Membership) -> Segment:
    """Whoever fits now, whatever changes later."""
    kept = create_list(session, name, by=by)
    add_people(session, kept.id, people_of(session, resolved), origin_of(resolved), by=by)
    return kept


def add_picked(session: Session, segment_id: UUID, people: Sequence[UUID], *, by: Membership) -> int:
    return add_people(session, segment_id, is_one_of(people), PICKED, by=by)


def add_people(
    session: Session, segment_id: UUID, which: ColumnElement[bool], origin: Origin, *, by: Membership
) -> int:
    """Say how many came onto it; who is on it already stays. `origin`: of whatever chose them."""
    segment = _lock_list(session, segment_id, by)
    chosen = select(Advocate.id).where(which, Advocate.state != AdvocateState.ERASED).subquery()
    rows = select(
        literal(tenant_of(session)),
        func.gen_random_uuid(),
        literal(utc_now()),
        literal(segment.id),
        chosen.c.id,
    )
    added = postgresql.insert(P).from_select(
        ["tenant_id", "id", "created_at", "segment_id", "advocate_id"], rows
    )
    count = len(session.execute(added.on_conflict_do_nothing().returning(P.id)).all())
    if count:
        _inherit(segment, origin, by)
        _changed(session, segment, SegmentAction.PEOPLE_ADDED, by, count)
    return count


def remove_people(session: Session, segment_id: UUID, people: Sequence[UUID], *, by: Membership) -> int:
    """Whoever was taken off one by one makes what is left of unknown origin, too."""
    segment = _lock_list(session, segment_id, by)
    gone = delete(P).where(P.segment_id == segment.id, P.advocate_id.in_(people)).returning(P.id)
    count = len(session.execute(gone).all())
    if count:
        _inherit(segment, PICKED, by)
        _changed(session, segment, SegmentAction.PEOPLE_REMOVED, by, count)
    return count


def state_origin(session: Session, segment_id: UUID, statement: str, *, by: Membership) -> Segment:
    """In writing, by an admin: who is on this list does not come from satisfaction. Kept with name and day."""
    segment = _lock_list(session, segment_id, by)
    if write_statement(segment, statement, by=by):
        history.record(session, segment, SegmentAction.ORIGIN_STATED, by=by, statement=segment.statement)
        _forget(session)
    return segment


def _lock_list(session: Session, segment_id: UUID, by: Membership) -> Segment:
    segment = lock_segment(session, segment_id, by)
    if not segment.is_list:
        raise DomainError("This segment is made by conditions; people can’t be put on it one by one.")
    return segment


def _inherit(segment: Segment, origin: Origin, by: Membership) -> None:
    """What was stated was said of those who were on it: newcomers nobody knows about need it anew."""
    segment.origin_attributes = sorted({*segment.origin_attributes, *origin.attributes})
    if not (origin.is_known or origin.is_stated):
        segment.is_origin_known = False
        write_statement(segment, "", by=by)


def _changed(session: Session, segment: Segment, action: SegmentAction, by: Membership, people: int) -> None:
    on_list = select(func.count()).where(P.segment_id == segment.id)
    segment.people_count = session.scalar(on_list) or 0
    segment.people_revision += 1
    segment.changed_at = utc_now()
    history.record(session, segment, action, by=by, people=people)
    _forget(session)


def _forget(session: Session) -> None:
    session.flush()
    forget_segments(session)
    forget_attributes(session)
