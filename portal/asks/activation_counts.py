"""How many people were enrolled, and active, at several moments: each moment is a bit of a number."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    SQLColumnExpression,
    and_,
    cast,
    false,
    func,
    literal,
    not_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from portal import policies
from portal.advocates.membership_periods import membership_periods
from portal.advocates.policies import ACTIVE_DAYS
from portal.asks.models import IS_ACT, Ask
from portal.declarations.metric_counts import place
from portal.declarations.metrics import CountWindows, Statement

PARTS = ("everyone", "active", "quiet")


def count_people(session: Session, windows: CountWindows) -> Statement:
    at = windows.moments
    days = [timedelta(days=number) for number in policies.values_at(session, ACTIVE_DAYS, at)]
    same, late = _same_people(at, days), _late_acts(at, days)
    places = select(func.generate_series(0, len(at) - 1).label("place")).subquery()
    there, active = _has(same.c.there, places.c.place), _has(same.c.active, places.c.place)
    numbers = [_sum(same.c.number, which) for which in (there, active, and_(there, not_(active)))]
    counted = select(
        (places.c.place + 1).label("place"),
        array(numbers).label("numbers"),
        func.max(late.c.entered_at).label("corrected_at"),
    )
    joined = counted.select_from(places).join(same, true())
    return joined.outerjoin(late, late.c.place == places.c.place).group_by(places.c.place)


def first_enrollment() -> ColumnElement[Any]:
    return func.min(membership_periods().c.since)


def _same_people(at: Sequence[datetime], days: Sequence[timedelta]) -> FromClause:
    """How many were there, and active, at the same moments."""
    stay, acts = membership_periods(), _acts(at, days)
    there = _bits(stay.c.since, stay.c.until, at)
    active = there.bitwise_and(func.coalesce(acts.c.bits, 0))
    each = select(there.label("there"), active.label("active")).outerjoin_from(
        stay, acts, acts.c.advocate_id == stay.c.advocate_id
    )
    one = each.subquery()
    return (
        select(one.c.there, one.c.active, func.count().label("number"))
        .group_by(one.c.there, one.c.active)
        .subquery()
    )


def _acts(at: Sequence[datetime], days: Sequence[timedelta]) -> FromClause:
    """For each advocate the moments that an act lies in the days before."""
    if not at:
        return select(Ask.advocate_id, literal(0).label("bits")).where(false()).subquery()
    bits = func.bit_or(_lasting(Ask.completed_at, at, days)).label("bits")
    counted = select(Ask.advocate_id, bits).where(IS_ACT, Ask.completed_at >= at[0] - max(days))
    return counted.group_by(Ask.advocate_id).subquery()


def _late_acts(at: Sequence[datetime], days: Sequence[timedelta]) -> FromClause:
    """For each moment when the last act before it was entered that nobody knew of then: a rep logs what was."""
    stay = membership_periods()
    first = func.greatest(place(Ask.completed_at, at), place(stay.c.since, at))
    last = func.least(place(Ask.created_at, at), place(stay.c.until, at)) - 1
    series = func.generate_series(first, last).table_valued("place").render_derived()
    found = (
        select(series.c.place, func.max(Ask.created_at).label("entered_at"))
        .join_from(Ask, stay, stay.c.advocate_id == Ask.advocate_id)
        .join(series, true())
        .where(IS_ACT, Ask.off_platform, _has(_lasting(Ask.completed_at, at, days), series.c.place))
    )
    return found.group_by(series.c.place).subquery()


def _lasting(
    done: SQLColumnExpression[Any], at: Sequence[datetime], days: Sequence[timedelta]
) -> ColumnElement[int]:
    """The moments for which an act counts, where some of them look further back than others."""
    parts = []
    for length in set(days):
        these = sum(1 << number for number, own in enumerate(days) if own == length)
        parts.append(_bits(done, done + length, at).bitwise_and(these))
    return reduce(ColumnElement.bitwise_or, parts, literal(0, BigInteger))


def _bits(
    since: SQLColumnExpression[Any], until: SQLColumnExpression[Any], at: Sequence[datetime]
) -> ColumnElement[int]:
    """The moments after `since` and not after `until`, each as a bit."""
    one = cast(1, BigInteger)
    first, end = one.bitwise_lshift(place(since, at)), one.bitwise_lshift(place(until, at))
    return func.greatest(end - first, 0)


def _has(bits: ColumnElement[int], number: ColumnElement[int]) -> ColumnElement[bool]:
    return bits.bitwise_rshift(number).bitwise_and(1) == 1


def _sum(numbers: ColumnElement[int], which: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(numbers).filter(which), 0), BigInteger)
