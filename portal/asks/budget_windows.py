"""The attention budget in SQL: which windows are full for whom, and from which day they have room again.

A window counts the asks of the last `n` days, or their minutes, against a limit. Only time empties it: with a limit of
`most` asks it has room again `n` days after the `most`-th latest ask, the decisive one. With most = 2, n = 30 and asks
on May 1, 5 and 20, the decisive one is that of May 5, so there is room from June 4. The first day with room in all
windows is the latest of these days. Days are worked out only where a window is full; elsewhere a count is enough.
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
from sqlalchemy.orm import aliased

from portal.advocates.models import Advocate
from portal.asks import calendar_days
from portal.asks.calendar_days import day_in
from portal.asks.models import GUESTS, TALKS, Ask, AskKind, AskState
from portal.asks.policies import MAX_ANSWER_DAYS, WINDOW_DAYS, AskRules, AskWeight, BudgetWindow
from portal.asks.rest_after_yes import kinds_by_rest, rest_free_day, rest_until
from portal.id_arrays import any_of

W = BudgetWindow
COUNTED_WINDOWS = (W.TALKS_30, W.TALKS_90, W.SAME_KIND)  # by how many asks they hold, of 90 days at most
SUMMED_WINDOWS = (W.ATTENTION, W.GUEST_ATTENTION, W.FAVOR_TIME)  # by the minutes of the asks they hold
GIVEN_STATES = (AskState.ACCEPTED, AskState.COMPLETED)  # what did not come about after a yes took no time
EVERYONE = true()

DayExpression = ColumnElement[date | None]


def given_by_person(
    rules: AskRules, kind: AskKind = AskKind.CALL, only: ColumnElement[bool] = EVERYONE
) -> Subquery:
    """Sum up what counts per person: the days of each window in any order, and when the rest is over.

    PostgreSQL works out only what is read of it.
    """
    lately = is_within(rules, WINDOW_DAYS[W.TALKS_90])
    asked_for_favors = and_(lately, Ask.kind.not_in(GUESTS), Ask.state != AskState.RELEASED)
    return (
        select(
            Ask.advocate_id,
            *(_days(rules, window, kind).label(window) for window in COUNTED_WINDOWS),
            *(column for window in SUMMED_WINDOWS for column in _minutes(rules, window)),
            func.count().filter(asked_for_favors).label("asks_90"),
            func.count().filter(and_(Ask.kind.in_(TALKS), lately)).label("given_90"),
            rest_until(rules).label(W.REST),
        )
        .where(counts_in_budget(), is_within(rules, _horizon(rules)), only)
        .group_by(Ask.advocate_id)
        .subquery("given")
    )


def _horizon(rules: AskRules) -> int:
    """Days: a yes of the longest window may be to an ask that is older by all the time there was to answer."""
    return max(WINDOW_DAYS[W.FAVOR_TIME], *kinds_by_rest(rules), 0) + MAX_ANSWER_DAYS


def _days(rules: AskRules, window: BudgetWindow, kind: AskKind) -> ColumnElement[Any]:
    """When those were sent that this window holds."""
    counted = Ask.kind == kind if window is W.SAME_KIND else Ask.kind.in_(TALKS)
    days = func.array_agg(day_in(rules.zone, Ask.sent_at), type_=ARRAY(Date))
    return days.filter(and_(counted, is_within(rules, WINDOW_DAYS[window])))


def _minutes(rules: AskRules, window: BudgetWindow) -> tuple[ColumnElement[Any], ...]:
    """The days and the minutes of those that this window holds, in the same order, and their sum."""
    if window is W.FAVOR_TIME:
        accepted_favors = (Ask.state.in_(GIVEN_STATES), Ask.kind.not_in(GUESTS))
        held = and_(*accepted_favors, Ask.answered_at >= _since(rules, WINDOW_DAYS[window]))
        weight, moment = Ask.minutes, Ask.answered_at
    else:
        guests = Ask.kind.in_(GUESTS)
        counted = guests if window is W.GUEST_ATTENTION else ~guests
        held = and_(counted, is_within(rules, WINDOW_DAYS[window]))
        weight, moment = Ask.attention_minutes, Ask.sent_at
    return (
        func.array_agg(day_in(rules.zone, moment), type_=ARRAY(Date)).filter(held).label(window),
        func.array_agg(weight, type_=ARRAY(Integer)).filter(held).label(f"{window}_each"),
        func.sum(weight).filter(held).label(f"{window}_sum"),
    )


def talks_over_year_limit(rules: AskRules, only: ColumnElement[bool] = EVERYONE) -> Subquery:
    """Select the few people whose year is full, each with the talk that must leave the window first."""
    latest = aggregate_order_by(Ask.sent_at, Ask.sent_at.desc())
    most = max(rules.talks_365, 1)
    within = (counts_in_budget(), is_within(rules, WINDOW_DAYS[BudgetWindow.TALKS_365]))
    few = _has_full_year(rules, most) if only is EVERYONE else only
    return (
        select(
            Ask.advocate_id,
            func.array_agg(latest, type_=ARRAY(DateTime(timezone=True)))[most].label("decisive"),
        )
        .where(*within, Ask.kind.in_(TALKS), few)
        .group_by(Ask.advocate_id)
        .having(func.count() >= most)
        .subquery("year")
    )


def _has_full_year(rules: AskRules, most: int) -> ColumnElement[bool]:
    """Of everyone, counting is cheap, so nobody's talks are gathered before we know that there are enough of them."""
    other = aliased(Ask)
    within = other.sent_at >= _since(rules, WINDOW_DAYS[BudgetWindow.TALKS_365])
    busy = select(other.advocate_id).where(within, other.kind.in_(TALKS), counts_in_budget(other))
    return Ask.advocate_id.in_(busy.group_by(other.advocate_id).having(func.count() >= most))


