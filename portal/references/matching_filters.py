"""What rules a person out, in a fixed order: everybody left out is counted once, by the first reason that applies."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Date, and_, any_, func, literal, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.advocates.models import State as Standing
from portal.asks.budgets_sql import Day, never
from portal.asks.models import Ask
from portal.asks.models import State as AskState
from portal.asks.pauses import TROUBLED
from portal.asks.ties import competes, own_group
from portal.asks.windows import Rules, Window
from portal.outreach.suppression.queries import opted_out
from portal.references.models import ReferenceRequest
from portal.references.wishes import Wish


class Reason(StrEnum):
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


WAITS = (Standing.CANDIDATE, Standing.PENDING, Standing.INVITED)
GONE = (Standing.REFUSED, Standing.DEPARTED)
SOFT = (Reason.LANGUAGE, Reason.BUDGET, Reason.REGION)  # one of these alone still makes a near match
Test = ColumnElement[bool]


def number(reason: Reason) -> int:
    """Its place in the order, from 1: so PostgreSQL tells the first of several."""
    return list(Reason).index(reason) + 1


def named(number: int | None) -> Reason | None:
    return list(Reason)[number - 1] if number else None


def hard_tests(wish: Wish, rules: Rules) -> dict[Reason, Test]:
    """True: this reason rules the person out. Null is no: what nobody knows rules nobody out."""
    state = Advocate.state
    return {
        Reason.NOT_JOINED: state.in_(WAITS),
        Reason.LEFT: state.in_(GONE),
        Reason.PAUSED: state == Standing.PAUSED,
        Reason.CONSENT: ~holds(Advocate.consents, wish.kind.purpose.value),
        Reason.UNWILLING: ~holds(Advocate.willing, wish.kind.value),
        Reason.OPTED_OUT: Advocate.email_norm.in_(opted_out(wish.kind.purpose.value)),
        Reason.OWN_COMPANY: own_group(wish.prospect_norm),
        Reason.COMPETES: competes(wish.prospect_norm),
        Reason.HEALTH: Account.health.in_(TROUBLED),
        Reason.RENEWAL: Account.renewal_on.between(
            rules.today, rules.today + timedelta(days=rules.renewal_days)
        ),
        Reason.ASKED_BEFORE: _asked_before(wish),
        Reason.TOO_LARGE: never(rules, wish.kind, wish.kind.minutes),
    }


def soft_tests(wish: Wish) -> dict[Reason, Test]:
    """Those of SOFT that are not a matter of waiting."""
    return {Reason.LANGUAGE: _other_language(wish), Reason.REGION: _elsewhere(wish)}


def holds(tags: InstrumentedAttribute[list[str]], tag: str) -> Test:
    return literal(tag) == any_(tags)


def free_on(free: Mapping[Window, Day]) -> Day:
    return type_coerce(func.greatest(*free.values()), Date)


def _asked_before(wish: Wish) -> Test:
    if wish.request_id is None:
        return literal(False)
    served = (Ask.served_kind == ReferenceRequest.__tablename__, Ask.served_id == wish.request_id)
    return Advocate.id.in_(select(Ask.advocate_id).where(*served, Ask.state != AskState.WITHDRAWN))


def _other_language(wish: Wish) -> Test:
    told = func.cardinality(Advocate.languages) > 0
    return and_(told, ~holds(Advocate.languages, wish.language)) if wish.language else literal(False)


def _elsewhere(wish: Wish) -> Test:
    if wish.region_relaxed or not wish.region:
        return literal(False)
    return and_(Account.region != "", Account.region != wish.region)
