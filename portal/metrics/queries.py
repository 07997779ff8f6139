"""Counting by month and at month ends: one statement, whatever the number of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session

from portal.asks.models import Ask
from portal.metrics.stays import enrolments
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


@dataclass(frozen=True)
class Counts:
    """One Month for each pair of neighbouring bounds, one Pool for each moment."""

    months: Sequence[Month]
    pools: Sequence[Pool]


def count(
    session: Session, bounds: Sequence[datetime], moments: Sequence[datetime], active_days: int
) -> Counts:
    """Requests by day of request, references by day of delivery, people at each moment: in one statement."""
    at = sorted(set(moments))
    parts = (_requests(bounds), _references(bounds), _enrolled(at), _active(at, timedelta(days=active_days)))
    rows = session.execute(union_all(*parts))
    found: dict[tuple[str, int], Sequence[int]] = {(what, place): part for what, place, part in rows}

    def numbers(what: str, place: int) -> Sequence[int]:
        return found.get((what, place), ())

    months = (
        Month(Cohort(*numbers("requests", n)), Volume(*numbers("references", n)))
        for n in range(1, len(bounds))
    )
    places = (at.index(moment) + 1 for moment in moments)
    pools = (Pool(sum(numbers("enrolled", place)), sum(numbers("active", place))) for place in places)
    return Counts(list(months), list(pools))


def _requests(bounds: Sequence[datetime]) -> Select[str, int, Any]:
    sent, state = ReferenceRequest.submitted_at, ReferenceRequest.state
    became = (
        state.not_in(LEFT_OUT),
        state.in_(DELIVERED),
        state.in_(OPEN),
        state == State.CONTENT_ACCEPTED,
        state == State.UNFULFILLED,
        state == State.WITHDRAWN,
        state == State.DUPLICATE,
        and_(ReferenceRequest.outside, state.in_(DELIVERED)),
    )
    counted = _counted("requests", _place(sent, bounds), *(func.count().filter(part) for part in became))
    return counted.where(sent >= bounds[0], sent < bounds[-1])


def _references(bounds: Sequence[datetime]) -> Select[str, int, Any]:
    """Each reference of a request counts."""
    done = Ask.completed_at
    counted = _counted("references", _place(done, bounds), func.count(), func.count().filter(Ask.outside))
    return counted.where(Ask.served_kind == REFERENCE, done >= bounds[0], done < bounds[-1])


def _enrolled(moments: Sequence[datetime]) -> Select[str, int, Any]:
    at, stays = _listed(moments), enrolments()
    counted = _counted("enrolled", _place(at.c.at, moments), func.count())
    return counted.join_from(at, stays, _within(stays, at))


def _active(moments: Sequence[datetime], days: timedelta) -> Select[str, int, Any]:
    """Of those who were enrolled, who had done something in the days before."""
    at, stays = _listed(moments), enrolments()
    act = and_(Ask.completed_at <= at.c.at, Ask.completed_at > at.c.at - days)
    counted = _counted("active", _place(at.c.at, moments), func.count(Ask.advocate_id.distinct()))
    mine = and_(stays.c.advocate_id == Ask.advocate_id, _within(stays, at))
    return counted.join_from(at, Ask, act).join(stays, mine)


def _counted(what: str, place: ColumnElement[int], *numbers: ColumnElement[int]) -> Select[str, int, Any]:
    return select(literal(what), place.label("place"), array(numbers)).group_by("place")


def _within(stays: FromClause, at: FromClause) -> ColumnElement[bool]:
    return and_(stays.c.since <= at.c.at, stays.c.until > at.c.at)


def _place(moment: SQLColumnExpression[Any], bounds: Sequence[datetime]) -> ColumnElement[int]:
    """1 from the first bound on, 2 from the second."""
    return func.width_bucket(moment, cast(list(bounds), ARRAY(DateTime(timezone=True))))


def _listed(moments: Sequence[datetime]) -> FromClause:
    listed = func.unnest(cast(list(moments), ARRAY(DateTime(timezone=True))))
    return select(listed.label("at")).subquery()
