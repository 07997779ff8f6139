"""Whom a sequence of the workspace's own is for: enrolled people who agreed to its purpose, and fit its filters."""

import re
from dataclasses import asdict, dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, and_, any_, func, literal, select, union
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.models import Advocate, State

KNOWN = (State.ENROLLED, State.PAUSED, State.DEPARTED)  # of whom the dry run says why they get nothing
LONGEST_ADDRESS = 254
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class Audience:
    """An empty word narrows nothing."""

    product: str = ""
    region: str = ""
    industry: str = ""

    @classmethod
    def opened(cls, kept: dict[str, Any]) -> Self:
        return cls(**{name: str(kept.get(name, "")) for name in cls.__dataclass_fields__})

    def kept(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


def narrowed(audience: Audience) -> ColumnElement[bool]:
    """Of people joined with their account."""
    chosen: list[ColumnElement[bool]] = [Advocate.state.in_(KNOWN)]
    if audience.product:
        chosen.append(literal(audience.product) == any_(Advocate.products))
    if audience.region:
        chosen.append(Account.region == audience.region)
    if audience.industry:
        chosen.append(Account.industry == audience.industry)
    return and_(*chosen)


def reached(audience: Audience, purpose: str) -> ColumnElement[bool]:
    """Who is put on the way: in the programme, not on a pause, agreeing, with an address a letter can go to."""
    return and_(
        narrowed(audience),
        Advocate.state == State.ENROLLED,
        literal(purpose) == any_(Advocate.consents),
        func.length(Advocate.email) <= LONGEST_ADDRESS,
        Advocate.email.regexp_match(f"^{ADDRESS.pattern}$"),
    )


def people(*columns: Any) -> Select[Any]:
    return select(*columns).select_from(Advocate).outerjoin(Account, Account.id == Advocate.account_id)


def size(session: Session, audience: Audience, purpose: str) -> int:
    return session.scalar(people(func.count()).where(reached(audience, purpose))) or 0


def options(session: Session) -> dict[str, list[str]]:
    """What can be chosen: the values that people in the programme and their companies have."""
    products = people(literal("product").label("kind"), func.unnest(Advocate.products).label("value"))
    regions = people(literal("region"), Account.region).where(Account.region != "")
    industries = people(literal("industry"), Account.industry).where(Account.industry != "")
    inside = Advocate.state.in_([State.ENROLLED, State.PAUSED])
    every = union(*(each.where(inside) for each in (products, regions, industries)))
    found: dict[str, list[str]] = {"product": [], "region": [], "industry": []}
    for kind, value in session.execute(every.order_by("value")):
        found[kind].append(value)
    return found
