"""Who was in the programme when: the present stay of each person, and those before somebody came back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, FromClause, Select, and_, cast, func, or_, select, union_all

from portal.advocates.models import Advocate
from portal.advocates.models import State as Standing
from portal.history import HistoryEntry


def enrolments() -> FromClause:
    """Every stay in the programme: the present or last one, and those before somebody came back."""
    in_now = Advocate.state.in_((Standing.ENROLLED, Standing.PAUSED))
    ended = func.coalesce(Advocate.left_at, cast("infinity", DateTime(timezone=True)))
    latest = select(
        Advocate.id.label("advocate_id"), Advocate.enrolled_at.label("since"), ended.label("until")
    ).where(Advocate.enrolled_at.is_not(None), or_(in_now, Advocate.left_at.is_not(None)))
    return union_all(latest, _earlier_stays(in_now)).subquery()


def _earlier_stays(in_now: ColumnElement[bool]) -> Select[UUID, datetime, datetime]:
    """From the history: departures that a later enrolment, or a new wish to join, has covered up."""
    left, came = HistoryEntry, HistoryEntry.__table__.alias("came")
    since = (
        select(func.max(came.c.created_at))
        .where(came.c.subject_kind == left.subject_kind, came.c.subject_id == left.subject_id)
        .where(came.c.what == "enrolled", came.c.created_at <= left.created_at)
        .scalar_subquery()
    )
    covered = or_(left.created_at < Advocate.enrolled_at, and_(~in_now, Advocate.left_at.is_(None)))
    return (
        select(left.subject_id, since, left.created_at)
        .join(Advocate, Advocate.id == left.subject_id)
        .where(left.subject_kind == Advocate.__tablename__, left.what == "departed", covered)
    )
