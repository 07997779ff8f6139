"""Counting by month and at month ends: one statement, whatever the number of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    FromClause,
    Select,
    SQLColumnExpression,
    and_,
    cast,
    false,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session

from portal.asks.models import Ask
from portal.metrics.membership_periods import membership_periods
from portal.references.models import ReferenceRequest, RequestState

REFERENCE = ReferenceRequest.__tablename__
DELIVERED = (RequestState.DELIVERED, RequestState.CLOSED)
LEFT_OUT = (RequestState.WITHDRAWN, RequestState.DUPLICATE)
OPEN = (RequestState.SUBMITTED, RequestState.MATCHING, RequestState.ASKED, RequestState.SCHEDULED)


@dataclass(frozen=True)
class RequestCohort:
    """The requests sent in some months, and what became of them until now."""

    requested: int = 0
    delivered: int = 0
    open: int = 0
    content: int = 0
    unfulfilled: int = 0
    withdrawn: int = 0
    duplicates: int = 0
    off_platform: int = 0

    def __add__(self, other: "RequestCohort") -> "RequestCohort":
        return RequestCohort(
            *(getattr(self, name) + getattr(other, name) for name in RequestCohort.__dataclass_fields__)
        )


@dataclass(frozen=True)
class ReferenceVolume:
    """References that reached somebody in some months."""

    delivered: int = 0
    off_platform: int = 0

    def __add__(self, other: "ReferenceVolume") -> "ReferenceVolume":
        return ReferenceVolume(self.delivered + other.delivered, self.off_platform + other.off_platform)


@dataclass(frozen=True)
class EnrollmentCount:
    """Who was enrolled at a moment, and who of them was active."""

    enrolled: int = 0
    active: int = 0
    has_begun: bool = True  # somebody had enrolled by then, even if nobody is left


@dataclass(frozen=True)
class MonthCounts:
    cohort: RequestCohort = RequestCohort()
    volume: ReferenceVolume = ReferenceVolume()


@dataclass(frozen=True)
class MetricCounts:
    """One MonthCounts for each pair of neighboring bounds, one EnrollmentCount for each moment."""

    months: Sequence[MonthCounts]
    enrollments: Sequence[EnrollmentCount]
    first_month: int | None = None  # the place of the one with the first request of all; -1 is before them


def count(
    session: Session, bounds: Sequence[datetime], moments: Sequence[datetime], active_days: Sequence[int]
) -> MetricCounts:
    """Requests by day of request, references by day of delivery, people at each moment: in one statement.

    Each moment has the days of its own in which an act makes somebody active.
    """
    days = dict(zip(moments, active_days, strict=True))
    at = sorted(days)
    parts = (
        _requests(bounds),
        _references(bounds),
        _people(at, [timedelta(days=days[moment]) for moment in at]),
        _beginning(bounds, at),
    )
    rows = [(what, place, numbers) for what, place, numbers in session.execute(union_all(*parts))]
    by_month = {(what, place): numbers for what, place, numbers in rows}
    months = (
        MonthCounts(
            RequestCohort(*by_month.get(("requests", n), ())),
            ReferenceVolume(*by_month.get(("references", n), ())),
        )
        for n in range(1, len(bounds))
    )
    people = [numbers for what, _, numbers in rows if what == "people"]
    first_request, first_person = by_month["beginning", 0]
    enrollments = [_enrollment(people, at.index(moment), first_person) for moment in moments]
    return MetricCounts(list(months), enrollments, None if first_request is None else first_request - 1)


def _enrollment(people: Sequence[Sequence[int]], place: int, first: int | None) -> EnrollmentCount:
    """Every moment is a bit: set for those who were there, and for those who were active."""
    return EnrollmentCount(
        sum(number for there, _, number in people if there >> place & 1),
        sum(number for _, active, number in people if active >> place & 1),
        first is not None and first <= place,
    )


def _requests(bounds: Sequence[datetime]) -> Select[str, int, Any]:
    sent, state = ReferenceRequest.submitted_at, ReferenceRequest.state
    became = (
        state.not_in(LEFT_OUT),
        state.in_(DELIVERED),
        state.in_(OPEN),
        state == RequestState.CONTENT_ACCEPTED,
        state == RequestState.UNFULFILLED,
        state == RequestState.WITHDRAWN,
        state == RequestState.DUPLICATE,
        and_(ReferenceRequest.off_platform, state.in_(DELIVERED)),
    )
    numbers = array([func.count().filter(part) for part in became])
    counted = select(literal("requests"), _place(sent, bounds).label("place"), numbers)
    return counted.where(sent >= bounds[0], sent < bounds[-1]).group_by("place")


def _references(bounds: Sequence[datetime]) -> Select[str, int, Any]:
    """Each reference of a request counts."""
    done, numbers = Ask.completed_at, array([func.count(), func.count().filter(Ask.off_platform)])
    counted = select(literal("references"), _place(done, bounds).label("place"), numbers)
    within = (Ask.subject_type == REFERENCE, done >= bounds[0], done < bounds[-1])
    return counted.where(*within).group_by("place")


def _people(at: Sequence[datetime], days: Sequence[timedelta]) -> Select[str, int, Any]:
    """How many were there, and active, at the same moments: (bits there, bits active, number) each."""
    stay, acts = membership_periods(), _acts(at, days)
    there = _bits(stay.c.since, stay.c.until, at)
    active = there.bitwise_and(func.coalesce(acts.c.bits, 0))
    each = select(there.label("there"), active.label("active")).outerjoin_from(
        stay, acts, acts.c.advocate_id == stay.c.advocate_id
    )
    same = each.subquery()
    numbers = array([same.c.there, same.c.active, func.count()])
    return select(literal("people"), literal(0), numbers).group_by(same.c.there, same.c.active)


def _beginning(bounds: Sequence[datetime], at: Sequence[datetime]) -> Select[str, int, Any]:
    """Where the very first request and the very first enrollment lie; null when there is none."""
    request = select(_place(func.min(ReferenceRequest.submitted_at), bounds)).scalar_subquery()
    person = select(_place(func.min(membership_periods().c.since), at)).scalar_subquery()
    return select(literal("beginning"), literal(0), array([request, person]))


def _acts(at: Sequence[datetime], days: Sequence[timedelta]) -> FromClause:
    """For each advocate the moments that an act lies in the days before."""
    if not at:
        return select(Ask.advocate_id, literal(0).label("bits")).where(false()).subquery()
    done = Ask.completed_at
    bits = func.bit_or(_lasting(done, at, days)).label("bits")
    counted = select(Ask.advocate_id, bits).where(done.is_not(None), done >= at[0] - max(days))
    return counted.group_by(Ask.advocate_id).subquery()


def _lasting(
    done: SQLColumnExpression[Any], at: Sequence[datetime], days: Sequence[timedelta]
) -> ColumnElement[int]:
    """The moments for which an act counts, where some of them look further back than others."""
    parts = []
    for length in set(days):
        these = sum(1 << place for place, own in enumerate(days) if own == length)
        parts.append(_bits(done, done + length, at).bitwise_and(these))
    return reduce(ColumnElement.bitwise_or, parts)


def _bits(
    since: SQLColumnExpression[Any], until: SQLColumnExpression[Any], at: Sequence[datetime]
) -> ColumnElement[int]:
    """The moments after `since` and not after `until`, each as a bit."""
    one = cast(1, BigInteger)
    first, end = one.bitwise_lshift(_place(since, at)), one.bitwise_lshift(_place(until, at))
    return func.greatest(end - first, 0)


def _place(moment: SQLColumnExpression[Any], bounds: Sequence[datetime]) -> ColumnElement[int]:
    """How many of the bounds have come by then: 1 from the first on, 2 from the second."""
    return func.width_bucket(moment, cast(list(bounds), ARRAY(DateTime(timezone=True))))
