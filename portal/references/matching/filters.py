"""What rules a person out, in a fixed order: everybody left out is counted once, by the first reason that applies."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, any_, func, literal, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from portal.accounts.models import Account
from portal.accounts.renewal_and_health import has_near_renewal, has_unhealthy_account
from portal.advocates.models import Advocate, AdvocateState
from portal.asks.budget_windows import DayExpression, exceeds_limit
from portal.asks.conflicts import is_competitor, is_own_group
from portal.asks.models import Ask, AskKind, AskState
from portal.asks.policies import AskRules, BudgetWindow
from portal.outreach.suppressions.queries import opted_out_addresses
from portal.references.criteria import MatchCriteria
from portal.references.models import ReferenceRequest


class ExclusionReason(StrEnum):
    """In the order in which they are looked at: first what is hard, then what makes a near match."""

    NOT_JOINED = "not_joined"
    LEFT = "left"
    PAUSED = "paused"
    CONSENT = "consent"
    UNWILLING = "unwilling"
    OPTED_OUT = "opted_out"  # says the customer's CRM
    OWN_COMPANY = "own_company"
    COMPETES = "competes"
    HEALTH = "health"
    RENEWAL = "renewal"
    ASKED_BEFORE = "asked_before"
    TOO_LARGE = "too_large"
    LANGUAGE = "language"
    BUDGET = "budget"
    REGION = "region"


NOT_JOINED_STATES = (AdvocateState.CANDIDATE, AdvocateState.PENDING, AdvocateState.INVITED)
LEFT_STATES = (AdvocateState.REFUSED, AdvocateState.DEPARTED)
SOFT_REASONS = (
    ExclusionReason.LANGUAGE,
    ExclusionReason.BUDGET,
    ExclusionReason.REGION,
)  # one of these alone still makes a near match
Condition = ColumnElement[bool]


def reason_number(reason: ExclusionReason) -> int:
    return list(ExclusionReason).index(reason) + 1


def reason_by_number(number: int | None) -> ExclusionReason | None:
    return list(ExclusionReason)[number - 1] if number else None


def hard_conditions(
    criteria: MatchCriteria, rules: AskRules, request_id: UUID | None
) -> dict[ExclusionReason, Condition]:
    """Map each reason to what excludes people. Null excludes nobody: it is not known."""
    state = Advocate.state
    return {
        ExclusionReason.NOT_JOINED: state.in_(NOT_JOINED_STATES),
        ExclusionReason.LEFT: state.in_(LEFT_STATES),
        ExclusionReason.PAUSED: state == AdvocateState.PAUSED,
        ExclusionReason.CONSENT: ~has_tag(Advocate.consents, criteria.kind.purpose.value),
        ExclusionReason.UNWILLING: _is_unwilling(criteria.kind),
        ExclusionReason.OPTED_OUT: Advocate.email_norm.in_(opted_out_addresses(criteria.kind.purpose.value)),
        ExclusionReason.OWN_COMPANY: is_own_group(criteria.prospect_norm),
        ExclusionReason.COMPETES: is_competitor(criteria.prospect_norm),
        **_account_conditions(criteria.kind, rules),
        ExclusionReason.ASKED_BEFORE: _asked_before(request_id),
        ExclusionReason.TOO_LARGE: exceeds_limit(rules, rules.weight_of(criteria.kind)),
    }


def _is_unwilling(kind: AskKind) -> Condition:
    return ~has_tag(Advocate.accepted_ask_kinds, kind.value) if kind.row.needs_willingness else literal(False)


def _account_conditions(kind: AskKind, rules: AskRules) -> dict[ExclusionReason, Condition]:
    """Health and renewal say nothing about the kinds they do not pause."""
    if not rules.of(kind).pauses_with_account:
        return {}
    return {
        ExclusionReason.HEALTH: has_unhealthy_account(),
        ExclusionReason.RENEWAL: has_near_renewal(rules.today, rules.renewal_days),
    }


def soft_conditions(criteria: MatchCriteria) -> dict[ExclusionReason, Condition]:
    return {ExclusionReason.LANGUAGE: _other_language(criteria), ExclusionReason.REGION: _elsewhere(criteria)}


def has_tag(tags: InstrumentedAttribute[list[str]], tag: str) -> Condition:
    return literal(tag) == any_(tags)


def available_on(free: Mapping[BudgetWindow, DayExpression]) -> DayExpression:
    return type_coerce(func.greatest(*free.values()), Date)


def _asked_before(request_id: UUID | None) -> Condition:
    if request_id is None:
        return literal(False)
    for_request = (Ask.subject_type == ReferenceRequest.__tablename__, Ask.subject_id == request_id)
    return Advocate.id.in_(select(Ask.advocate_id).where(*for_request, Ask.state != AskState.WITHDRAWN))


def _other_language(criteria: MatchCriteria) -> Condition:
    told = func.cardinality(Advocate.languages) > 0
    return (
        and_(told, ~has_tag(Advocate.languages, criteria.language)) if criteria.language else literal(False)
    )


def _elsewhere(criteria: MatchCriteria) -> Condition:
    if criteria.region_relaxed or not criteria.region:
        return literal(False)
    return and_(Account.region != "", Account.region != criteria.region)
