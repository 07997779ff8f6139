"""The attention budget in SQL: which windows are full for whom, and from which day they have room again.

No window fills by waiting, so each is free from the day its decisive ask leaves it: for a window of `n` days that
holds `most` asks, the day of the `most`-th latest ask plus `n`. The first day with room in all windows is the
greatest of these days.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute

from portal.advocates.models import Advocate
from portal.asks import days, windows
from portal.asks.models import TALKS, Ask, Kind, State
from portal.asks.windows import LENGTH, Rules, Window

LOOK_BACK = 365 + 60  # days: the longest window, and asks answered late that still give a rest
SAID_YES = (State.ACCEPTED, State.COMPLETED, State.NOT_HELD, State.WITHDRAWN)  # of those that count

Day = ColumnElement[date | None]
EVERYBODY = true()
Moment = InstrumentedAttribute[datetime | None]


def given_by_person(
    rules: Rules, kind: Kind, minutes: int, only: ColumnElement[bool] = EVERYBODY
) -> Subquery:
    """Per person: the days of what counts, latest first, and the day whose ask overfills the minutes."""
    latest_first = (Ask.sent_at.desc(), Ask.id.desc())
    running = func.sum(Ask.minutes).over(partition_by=Ask.advocate_id, order_by=latest_first)
    day = day_in(rules, Ask.sent_at)
    cap = func.least(rules.minutes, Advocate.limit_minutes)
    counted = (
        select(
            Ask.advocate_id,
            Ask.kind,
            day.label("day"),
            case((Ask.state.in_(SAID_YES), day_in(rules, Ask.answered_at))).label("yes_day"),
            (running > cap - minutes).label("overfills"),
        )
        .join(Advocate, Advocate.id == Ask.advocate_id)
        .where(*_counts(rules, LOOK_BACK), only)
        .subquery("counted")
    )
    return _per_person(rules, kind, counted)


def _per_person(rules: Rules, kind: Kind, counted: Subquery) -> Subquery:
    latest = func.array_agg(aggregate_order_by(counted.c.day, counted.c.day.desc()), type_=ARRAY(Date))
    is_talk = counted.c.kind.in_(TALKS)
    lately = counted.c.day > rules.today - timedelta(days=90)
    return (
        select(
            counted.c.advocate_id,
            latest.filter(is_talk).label("talks"),
            latest.filter(counted.c.kind == kind).label("same_kind"),
            func.max(counted.c.day).filter(counted.c.overfills).label("overfilled"),
            func.max(counted.c.yes_day).label("yes_day"),
            func.count().filter(and_(is_talk, lately)).label("talks_90_count"),
            func.count().filter(lately).label("asks_90_count"),
        )
        .group_by(counted.c.advocate_id)
        .subquery("given")
    )


def given_by_company(rules: Rules, only: ColumnElement[bool] = EVERYBODY) -> Subquery:
    """Per customer company: the days of its talks in the account's window, latest first."""
    day = day_in(rules, Ask.sent_at)
    latest = func.array_agg(aggregate_order_by(day, Ask.sent_at.desc()), type_=ARRAY(Date))
    return (
        select(Ask.account_id, latest.label("talks"))
        .where(
            *_counts(rules, LENGTH[Window.ACCOUNT]), Ask.kind.in_(TALKS), Ask.account_id.is_not(None), only
        )
        .group_by(Ask.account_id)
        .subquery("company")
    )


def free_days(rules: Rules, kind: Kind, given: Subquery, company: Subquery) -> dict[Window, Day]:
    """For each window of this kind of ask: the day it has room, null when it has."""
    own_90 = func.least(rules.talks_90, Advocate.limit_calls, type_=Integer)
    every: dict[Window, Day] = {
        Window.ACCOUNT: company.c.talks[rules.account] + LENGTH[Window.ACCOUNT],
        Window.TALKS_30: given.c.talks[rules.talks_30] + LENGTH[Window.TALKS_30],
        Window.TALKS_90: given.c.talks[own_90] + LENGTH[Window.TALKS_90],
        Window.TALKS_365: given.c.talks[rules.talks_365] + LENGTH[Window.TALKS_365],
        Window.SAME_KIND: given.c.same_kind[rules.same_kind] + LENGTH[Window.SAME_KIND],
        Window.MINUTES: given.c.overfilled + LENGTH[Window.MINUTES],
        Window.REST: given.c.yes_day + rules.rest_days,
    }
    return {window: every[window] for window in windows.windows_of(kind)}


def never(rules: Rules, kind: Kind, minutes: int) -> ColumnElement[bool]:
    """Would this favour overfill even an empty window?"""
    too_long = minutes > func.least(rules.minutes, Advocate.limit_minutes, type_=Integer)
    talks = min(rules.talks_30, rules.talks_90, rules.talks_365, rules.account)
    closed = (talks if kind in TALKS else rules.same_kind) == 0
    return or_(too_long, literal(closed))


def day_in(rules: Rules, moment: Moment) -> ColumnElement[date]:
    return cast(func.timezone(rules.zone.key, moment), Date)


def _counts(rules: Rules, length: int) -> tuple[ColumnElement[bool], ...]:
    """Everything sent counts, also declined and expired; what was withdrawn before an answer does not."""
    since = days.start_of(rules.today - timedelta(days=length - 1), rules.zone)
    return Ask.sent_at >= since, or_(Ask.state != State.WITHDRAWN, Ask.answered_at.is_not(None))
