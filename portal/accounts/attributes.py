"""What segments and filters can say about a customer company (portal/declarations/attributes.py)."""

from typing import Any

from portal.accounts.labels import HEALTH_NAMES, RELATIONSHIP_NAMES
from portal.accounts.models import Account
from portal.declarations import attribute_predicates as by
from portal.declarations.attributes import (
    Attribute,
    AttributeSubject,
    AttributeType,
    Operator,
    SegmentKind,
)
from portal.i18n import mark
from portal.regions import region_name

OF_ACCOUNT: dict[str, Any] = {"subject": AttributeSubject.ACCOUNT}
FIRMOGRAPHIC: dict[str, Any] = OF_ACCOUNT | {"kind": SegmentKind.FIRMOGRAPHIC, "allowed_for_reviews": True}
TIER: dict[str, Any] = OF_ACCOUNT | {"kind": SegmentKind.TIER}
TEXT: dict[str, Any] = {"type": AttributeType.TEXT}

ATTRIBUTES = (
    Attribute(
        name="account.industry",
        label=mark("Industry"),
        predicate=by.of_text(Account.industry),
        options=Account.industry,
        **FIRMOGRAPHIC,
        **TEXT,
    ),
    Attribute(
        name="account.sub_industry",
        label=mark("Sub-industry"),
        predicate=by.of_text(Account.sub_industry),
        options=Account.sub_industry,
        **FIRMOGRAPHIC,
        **TEXT,
    ),
    Attribute(
        name="account.region",
        label=mark("Region"),
        predicate=by.of_text(Account.region),
        options=Account.region,
        words_of=region_name,
        **FIRMOGRAPHIC,
        **TEXT,
    ),
    Attribute(
        name="account.city",
        label=mark("City"),
        predicate=by.of_text(Account.city),
        options=Account.city,
        **FIRMOGRAPHIC,
        **TEXT,
    ),
    Attribute(
        name="account.employees",
        label=mark("Employees"),
        type=AttributeType.NUMBER,
        predicate=by.of_number(Account.employees),
        **FIRMOGRAPHIC,
    ),
    Attribute(
        name="account.relationship",
        label=mark("Relationship"),
        predicate=by.of_text(Account.relationship),
        values=RELATIONSHIP_NAMES,
        operators=(Operator.ANY_OF, Operator.NONE_OF),
        **FIRMOGRAPHIC,
        **TEXT,
    ),
    Attribute(
        name="account.arr",
        label=mark("Account ARR"),
        type=AttributeType.MONEY,
        predicate=by.of_money(Account.arr_cents, Account.currency),
        options=Account.currency,
        allowed_for_reviews=True,
        **TIER,
    ),
    Attribute(
        name="account.customer_since",
        label=mark("Customer since"),
        type=AttributeType.DAY,
        predicate=by.of_day(Account.customer_since),
        allowed_for_reviews=True,
        **TIER,
    ),
    Attribute(
        name="account.renewal_on",
        label=mark("Renewal"),
        type=AttributeType.DAY,
        predicate=by.of_day(Account.renewal_on),
        **TIER,
    ),
    Attribute(
        name="account.health",
        label=mark("Account health"),
        predicate=by.of_text(Account.health),
        values=HEALTH_NAMES,
        operators=(Operator.ANY_OF, Operator.NONE_OF),
        kind=SegmentKind.BEHAVIOR,
        **OF_ACCOUNT,
        **TEXT,
    ),
)
