"""The one question of matching, in SQL: who is ruled out by what, who fits how well, who has room from when.

Set-based, in one pass: `judged` holds every person of the workspace, and the answers are read from it. Points and soft
reasons are worked out only for those whom no hard reason rules out.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import (
    ARRAY,
    CTE,
    Case,
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
    type_coerce,
    union_all,
)
from sqlalchemy.dialects.postgresql import array, distinct_on
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.models import Advocate, AdvocateState
from portal.asks.budget_windows import (
    DayExpression,
    given_by_company,
    given_by_person,
    talks_over_year_limit,
    window_free_days,
)
from portal.asks.calendar_days import day_in
from portal.asks.models import Ask
from portal.asks.policies import AskRules, BudgetWindow
from portal.references.criteria import MatchCriteria
from portal.references.matching.filters import (
    SOFT_REASONS,
    ExclusionReason,
    available_on,
    hard_conditions,
    reason_number,
    soft_conditions,
)
from portal.references.matching.scores import ScoreWeights, points
from portal.references.models import Meeting, MeetingAnswer, Side

MORNING, EVENING = 9, 18  # the hours in which people talk
SOON = timedelta(days=7)
MAX_NEAR_MATCHES = 3  # near matches shown


def prepare_session(session: Session) -> None:
    """Set up this transaction: it sorts much."""
    session.execute(select(func.set_config("work_mem", "32MB", True)))


class CandidateGroup(StrEnum):
    """What a row of the answer is about."""

    BEST = "best"
    NEAR = "near"
    EXCLUDED = "out"  # how many, for one reason
    POSSIBLE = "able"  # how many could do it


def match_statement(
    criteria: MatchCriteria, rules: AskRules, scale: ScoreWeights, most: int, request_id: UUID | None
) -> CompoundSelect[Any]:
    judged = _evaluated(criteria, rules, scale, request_id)
    return union_all(
        _people(CandidateGroup.BEST, judged, judged.c.failed == 0, scale.near_equal, most),
        _people(CandidateGroup.NEAR, judged, judged.c.failed == 1, 0, MAX_NEAR_MATCHES),
        _excluded_counts(judged),
        _possible_count(judged),
    )


def count_statement(criteria: MatchCriteria, rules: AskRules, scale: ScoreWeights) -> Select[int, int]:
    judged = _evaluated(criteria, rules, scale)
    soon = (judged.c.failed == 0) | (judged.c.free_on <= rules.today + SOON)
    return select(func.count(), func.count().filter(soon)).select_from(judged).where(_is_possible(judged))


def _is_possible(judged: CTE) -> ColumnElement[bool]:
    """Nothing is missing, or time alone."""
    only_waits = (judged.c.failed == 1) & (judged.c.reason == reason_number(ExclusionReason.BUDGET))
    return (judged.c.failed == 0) | only_waits


def _evaluated(
    criteria: MatchCriteria, rules: AskRules, scale: ScoreWeights, request_id: UUID | None = None
) -> CTE:
    """One row a person: the number of the first reason, how many soft ones, the points. `failed` is null for those
    whom a hard reason rules out."""
    seen = _advocate_facts(criteria, rules, scale, request_id).c
    criterion_count = len(scale.points)
    soft = {reason: seen.facts[criterion_count + place] for place, reason in enumerate(SOFT_REASONS, start=1)}
    first = case(*((flag > 0, reason_number(reason)) for reason, flag in soft.items()))
    return (
        select(
            seen.id,
            func.coalesce(seen.hard, first).label("reason"),
            sum((func.sign(flag) for flag in soft.values()), literal(0)).label("failed"),
            (literal(rules.today) + soft[ExclusionReason.BUDGET]).label("free_on"),
            seen.facts[1:criterion_count].label("points"),
            sum((seen.facts[place + 1] for place in range(criterion_count)), literal(0)).label("score"),
            func.coalesce(seen.load, 0).label("load"),
            seen.rating,
            seen.rated_on,
            seen.last_ask_at,
        )
        .cte("judged")
        .prefix_with("MATERIALIZED")
    )


def _first_hard_reason(criteria: MatchCriteria, rules: AskRules, request_id: UUID | None) -> Case[int]:
    tests = hard_conditions(criteria, rules, request_id)
    return case(*((test, reason_number(reason)) for reason, test in tests.items()))


def _advocate_facts(
    criteria: MatchCriteria, rules: AskRules, scale: ScoreWeights, request_id: UUID | None
) -> Subquery:
    """Everything about a person that these criteria touch. OFFSET 0 keeps PostgreSQL from working it out twice."""
    given, year = given_by_person(rules, criteria.kind), talks_over_year_limit(rules)
    company = given_by_company(rules)
    rated, hours = _last_rated(rules), _shared_hours(criteria, rules)
    free = window_free_days(rules, rules.weight_of(criteria.kind), given, year, company)
    hard = _first_hard_reason(criteria, rules, request_id)
    facts = [*points(criteria, rules, given, rated, hours, scale), *_soft(criteria, rules, free)]
    return (
        select(
            Advocate.id,
            Advocate.last_ask_at,
            hard.label("hard"),
            case((hard.is_(None), array[Any](facts, type_=Integer))).label("facts"),
            given.c.asks_90.label("load"),
            rated.c.rating,
            rated.c.rated_on,
        )
        .outerjoin(Account, Account.id == Advocate.account_id)
        .outerjoin(given, given.c.advocate_id == Advocate.id)
        .outerjoin(year, year.c.advocate_id == Advocate.id)
        .outerjoin(company, company.c.account_id == Advocate.account_id)
        .outerjoin(rated, rated.c.advocate_id == Advocate.id)
        .outerjoin(hours, hours.c.zone == Advocate.time_zone)
        .where(Advocate.state != AdvocateState.ERASED)
        .offset(literal_column("0"))
        .subquery("seen")
    )


def _soft(
    criteria: MatchCriteria, rules: AskRules, free: Mapping[BudgetWindow, DayExpression]
) -> list[ColumnElement[int]]:
    """A flag for each soft reason but the budget, whose number is the days to wait."""
    flags = {reason: case((test, 1), else_=0) for reason, test in soft_conditions(criteria).items()}
    wait = type_coerce(func.greatest(available_on(free), rules.today) - literal(rules.today), Integer)
    return [wait if reason is ExclusionReason.BUDGET else flags[reason] for reason in SOFT_REASONS]


def _people(
    group: CandidateGroup, judged: CTE, which: ColumnElement[bool], leeway: int, most: int
) -> Select[Any]:
    """Best first; among those within `leeway` of the best, whoever was asked least and longest ago."""
    person = judged.c
    best = select((func.max(person.score) - leeway).label("score")).where(which).subquery()
    equal = person.score >= best.c.score
    order = (
        equal.desc(),
        case((equal, person.load)),
        person.score.desc(),
        person.last_ask_at.asc().nulls_first(),
    )
    ranked = select(judged).join(best, literal(True)).where(which).order_by(*order, person.id).limit(most)
    row = ranked.subquery(group.value).c
    return select(
        literal(group.value).label("group"), func.row_number().over().label("place"), row.id, row.reason, row.free_on,
        row.score, row.points, row.load, row.rating, row.rated_on, literal(1).label("people"),
    )  # fmt: skip


def _excluded_counts(judged: CTE) -> Select[Any]:
    group, reason = literal(CandidateGroup.EXCLUDED.value), judged.c.reason
    return select(
        group, literal(0), cast(null(), Uuid), reason, func.min(judged.c.free_on), literal(0),
        cast(null(), ARRAY(Integer)), literal(0), cast(null(), Integer), cast(null(), Date), func.count(),
    ).where(reason.is_not(None)).group_by(reason)  # fmt: skip


def _possible_count(judged: CTE) -> Select[Any]:
    """How many could do it: those who can now, and those who rest."""
    group = literal(CandidateGroup.POSSIBLE.value)
    return select(
        group, literal(0), cast(null(), Uuid), cast(null(), Integer), cast(null(), Date), literal(0),
        cast(null(), ARRAY(Integer)), literal(0), cast(null(), Integer), cast(null(), Date), func.count(),
    ).select_from(judged).where(_is_possible(judged))  # fmt: skip


def _last_rated(rules: AskRules) -> Subquery:
    """The last call of each person that a prospect rated."""
    return (
        select(
            Ask.advocate_id,
            MeetingAnswer.rating,
            day_in(rules.zone, MeetingAnswer.answered_at).label("rated_on"),
        )
        .ext(distinct_on(Ask.advocate_id))
        .join(Meeting, Meeting.ask_id == Ask.id)
        .join(MeetingAnswer, MeetingAnswer.meeting_id == Meeting.id)
        .where(MeetingAnswer.side == Side.PROSPECT, MeetingAnswer.rating.is_not(None))
        .order_by(Ask.advocate_id, MeetingAnswer.answered_at.desc())
        .subquery("rated")
    )


def _shared_hours(criteria: MatchCriteria, rules: AskRules) -> Subquery:
    """Time zone to the working hours it shares with the prospect, as a table of its own."""
    hours: Mapping[str, int] = (
        hours_by_zone(criteria.prospect_time_zone, rules.today) if criteria.prospect_time_zone else {}
    )
    zones, shared = cast(list(hours), ARRAY(Text)), cast(list(hours.values()), ARRAY(Integer))
    table = func.unnest(zones, shared).table_valued("zone", "hours").render_derived()
    return select(table.c.zone, table.c.hours).subquery("hours")


@lru_cache(maxsize=100)
def hours_by_zone(prospect: str, day: date) -> dict[str, int]:
    there = _offset(_zones()[prospect], day)
    return {name: _overlap(_offset(zone, day) - there) for name, zone in _zones().items()}


@lru_cache(maxsize=1)
def _zones() -> dict[str, ZoneInfo]:
    """All of them, kept: ZoneInfo itself remembers eight and reads the others from their files again."""
    return {name: ZoneInfo(name) for name in sorted(available_timezones())}


def _offset(zone: ZoneInfo, day: date) -> float:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
    return (noon.utcoffset() or timedelta()).total_seconds() / 3600


def _overlap(difference: float) -> int:
    """Hours of the working day that both share when their clocks differ by so much."""
    apart = min(abs(difference), 24 - abs(difference))
    return max(0, int(EVENING - MORNING - apart))
