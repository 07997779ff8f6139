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
from portal.asks import calendar_days
from portal.asks.models import TALKS, Ask, AskKind, AskState
from portal.asks.policies import MAX_ANSWER_DAYS, WINDOW_DAYS, AskRules, BudgetWindow, windows_of

SHORT_WINDOWS = (
    BudgetWindow.TALKS_30,
    BudgetWindow.TALKS_90,
    BudgetWindow.SAME_KIND,
    BudgetWindow.MINUTES,
)  # windows of 90 days at most
ACCEPTED_STATES = (
    AskState.ACCEPTED,
    AskState.COMPLETED,
    AskState.NOT_HELD,
    AskState.WITHDRAWN,
)  # of those that count
EVERYONE = true()

DayExpression = ColumnElement[date | None]
MomentColumn = InstrumentedAttribute[datetime | None]


def given_by_person(rules: AskRules, kind: AskKind, only: ColumnElement[bool] = EVERYONE) -> Subquery:
    """Per person: what counts lately, as the days of each window in any order, and the latest yes."""
    said_yes = case((Ask.state.in_(ACCEPTED_STATES), day_in(rules, Ask.answered_at)))
    lately = is_within(rules, WINDOW_DAYS[BudgetWindow.MINUTES])
    told = [
        _days(rules, window, kind).label(window) for window in windows_of(kind) if window in SHORT_WINDOWS
    ]
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
        .where(counts_in_budget(), is_within(rules, max(90, rules.rest_days + MAX_ANSWER_DAYS)), only)
        .group_by(Ask.advocate_id)
        .subquery("given")
    )


def _days(rules: AskRules, window: BudgetWindow, kind: AskKind) -> ColumnElement[Any]:
    same = {BudgetWindow.SAME_KIND: Ask.kind == kind, BudgetWindow.MINUTES: true()}.get(
        window, Ask.kind.in_(TALKS)
    )
    counted = func.array_agg(day_in(rules, Ask.sent_at), type_=ARRAY(Date))
    return counted.filter(and_(same, is_within(rules, WINDOW_DAYS[window])))


def talks_over_year_limit(rules: AskRules, only: ColumnElement[bool] = EVERYONE) -> Subquery:
    """The few whose year is full, each with the moment of the talk that must leave it first."""
    latest = aggregate_order_by(Ask.sent_at, Ask.sent_at.desc())
    most = max(rules.talks_365, 1)
    return (
        select(
            Ask.advocate_id,
            func.array_agg(latest, type_=ARRAY(DateTime(timezone=True)))[most].label("decisive"),
        )
        .where(
            counts_in_budget(),
            is_within(rules, WINDOW_DAYS[BudgetWindow.TALKS_365]),
            Ask.kind.in_(TALKS),
            only,
            _has_full_year(rules, most),
        )
        .group_by(Ask.advocate_id)
        .subquery("year")
    )


def _has_full_year(rules: AskRules, most: int) -> ColumnElement[bool]:
    """Counting is cheap, so nobody's talks are gathered before we know that there are enough of them."""
    other = aliased(Ask)
    within = other.sent_at >= _since(rules, WINDOW_DAYS[BudgetWindow.TALKS_365])
    busy = select(other.advocate_id).where(within, other.kind.in_(TALKS), counts_in_budget(other))
    return Ask.advocate_id.in_(busy.group_by(other.advocate_id).having(func.count() >= most))


def given_by_company(rules: AskRules, only: ColumnElement[bool] = EVERYONE) -> Subquery:
    """Per customer company: the days of its talks in the account's window."""
    talks = func.array_agg(day_in(rules, Ask.sent_at), type_=ARRAY(Date))
    lately = is_within(rules, WINDOW_DAYS[BudgetWindow.ACCOUNT])
    return (
        select(Ask.account_id, talks.label(BudgetWindow.ACCOUNT))
        .where(counts_in_budget(), lately, Ask.kind.in_(TALKS), Ask.account_id.is_not(None), only)
        .group_by(Ask.account_id)
        .subquery("company")
    )


