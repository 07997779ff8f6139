"""Whom a sequence of the workspace's own is sent to: out of its audience, people in the program who agreed."""

import re
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, any_, func, literal, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.models import Advocate, AdvocateState
from portal.segments.audience import Audience, people_in

LISTED_STATES = (
    AdvocateState.ENROLLED,
    AdvocateState.PAUSED,
    AdvocateState.DEPARTED,
)  # of whom the dry run says why they get nothing
MAX_ADDRESS_LENGTH = 254
ADDRESS_PATTERN = re.compile(r"[^@\s]+@[^@\s]+")


def is_listed(session: Session, audience: Audience) -> ColumnElement[bool]:
    return and_(Advocate.state.in_(LISTED_STATES), people_in(session, audience))


def can_be_reached(session: Session, audience: Audience, purpose: str) -> ColumnElement[bool]:
    """Match people in the program, not paused, who agreed and whose address an email can go to."""
    return and_(people_in(session, audience), *has_agreed(purpose))


def has_agreed(purpose: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Advocate.state == AdvocateState.ENROLLED,
        literal(purpose) == any_(Advocate.consents),
        func.length(Advocate.email) <= MAX_ADDRESS_LENGTH,
        Advocate.email.regexp_match(f"^{ADDRESS_PATTERN.pattern}$"),
    )


def select_advocates(*columns: Any) -> Select[Any]:
    return select(*columns).select_from(Advocate).outerjoin(Account, Account.id == Advocate.account_id)


def audience_size(session: Session, audience: Audience, purpose: str) -> int:
    reached = can_be_reached(session, audience, purpose)
    return session.scalar(select(func.count()).select_from(Advocate).where(reached)) or 0
