"""The one question of matching, in SQL: who is ruled out by what, who fits how well, who has room from when.

Every person of the workspace is judged once, set-based. `judged` holds a row for each; the answers are read from it.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import (
    ARRAY,
    CTE,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    Subquery,
    Text,
    Uuid,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import array, distinct_on

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.advocates.models import State as Standing
from portal.asks.budgets_sql import day_in, free_days, given_by_company, given_by_person
from portal.asks.models import Ask
from portal.asks.windows import Rules
from portal.references.matching_filters import NEAR, Reason, free_on, number, tests
from portal.references.matching_scores import Scale, points
from portal.references.models import Meeting, MeetingAnswer, Side
from portal.references.wishes import Wish

MORNING, EVENING = 9, 18  # the hours in which people talk
SOON = timedelta(days=7)


def matching(wish: Wish, rules: Rules, scale: Scale, most: int) -> CompoundSelect[Any]:
    """One statement: the best, the near ones, and everybody else counted by the first reason."""
    judged = judge(wish, rules, scale)
    nearly = judged.c.reason.in_([number(reason) for reason in NEAR])
    return union_all(
        _people("best", judged, judged.c.reason.is_(None), scale, most),
        _people(
            "near",
            judged,
            (judged.c.failed == 1) & nearly,
            scale,
            3,
        ),
        _left_out(judged),
    )


def counting(wish: Wish, rules: Rules, scale: Scale) -> Select[int, int]:
    """How many could do it at all, and how many of them within a week."""
    judged = judge(wish, rules, scale)
    only_waits = (judged.c.failed == 1) & (judged.c.reason == number(Reason.BUDGET))
    soon = judged.c.reason.is_(None) | (judged.c.free_on <= rules.today + SOON)
    return select(func.count(), func.count().filter(soon)).where(judged.c.reason.is_(None) | only_waits)


def judge(wish: Wish, rules: Rules, scale: Scale) -> CTE:
    """One row a person: the first reason (its number, null for none), how many reasons, the points."""
    seen = _seen(wish, rules, scale).c
    ruled_out = func.array_positions(seen.tests, True, type_=ARRAY(Integer))
    return (
        select(
            seen.id,
            ruled_out[1].label("reason"),
            func.cardinality(ruled_out).label("failed"),
            func.greatest(seen.free_on, rules.today, type_=Date).label("free_on"),
            seen.points,
            sum((seen.points[place + 1] for place in range(len(scale.points))), literal(0)).label("score"),
            func.coalesce(seen.load, 0).label("load"),
            seen.rating,
            seen.rated_on,
            seen.last_ask_at,
        )
        .cte("judged")
        .prefix_with("MATERIALIZED")
    )


def _seen(wish: Wish, rules: Rules, scale: Scale) -> Subquery:
    """Everything about a person that this wish touches. OFFSET 0 keeps PostgreSQL from working it out twice."""
    given = given_by_person(rules, wish.kind, wish.kind.minutes)
    company = given_by_company(rules)
    rated, hours = _last_rated(rules), _shared_hours(wish, rules)
    free = free_days(rules, wish.kind, given, company)
    return (
        select(
            Advocate.id,
            Advocate.last_ask_at,
            array[Any](list(tests(wish, rules, free).values()), type_=Boolean).label("tests"),
            array[Any](points(wish, rules, given, rated, hours, scale), type_=Integer).label("points"),
            free_on(free).label("free_on"),
            given.c.asks_90_count.label("load"),
            rated.c.rating,
            rated.c.rated_on,
        )
        .outerjoin(Account, Account.id == Advocate.account_id)
        .outerjoin(given, given.c.advocate_id == Advocate.id)
        .outerjoin(company, company.c.account_id == Advocate.account_id)
        .outerjoin(rated, rated.c.advocate_id == Advocate.id)
        .outerjoin(hours, hours.c.zone == Advocate.time_zone)
        .where(Advocate.state != Standing.ERASED)
        .offset(literal_column("0"))
        .subquery("seen")
    )


def _people(group: str, judged: CTE, which: ColumnElement[bool], scale: Scale, most: int) -> Select[Any]:
    """Best first; among near-equals of the best, whoever was asked least and longest ago."""
    person = judged.c
    equal = person.score >= select(func.max(person.score)).where(which).scalar_subquery() - scale.near_equal
    order = (
        equal.desc(),
        case((equal, person.load)),
        person.score.desc(),
        person.last_ask_at.asc().nulls_first(),
    )
    row = select(judged).where(which).order_by(*order, person.id).limit(most).subquery(group).c
    return select(
        literal(group).label("group"), func.row_number().over().label("place"), row.id, row.reason, row.free_on,
        row.score, row.points, row.load, row.rating, row.rated_on, literal(1).label("people"),
    )  # fmt: skip


def _left_out(judged: CTE) -> Select[Any]:
    free = func.min(judged.c.free_on).filter(judged.c.reason == number(Reason.BUDGET))
    return select(
        literal("out"), literal(0), cast(null(), Uuid), judged.c.reason, free, literal(0),
        cast(null(), ARRAY(Integer)), literal(0), cast(null(), Integer), cast(null(), Date), func.count(),
    ).where(judged.c.reason.is_not(None)).group_by(judged.c.reason)  # fmt: skip


def _last_rated(rules: Rules) -> Subquery:
    """The last call of each person that a prospect rated."""
    return (
        select(
            Ask.advocate_id, MeetingAnswer.rating, day_in(rules, MeetingAnswer.answered_at).label("rated_on")
        )
        .ext(distinct_on(Ask.advocate_id))
        .join(Meeting, Meeting.ask_id == Ask.id)
        .join(MeetingAnswer, MeetingAnswer.meeting_id == Meeting.id)
        .where(MeetingAnswer.side == Side.PROSPECT, MeetingAnswer.rating.is_not(None))
        .order_by(Ask.advocate_id, MeetingAnswer.answered_at.desc())
        .subquery("rated")
    )


def _shared_hours(wish: Wish, rules: Rules) -> Subquery:
    """Time zone to the working hours it shares with the prospect, as a table of its own."""
    hours: Mapping[str, int] = hours_by_zone(wish.zone, rules.today) if wish.zone else {}
    zones, shared = cast(list(hours), ARRAY(Text)), cast(list(hours.values()), ARRAY(Integer))
    table = func.unnest(zones, shared).table_valued("zone", "hours").render_derived()
    return select(table.c.zone, table.c.hours).subquery("hours")


@lru_cache(maxsize=100)
def hours_by_zone(prospect: str, day: date) -> dict[str, int]:
    there = _offset(prospect, day)
    return {zone: _overlap(_offset(zone, day) - there) for zone in sorted(available_timezones())}


def _offset(zone: str, day: date) -> float:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))
    return (noon.utcoffset() or timedelta()).total_seconds() / 3600


def _overlap(difference: float) -> int:
    """Hours of the working day that both share when their clocks differ by so much."""
    apart = min(abs(difference), 24 - abs(difference))
    return max(0, int(EVENING - MORNING - apart))