def window_free_days(
    rules: AskRules, kind: AskKind, minutes: int, given: Subquery, year: Subquery, company: Subquery
) -> dict[BudgetWindow, DayExpression]:
    """For each window of this kind of ask: the day it has room again, null when it has room today."""
    most: dict[BudgetWindow, int | ColumnElement[int]] = {
        BudgetWindow.ACCOUNT: rules.account,
        BudgetWindow.TALKS_30: rules.talks_30,
        BudgetWindow.TALKS_90: func.least(rules.talks_90, Advocate.limit_calls, type_=Integer),
        BudgetWindow.SAME_KIND: rules.same_kind,
    }
    found: dict[BudgetWindow, DayExpression] = {
        BudgetWindow.MINUTES: _minutes_free_day(rules, minutes, given),
        BudgetWindow.TALKS_365: day_in(rules, year.c.decisive) + WINDOW_DAYS[BudgetWindow.TALKS_365],
        BudgetWindow.REST: case(
            (given.c.yes_day + rules.rest_days > rules.today, given.c.yes_day + rules.rest_days)
        ),
    }
    for window in windows_of(kind):
        if window in most:
            told = company.c[window] if window is BudgetWindow.ACCOUNT else given.c[window]
            found[window] = _window_free_day(told, most[window], WINDOW_DAYS[window])
    return {window: found[window] for window in windows_of(kind)}


def _window_free_day(told: ColumnElement[Any], most: int | ColumnElement[int], length: int) -> DayExpression:
    """The `most`-th latest day leaves the window; a window that holds nothing at all is never free (see `never`)."""
    day = func.unnest(told).table_valued("day").render_derived()
    decisive = (
        select(cast(day.c.day, Date)).order_by(day.c.day.desc()).offset(func.greatest(most, 1) - 1).limit(1)
    )
    return case(
        (func.cardinality(told) >= func.greatest(most, 1), decisive.scalar_subquery() + length), else_=null()
    )


def _minutes_free_day(rules: AskRules, minutes: int, given: Subquery) -> DayExpression:
    """The latest day from which on, counted backwards, the minutes pass what this ask leaves of the limit."""
    room = func.least(rules.minutes, Advocate.limit_minutes, type_=Integer) - minutes
    ask = (
        func.unnest(given.c[BudgetWindow.MINUTES], given.c.minutes_of)
        .table_valued("day", "minutes")
        .render_derived()
    )
    running = func.sum(ask.c.minutes).over(order_by=ask.c.day.desc())
    summed = select(cast(ask.c.day, Date).label("day"), running.label("running")).subquery("summed")
    decisive = select(func.max(summed.c.day, type_=Date)).where(summed.c.running > room)
    return case(
        (given.c.minutes_90 > room, decisive.scalar_subquery() + WINDOW_DAYS[BudgetWindow.MINUTES]),
        else_=null(),
    )


def exceeds_limit(rules: AskRules, kind: AskKind, minutes: int) -> ColumnElement[bool]:
    """Would this favor overfill even an empty window?"""
    too_long = minutes > func.least(rules.minutes, Advocate.limit_minutes, type_=Integer)
    talks = min(rules.talks_30, rules.talks_90, rules.talks_365, rules.account)
    closed = (talks if kind in TALKS else rules.same_kind) == 0
    return or_(too_long, literal(closed))


def day_in(rules: AskRules, moment: ColumnElement[Any] | MomentColumn) -> ColumnElement[Any]:
    return cast(func.timezone(rules.zone.key, moment), Date)


def _since(rules: AskRules, length: int) -> datetime:
    return calendar_days.start_of(rules.today - timedelta(days=length - 1), rules.zone)


def is_within(rules: AskRules, length: int) -> ColumnElement[bool]:
    return Ask.sent_at >= _since(rules, length)


def counts_in_budget(ask: type[Ask] = Ask) -> ColumnElement[bool]:
    """Everything sent counts, also declined and expired; what was withdrawn before an answer does not."""
    return or_(ask.state != AskState.WITHDRAWN, ask.answered_at.is_not(None))
