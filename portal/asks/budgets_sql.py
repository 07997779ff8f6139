"""The attention budget in SQL: which windows are full for whom, and from which day they have room again.

No window fills by waiting, so each is free from the day its decisive ask leaves it: for a window of `n` days that
holds `most` asks, the day of the `most`-th latest ask plus `n`. The first day with room in all windows is the
greatest of these days. Days are worked out only where a window is full; for everybody else a count is enough.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.advocates.models import Advocate
from portal.asks import days
from portal.asks.models import TALKS, Ask, Kind, State
from portal.asks.windows import LENGTH, LONGEST_WAIT, Rules, Window, windows_of

LATELY = (Window.TALKS_30, Window.TALKS_90, Window.SAME_KIND, Window.MINUTES)  # windows of 90 days at most
SAID_YES = (State.ACCEPTED, State.COMPLETED, State.NOT_HELD, State.WITHDRAWN)  # of those that count
EVERYBODY = true()

Day = ColumnElement[date | None]
Moment = InstrumentedAttribute[datetime | None]


def given_by_person(rules: Rules, kind: Kind, only: ColumnElement[bool] = EVERYBODY) -> Subquery:
    """Per person: what counts lately, as the days of each window in any order, and the latest yes."""
    said_yes = case((Ask.state.in_(SAID_YES), day_in(rules, Ask.answered_at)))
    lately = _within(rules, 90)
    told = [_days(rules, window, kind).label(window) for window in windows_of(kind) if window in LATELY]
    return (
        select(
            Ask.advocate_id,
            *told,
            func.array_agg(Ask.minutes, type_=ARRAY(Integer)).filter(lately).label("minutes_of"),
            func.sum(Ask.minutes).filter(lately).label("minutes_90"),
            func.count().filter(lately).label("asks_90"),
            func.count().filter(and_(Ask.kind.in_(TALKS), lately)).label("given_90"),
            func.max(said_yes).label("yes_day"),
        )
        .where(_counts(), _within(rules, max(90, rules.rest_days + LONGEST_WAIT)), only)
        .group_by(Ask.advocate_id)
        .subquery("given")
    )


def _days(rules: Rules, window: Window, kind: Kind) -> ColumnElement[Any]:
    same = {Window.SAME_KIND: Ask.kind == kind, Window.MINUTES: true()}.get(window, Ask.kind.in_(TALKS))
    counted = func.array_agg(day_in(rules, Ask.sent_at), type_=ARRAY(Date))
    return counted.filter(and_(same, _within(rules, LENGTH[window])))


def talked_all_year(rules: Rules, only: ColumnElement[bool] = EVERYBODY) -> Subquery:
    """The few whose year is full, each with the moment of the talk that must leave it first."""
    latest = aggregate_order_by(Ask.sent_at, Ask.sent_at.desc())
    most = max(rules.talks_365, 1)
    return (
        select(
            Ask.advocate_id,
            func.array_agg(latest, type_=ARRAY(DateTime(timezone=True)))[most].label("decisive"),
        )
        .where(
            _counts(),
            _within(rules, LENGTH[Window.TALKS_365]),
            Ask.kind.in_(TALKS),
            only,
            _is_busy(rules, most),
        )
        .group_by(Ask.advocate_id)
        .subquery("year")
    )


def _is_busy(rules: Rules, most: int) -> ColumnElement[bool]:
    """Counting is cheap, so nobody's talks are gathered before we know that there are enough of them."""
    other = aliased(Ask)
    within = other.sent_at >= _since(rules, LENGTH[Window.TALKS_365])
    busy = select(other.advocate_id).where(within, other.kind.in_(TALKS), _counts(other))
    return Ask.advocate_id.in_(busy.group_by(other.advocate_id).having(func.count() >= most))


