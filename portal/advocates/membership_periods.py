"""Who was in the program when: the present stay of each person, and those before somebody came back.

At a moment counts who came before it and had not left by then.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, FromClause, Select, and_, cast, func, or_, select, union_all

from portal.advocates.history_actions import AdvocateAction
from portal.advocates.models import IN_PROGRAM, Advocate
from portal.history import HistoryEntry

IN_NOW = Advocate.state.in_(IN_PROGRAM)


def membership_periods() -> FromClause:
    ended = func.coalesce(Advocate.left_at, cast("infinity", DateTime(timezone=True)))
    latest = select(
        Advocate.id.label("advocate_id"), Advocate.enrolled_at.label("since"), ended.label("until")
    ).where(Advocate.enrolled_at.is_not(None), or_(IN_NOW, Advocate.left_at.is_not(None)))
    return union_all(latest, _earlier_periods()).subquery()


def was_enrolled_at(at: datetime) -> ColumnElement[bool]:
    not_gone = or_(Advocate.left_at >= at, and_(Advocate.left_at.is_(None), IN_NOW))
    earlier = _earlier_periods().subquery()
    then = select(earlier.c.advocate_id).where(earlier.c.since < at, earlier.c.until >= at)
    return or_(and_(Advocate.enrolled_at < at, not_gone), Advocate.id.in_(then))


def _earlier_periods() -> Select[UUID, datetime, datetime]:
    """From the history: departures that a later enrollment, or a new request to join, has covered up."""
    left, came = HistoryEntry, HistoryEntry.__table__.alias("came")
    since = (
        select(func.max(came.c.created_at))
        .where(came.c.subject_type == left.subject_type, came.c.subject_id == left.subject_id)
        .where(came.c.action == AdvocateAction.ENROLLED, came.c.created_at <= left.created_at)
        .scalar_subquery()
    )
    covered = or_(left.created_at < Advocate.enrolled_at, and_(~IN_NOW, Advocate.left_at.is_(None)))
    return (
        select(left.subject_id.label("advocate_id"), since.label("since"), left.created_at.label("until"))
        .join(Advocate, Advocate.id == left.subject_id)
        .where(left.subject_type == Advocate.__tablename__, left.action == AdvocateAction.DEPARTED, covered)
    )
