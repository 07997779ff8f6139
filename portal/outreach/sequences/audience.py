"""Whom a sequence of the workspace's own is for: enrolled people who agreed to its purpose, and fit its filters."""

import re
from dataclasses import asdict, dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, and_, any_, func, literal, select, union
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.models import Advocate, AdvocateState

LISTED_STATES = (
    AdvocateState.ENROLLED,
    AdvocateState.PAUSED,
    AdvocateState.DEPARTED,
)  # of whom the dry run says why they get nothing
MAX_ADDRESS_LENGTH = 254
ADDRESS_PATTERN = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class Audience:
    """Filters of a sequence's audience; a blank one matches everyone."""

    product: str = ""
    region: str = ""
    industry: str = ""

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        return cls(**{name: str(stored.get(name, "")) for name in cls.__dataclass_fields__})

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


def matches_filters(audience: Audience) -> ColumnElement[bool]:
    chosen: list[ColumnElement[bool]] = [Advocate.state.in_(LISTED_STATES)]
    if audience.product:
        chosen.append(literal(audience.product) == any_(Advocate.products))
    if audience.region:
        chosen.append(Account.region == audience.region)
    if audience.industry:
        chosen.append(Account.industry == audience.industry)
    return and_(*chosen)


def can_be_reached(audience: Audience, purpose: str) -> ColumnElement[bool]:
    """Match people in the program, not paused, who agreed and whose address an email can go to."""
    return and_(
        matches_filters(audience),
        Advocate.state == AdvocateState.ENROLLED,
        literal(purpose) == any_(Advocate.consents),
        func.length(Advocate.email) <= MAX_ADDRESS_LENGTH,
        Advocate.email.regexp_match(f"^{ADDRESS_PATTERN.pattern}$"),
    )


def select_advocates(*columns: Any) -> Select[Any]:
    return select(*columns).select_from(Advocate).outerjoin(Account, Account.id == Advocate.account_id)


def audience_size(session: Session, audience: Audience, purpose: str) -> int:
    return session.scalar(select_advocates(func.count()).where(can_be_reached(audience, purpose))) or 0


def filter_options(session: Session) -> dict[str, list[str]]:
    products = select_advocates(
        literal("product").label("kind"), func.unnest(Advocate.products).label("value")
    )
    regions = select_advocates(literal("region"), Account.region).where(Account.region != "")
    industries = select_advocates(literal("industry"), Account.industry).where(Account.industry != "")
    inside = Advocate.state.in_([AdvocateState.ENROLLED, AdvocateState.PAUSED])
    every = union(*(each.where(inside) for each in (products, regions, industries)))
    found: dict[str, list[str]] = {"product": [], "region": [], "industry": []}
    for kind, value in session.execute(every.order_by("value")):
        found[kind].append(value)
    return found