def given_by_company(rules: Rules, only: ColumnElement[bool] = EVERYBODY) -> Subquery:
    """Per customer company: the days of its talks in the account's window."""
    talks = func.array_agg(day_in(rules, Ask.sent_at), type_=ARRAY(Date))
    lately = _within(rules, LENGTH[Window.ACCOUNT])
    return (
        select(Ask.account_id, talks.label(Window.ACCOUNT))
        .where(_counts(), lately, Ask.kind.in_(TALKS), Ask.account_id.is_not(None), only)
        .group_by(Ask.account_id)
        .subquery("company")
    )


def free_days(
    rules: Rules, kind: Kind, minutes: int, given: Subquery, year: Subquery, company: Subquery
) -> dict[Window, Day]:
    """For each window of this kind of ask: the day it has room again, null when it has room today."""
    most: dict[Window, int | ColumnElement[int]] = {
        Window.ACCOUNT: rules.account,
        Window.TALKS_30: rules.talks_30,
        Window.TALKS_90: func.least(rules.talks_90, Advocate.limit_calls, type_=Integer),
        Window.SAME_KIND: rules.same_kind,
    }
    found: dict[Window, Day] = {
        Window.MINUTES: _minutes_free(rules, minutes, given),
        Window.TALKS_365: day_in(rules, year.c.decisive) + LENGTH[Window.TALKS_365],
        Window.REST: case(
            (given.c.yes_day + rules.rest_days > rules.today, given.c.yes_day + rules.rest_days)
        ),
    }
    for window in windows_of(kind):
        if window in most:
            told = company.c[window] if window is Window.ACCOUNT else given.c[window]
            found[window] = _free(told, most[window], LENGTH[window])
    return {window: found[window] for window in windows_of(kind)}


def _free(told: ColumnElement[Any], most: int | ColumnElement[int], length: int) -> Day:
    """The `most`-th latest day leaves the window; a window that holds nothing at all is never free (see `never`)."""
    day = func.unnest(told).table_valued("day").render_derived()
    decisive = (
        select(cast(day.c.day, Date)).order_by(day.c.day.desc()).offset(func.greatest(most, 1) - 1).limit(1)
    )
    return case(
        (func.cardinality(told) >= func.greatest(most, 1), decisive.scalar_subquery() + length), else_=null()
    )


def _minutes_free(rules: Rules, minutes: int, given: Subquery) -> Day:
    """The latest day from which on, counted backwards, the minutes pass what this ask leaves of the limit."""
    room = func.least(rules.minutes, Advocate.limit_minutes, type_=Integer) - minutes
    ask = (
        func.unnest(given.c[Window.MINUTES], given.c.minutes_of)
        .table_valued("day", "minutes")
        .render_derived()
    )
    running = func.sum(ask.c.minutes).over(order_by=ask.c.day.desc())
    summed = select(cast(ask.c.day, Date).label("day"), running.label("running")).subquery("summed")
    decisive = select(func.max(summed.c.day, type_=Date)).where(summed.c.running > room)
    return case(
        (given.c.minutes_90 > room, decisive.scalar_subquery() + LENGTH[Window.MINUTES]), else_=null()
    )


def never(rules: Rules, kind: Kind, minutes: int) -> ColumnElement[bool]:
    """Would this favour overfill even an empty window?"""
    too_long = minutes > func.least(rules.minutes, Advocate.limit_minutes, type_=Integer)
    talks = min(rules.talks_30, rules.talks_90, rules.talks_365, rules.account)
    closed = (talks if kind in TALKS else rules.same_kind) == 0
    return or_(too_long, literal(closed))


def day_in(rules: Rules, moment: ColumnElement[Any] | Moment) -> ColumnElement[Any]:
    return cast(func.timezone(rules.zone.key, moment), Date)


def _since(rules: Rules, length: int) -> datetime:
    return days.start_of(rules.today - timedelta(days=length - 1), rules.zone)


def _within(rules: Rules, length: int) -> ColumnElement[bool]:
    return Ask.sent_at >= _since(rules, length)


def _counts(ask: type[Ask] = Ask) -> ColumnElement[bool]:
    """Everything sent counts, also declined and expired; what was withdrawn before an answer does not."""
    return or_(ask.state != State.WITHDRAWN, ask.answered_at.is_not(None))
