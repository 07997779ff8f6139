"""What an account used in the last month that a file told of, as attributes. They choose no review audience."""

from functools import partial
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func, select

from portal.accounts.models import Account, AccountUsage
from portal.declarations import attribute_predicates as by
from portal.declarations.attributes import (
    Attribute,
    AttributeSubject,
    AttributeType,
    Comparison,
    Predicate,
    SegmentKind,
)
from portal.i18n import mark

USED_PERCENT = cast(AccountUsage.active_users, BigInteger) * 100 / func.nullif(AccountUsage.licenses, 0)
NUMBER: dict[str, Any] = {
    "subject": AttributeSubject.ACCOUNT,
    "type": AttributeType.NUMBER,
    "kind": SegmentKind.BEHAVIOR,
}


def of_latest(predicate: Predicate, one: Comparison) -> ColumnElement[bool]:
    rows = select(AccountUsage.account_id).where(AccountUsage.is_latest, predicate(one))
    return Account.id.in_(rows)


ATTRIBUTES = (
    Attribute(
        name="account.licenses",
        label=mark("Licenses"),
        predicate=partial(of_latest, by.of_number(AccountUsage.licenses)),
        **NUMBER,
    ),
    Attribute(
        name="account.active_users",
        label=mark("Active users"),
        predicate=partial(of_latest, by.of_number(AccountUsage.active_users)),
        **NUMBER,
    ),
    Attribute(
        name="account.used_percent",
        label=mark("Active users, % of licenses"),
        predicate=partial(of_latest, by.of_number(USED_PERCENT)),
        **NUMBER,
    ),
    Attribute(
        name="account.features",
        subject=AttributeSubject.ACCOUNT,
        label=mark("Features used"),
        type=AttributeType.LIST,
        kind=SegmentKind.SOPHISTICATION,
        predicate=partial(of_latest, by.of_list(AccountUsage.features)),
        options=select(func.unnest(AccountUsage.features)).where(AccountUsage.is_latest),
    ),
)
