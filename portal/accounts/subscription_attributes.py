"""What an account pays for, when it ends, and what is being sold to it, as attributes.

They choose no review audience: whoever stops paying, or buys more, may do so because of how happy they are.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from portal.accounts.labels import SUBSCRIPTION_STATES
from portal.accounts.models import Account, Deal, Subscription, SubscriptionState
from portal.declarations import attribute_predicates as by
from portal.declarations.attributes import (
    Attribute,
    AttributeSubject,
    AttributeType,
    Comparison,
    Operator,
    Predicate,
    SegmentKind,
)
from portal.i18n import mark

S = Subscription
OF_ACCOUNT: dict[str, Any] = {"subject": AttributeSubject.ACCOUNT, "kind": SegmentKind.TIER}


def is_running(today: date) -> ColumnElement[bool]:
    return and_(S.starts_on <= today, or_(S.ends_on.is_(None), S.ends_on >= today))


def of_running(predicate: Predicate, one: Comparison) -> ColumnElement[bool]:
    """No two of an account overlap, so there is one at most."""
    return Account.id.in_(select(S.account_id).where(is_running(one.today), predicate(one)))


def has_state(one: Comparison) -> ColumnElement[bool]:
    return or_(*(IN_STATE[SubscriptionState(state)](one.today) for state in one.values))


def _runs(today: date) -> ColumnElement[bool]:
    return Account.id.in_(select(S.account_id).where(is_running(today)))


def _has_ended(today: date) -> ColumnElement[bool]:
    """And no other runs or is agreed on: the customer has left."""
    over = select(S.account_id).where(S.ends_on < today)
    goes_on = select(S.account_id).where(or_(S.ends_on.is_(None), S.ends_on >= today))
    return and_(Account.id.in_(over), Account.id.not_in(goes_on))


def _begins_later(today: date) -> ColumnElement[bool]:
    later = select(S.account_id).where(S.starts_on > today)
    return and_(Account.id.in_(later), Account.id.not_in(select(S.account_id).where(is_running(today))))


def has_deal(predicate: Predicate, one: Comparison) -> ColumnElement[bool]:
    """A sale to the account itself: a deal names whom it is for, as prospects have no row of their own."""
    return Account.name_norm.in_(select(Deal.prospect_norm).where(predicate(one)))


IN_STATE: dict[SubscriptionState, Callable[[date], ColumnElement[bool]]] = {
    SubscriptionState.RUNNING: _runs,
    SubscriptionState.ENDED: _has_ended,
    SubscriptionState.LATER: _begins_later,
}
ATTRIBUTES = (
    Attribute(
        name="account.subscription",
        label=mark("Subscription"),
        type=AttributeType.TEXT,
        predicate=has_state,
        values=SUBSCRIPTION_STATES,
        operators=(Operator.ANY_OF, Operator.NONE_OF),
        **OF_ACCOUNT,
    ),
    Attribute(
        name="account.subscription_arr",
        label=mark("ARR of the running subscription"),
        type=AttributeType.MONEY,
        predicate=partial(of_running, by.of_money(S.arr_cents, S.currency)),
        options=S.currency,
        **OF_ACCOUNT,
    ),
    Attribute(
        name="account.subscription_ends_on",
        label=mark("Running subscription ends"),
        type=AttributeType.DAY,
        predicate=partial(of_running, by.of_day(S.ends_on)),
        operators=(Operator.IN_NEXT, Operator.SINCE, Operator.BEFORE, Operator.KNOWN, Operator.UNKNOWN),
        **OF_ACCOUNT,
    ),
    Attribute(
        name="account.deal_stage",
        label=mark("Stage of a deal with them"),
        type=AttributeType.TEXT,
        predicate=partial(has_deal, by.of_text(Deal.stage)),
        options=Deal.stage,
        **OF_ACCOUNT,
    ),
    Attribute(
        name="account.deal_product",
        label=mark("Product of a deal with them"),
        type=AttributeType.TEXT,
        predicate=partial(has_deal, by.of_text(Deal.product)),
        options=Deal.product,
        **OF_ACCOUNT,
    ),
)