def of_their_companies(people: ColumnElement[bool]) -> ColumnElement[bool]:
    """Asks of the companies of these people, as one array: each company is looked up."""
    companies = select(Advocate.account_id).where(people, Advocate.account_id.is_not(None))
    return Ask.account_id == any_of(companies)


def given_by_company(rules: AskRules, only: ColumnElement[bool] = EVERYONE) -> Subquery:
    """Of some companies, the asks of each are read by an index of companies, and never all that were sent lately."""
    talks = func.array_agg(day_in(rules.zone, Ask.sent_at), type_=ARRAY(Date))
    moment = Ask.sent_at if only is EVERYONE else func.greatest(Ask.sent_at)  # no index serves the second
    lately = moment >= _since(rules, WINDOW_DAYS[BudgetWindow.ACCOUNT])
    return (
        select(Ask.account_id, talks.label(BudgetWindow.ACCOUNT))
        .where(counts_in_budget(), lately, Ask.kind.in_(TALKS), Ask.account_id.is_not(None), only)
        .group_by(Ask.account_id)
        .subquery("company")
    )


def window_free_days(
    rules: AskRules, weight: AskWeight, given: Subquery, year: Subquery, company: Subquery
) -> dict[BudgetWindow, DayExpression]:
    return {window: _free_day(rules, weight, window, given, year, company) for window in weight.windows}


def _free_day(
    rules: AskRules,
    weight: AskWeight,
    window: BudgetWindow,
    given: Subquery,
    year: Subquery,
    company: Subquery,
) -> DayExpression:
    if window is W.REST:
        return rest_free_day(rules, given)
    if window is W.TALKS_365:
        return year_free_day(rules, year)
    if window in SUMMED_WINDOWS:
        return minutes_free_day(window, _room(rules, weight, window), given)
    days = company.c[window] if window is W.ACCOUNT else given.c[window]
    return window_free_day(days, _most(rules, weight, window), WINDOW_DAYS[window])


def _most(rules: AskRules, weight: AskWeight, window: BudgetWindow) -> int | ColumnElement[int]:
    """How many asks it holds."""
    if window is W.TALKS_90:
        return func.least(rules.talks_90, Advocate.limit_calls, type_=Integer)
    if window is W.SAME_KIND:
        return rules.of_own_kind(weight.kind)
    return rules.account if window is W.ACCOUNT else rules.talks_30


def _room(rules: AskRules, weight: AskWeight, window: BudgetWindow) -> int | ColumnElement[int]:
    """The minutes that may be in it already."""
    if window is W.FAVOR_TIME:
        return func.least(rules.favor_time, Advocate.limit_minutes, type_=Integer) - weight.favor
    return rules.attention_for(weight.kind) - weight.attention


def year_free_day(rules: AskRules, year: Subquery) -> DayExpression:
    return day_in(rules.zone, year.c.decisive) + WINDOW_DAYS[W.TALKS_365]


def window_free_day(days: ColumnElement[Any], most: int | ColumnElement[int], length: int) -> DayExpression:
    """The `most`-th latest day leaves the window; a window that holds nothing at all is never free (see `never`)."""
    day = func.unnest(days).table_valued("day").render_derived()
    decisive = (
        select(cast(day.c.day, Date)).order_by(day.c.day.desc()).offset(func.greatest(most, 1) - 1).limit(1)
    )
    return case(
        (func.cardinality(days) >= func.greatest(most, 1), decisive.scalar_subquery() + length), else_=null()
    )


def minutes_free_day(window: BudgetWindow, room: int | ColumnElement[int], given: Subquery) -> DayExpression:
    """The latest day from which on, counted backwards, the minutes pass what this ask leaves of the limit."""
    each = (
        func.unnest(given.c[window], given.c[f"{window}_each"])
        .table_valued("day", "minutes")
        .render_derived()
    )
    running = func.sum(each.c.minutes).over(order_by=each.c.day.desc())
    summed = select(cast(each.c.day, Date).label("day"), running.label("running")).subquery("summed")
    decisive = select(func.max(summed.c.day, type_=Date)).where(summed.c.running > room)
    return case(
        (given.c[f"{window}_sum"] > room, decisive.scalar_subquery() + WINDOW_DAYS[window]), else_=null()
    )


def exceeds_limit(rules: AskRules, weight: AskWeight) -> ColumnElement[bool]:
    """Match people whose own limit such an ask exceeds, even in an empty window."""
    kind, closed = weight.kind, weight.attention > rules.attention_for(weight.kind)
    talks = min(rules.talks_30, rules.talks_90, rules.talks_365, rules.account)
    closed |= (talks if kind in TALKS else rules.of_own_kind(kind)) == 0
    if W.FAVOR_TIME not in weight.windows:
        return literal(closed)
    return or_(
        weight.favor > func.least(rules.favor_time, Advocate.limit_minutes, type_=Integer), literal(closed)
    )


def _since(rules: AskRules, length: int) -> datetime:
    return calendar_days.start_of(rules.today - timedelta(days=length - 1), rules.zone)


def is_within(rules: AskRules, length: int) -> ColumnElement[bool]:
    return Ask.sent_at >= _since(rules, length)


def counts_in_budget(ask: type[Ask] = Ask) -> ColumnElement[bool]:
    """Match asks that count: all that were sent, except those withdrawn before an answer."""
    return or_(ask.state != AskState.WITHDRAWN, ask.answered_at.is_not(None))
