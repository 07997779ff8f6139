"""Counting by month and at month ends. Each function is one statement, whatever the number of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Select,
    SQLColumnExpression,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.advocates.models import State as Standing
from portal.asks.models import Ask
from portal.history import HistoryEntry
from portal.references.models import ReferenceRequest, State

REFERENCE = ReferenceRequest.__tablename__
DELIVERED = (State.DELIVERED, State.CLOSED)
LEFT_OUT = (State.WITHDRAWN, State.DUPLICATE)
OPEN = (State.SUBMITTED, State.MATCHING, State.ASKED, State.SCHEDULED)


@dataclass(frozen=True)
class Cohort:
    """The requests sent in some months, and what became of them until now."""

    requested: int = 0
    delivered: int = 0
    open: int = 0
    content: int = 0
    unfulfilled: int = 0
    withdrawn: int = 0
    duplicates: int = 0
    outside: int = 0

    def __add__(self, other: "Cohort") -> "Cohort":
        return Cohort(*(getattr(self, name) + getattr(other, name) for name in Cohort.__dataclass_fields__))


@dataclass(frozen=True)
class Volume:
    """References that reached somebody in some months."""

    delivered: int = 0
    outside: int = 0

    def __add__(self, other: "Volume") -> "Volume":
        return Volume(self.delivered + other.delivered, self.outside + other.outside)


@dataclass(frozen=True)
class Pool:
    """Who was enrolled at a moment, and who of them was active."""

    enrolled: int = 0
    active: int = 0


@dataclass(frozen=True)
class Month:
    cohort: Cohort = Cohort()
    volume: Volume = Volume()


def months(session: Session, bounds: Sequence[datetime]) -> list[Month]:
    """For each month between two bounds: its requests by day of request, its references by day of delivery."""
    rows = session.execute(union_all(_cohorts(bounds), _volumes(bounds))).all()
    requests = {row[1]: Cohort(*row[2:]) for row in rows if row[0] == "cohort"}
    references = {row[1]: Volume(*row[2:4]) for row in rows if row[0] == "volume"}
    numbers = range(1, len(bounds))
    return [Month(requests.get(n, Cohort()), references.get(n, Volume())) for n in numbers]


def _cohorts(bounds: Sequence[datetime]) -> Select[*tuple[Any, ...]]:
    sent, state = ReferenceRequest.submitted_at, ReferenceRequest.state
    counted = select(
        literal("cohort"),
        _month(sent, bounds).label("month"),
        _number(state.not_in(LEFT_OUT)),
        _number(state.in_(DELIVERED)),
        _number(state.in_(OPEN)),
        _number(state == State.CONTENT_ACCEPTED),
        _number(state == State.UNFULFILLED),
        _number(state == State.WITHDRAWN),
        _number(state == State.DUPLICATE),
        _number(and_(ReferenceRequest.outside, state.in_(DELIVERED))),
    )
    return counted.where(sent >= bounds[0], sent < bounds[-1]).group_by("month")


def _volumes(bounds: Sequence[datetime]) -> Select[*tuple[Any, ...]]:
    """Each reference of a request counts."""
    done, nothing = Ask.completed_at, [literal(0)] * 6
    counted = select(
        literal("volume"), _month(done, bounds).label("month"), func.count(), _number(Ask.outside), *nothing
    )
    within = (Ask.served_kind == REFERENCE, done >= bounds[0], done < bounds[-1])
    return counted.where(*within).group_by("month")


def pools(session: Session, moments: Sequence[datetime], active_days: int) -> list[Pool]:
    """At each moment: enrolled then, and active by an act in the days before it."""
    at = _moments(sorted(set(moments)))
    stays = enrolments()
    then = and_(stays.c.since <= at.c.at, stays.c.until > at.c.at)
    act = and_(Ask.completed_at <= at.c.at, Ask.completed_at > at.c.at - timedelta(days=active_days))
    enrolled = (
        select(at.c.at, func.count().label("number")).join_from(at, stays, then).group_by(at.c.at).subquery()
    )
    active = (
        select(at.c.at, func.count(Ask.advocate_id.distinct()).label("number"))
        .join_from(at, Ask, act)
        .join(stays, and_(stays.c.advocate_id == Ask.advocate_id, then))
        .group_by(at.c.at)
        .subquery()
    )
    both = select(at.c.at, enrolled.c.number, active.c.number).join_from(
        at, enrolled, enrolled.c.at == at.c.at
    )
    rows = session.execute(both.outerjoin(active, active.c.at == at.c.at))
    found = {moment: Pool(*(number or 0 for number in numbers)) for moment, *numbers in rows}
    return [found.get(moment, Pool()) for moment in moments]


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


def _month(moment: SQLColumnExpression[datetime | None], bounds: Sequence[datetime]) -> ColumnElement[int]:
    """1 for the first month, 2 for the second."""
    return func.width_bucket(moment, cast(list(bounds), ARRAY(DateTime(timezone=True))))


def _moments(moments: Sequence[datetime]) -> FromClause:
    listed = func.unnest(cast(list(moments), ARRAY(DateTime(timezone=True))))
    return select(listed.label("at")).subquery("moments")


def _number(condition: SQLColumnExpression[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)
