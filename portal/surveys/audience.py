"""Whom a survey asks: the people its filters choose, who of them is left out and why, and whose week it is.

Health, renewal, scores and earlier answers choose nobody: the filters have no word for them.
"""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    any_,
    case,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session, joinedload

from portal import policies
from portal.accounts.models import Account
from portal.advocates.filters import AdvocateFilters, conditions
from portal.advocates.models import IN_PROGRAM, Advocate, AdvocateState
from portal.asks.budget_windows import (
    counts_in_budget,
    exceeds_limit,
    given_by_company,
    given_by_person,
    is_within,
    talks_over_year_limit,
    window_free_days,
)
from portal.asks.models import Ask, AskKind
from portal.asks.policies import AskRules, ask_rules
from portal.outreach.suppressions.models import HARD_REASONS, Suppression, SuppressionReason
from portal.outreach.suppressions.queries import opted_out_addresses
from portal.paging import KeysetPage, paginate
from portal.policies import declare
from portal.surveys.models import LeftOut

DAYS_BETWEEN = declare(
    "surveys.days_between",
    90,
    "Days between two surveys to the same person",
    "Whoever was asked a question in this time is left out of the next survey.",
    low=1,
    high=365,
)
FILTERS = ("q", "product", "region", "industry")  # those of the list of people that a survey may use
WEEKS = 13
PURPOSE = AskKind.SURVEY.purpose


def quarter_of(day: date) -> date:
    """Its first day."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def week_of_quarter(day: date) -> int:
    """0 to 12; the last takes the days that are left over."""
    return min((day - quarter_of(day)).days // 7, WEEKS - 1)


def week_of_person(survey_id: UUID, advocate_id: UUID) -> int:
    """The same in every quarter, so that a quarter passes from one question to the next."""
    return int.from_bytes(sha256(survey_id.bytes + advocate_id.bytes).digest()) % WEEKS


def judged(session: Session, audience: Mapping[str, str]) -> Subquery:
    """Everybody in the program whom the filters choose: `id`, and `reason` why they are left out, if any."""
    rules = ask_rules(session)
    weight = rules.weight_of(AskKind.SURVEY)
    given, year, company = (
        given_by_person(rules, AskKind.SURVEY),
        talks_over_year_limit(rules),
        given_by_company(rules),
    )
    free = func.greatest(*window_free_days(rules, weight, given, year, company).values())
    left_out = _left_out(rules, policies.value(session, DAYS_BETWEEN)) | {
        LeftOut.BUDGET: or_(exceeds_limit(rules, weight), free > rules.today)
    }
    whens = ((condition, literal(reason.value)) for reason, condition in left_out.items())
    people = select(Advocate.id, case(*whens, else_=null()).label("reason"))
    people = people.outerjoin_from(Advocate, Account, Account.id == Advocate.account_id)
    people = people.outerjoin(given, given.c.advocate_id == Advocate.id)
    chosen = conditions(AdvocateFilters.of({name: audience.get(name, "") for name in FILTERS}))
    return people.where(Advocate.state.in_(IN_PROGRAM), *chosen).subquery("judged")


def _left_out(rules: AskRules, days_between: int) -> dict[LeftOut, ColumnElement[bool]]:
    return {
        LeftOut.PAUSED: Advocate.state != AdvocateState.ENROLLED,
        LeftOut.CONSENT: not_(literal(PURPOSE.value) == any_(Advocate.consents)),
        LeftOut.OPTED_OUT: Advocate.email_norm.in_(opted_out_addresses(PURPOSE.value)),
        LeftOut.UNREACHABLE: _is_suppressed(),
        LeftOut.LATELY: was_asked_lately(rules, days_between),
    }


def was_asked_lately(rules: AskRules, days: int) -> ColumnElement[bool]:
    """By whichever survey; one that was taken back before an answer does not count."""
    mine = and_(Ask.advocate_id == Advocate.id, Ask.kind == AskKind.SURVEY)
    return exists().where(mine, counts_in_budget(), is_within(rules, days))


def _is_suppressed() -> ColumnElement[bool]:
    here = and_(Suppression.address == Advocate.email_norm, Suppression.lifted_at.is_(None))
    unsubscribed = and_(
        Suppression.reason == SuppressionReason.UNSUBSCRIBED, Suppression.purpose.in_(["", PURPOSE.value])
    )
    return exists().where(here, or_(Suppression.reason.in_(HARD_REASONS), unsubscribed))


def audience_counts(session: Session, audience: Mapping[str, str]) -> dict[str, int]:
    """How many are asked, under the empty name, and how many are left out by each reason."""
    reason = func.coalesce(judged(session, audience).c.reason, "").label("first_reason")
    return dict(session.execute(select(reason, func.count()).group_by(reason)).all())


def audience_people(
    session: Session, audience: Mapping[str, str], reason: str, cursor: str | None
) -> KeysetPage[Advocate]:
    """Those who are left out by this reason; an empty one: those who are asked."""
    people = judged(session, audience)
    theirs = select(people.c.id).where(func.coalesce(people.c.reason, "") == reason)
    found = select(Advocate).where(Advocate.id.in_(theirs)).options(joinedload(Advocate.account))
    return paginate(session, found, key=(Advocate.name_sort, Advocate.id), cursor=cursor)


def audience_rows(session: Session, audience: Mapping[str, str]) -> list[tuple[UUID, LeftOut | None]]:
    people = judged(session, audience)
    rows = session.execute(select(people.c.id, people.c.reason).order_by(people.c.id))
    return [(advocate_id, LeftOut(reason) if reason else None) for advocate_id, reason in rows]


def was_surveyed_lately(session: Session, advocate: Advocate) -> bool:
    """Looked at once more when the person is locked."""
    rules, days = ask_rules(session), policies.value(session, DAYS_BETWEEN)
    mine = select(Advocate.id).where(Advocate.id == advocate.id, was_asked_lately(rules, days))
    return session.scalar(mine) is not None
