"""Whom a customer never speaks to: its own group, and companies either side says it competes with.

Matching and sending ask by the same rule.
"""

from enum import StrEnum

from sqlalchemy import ColumnElement, any_, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from portal.accounts.models import Account


class CompanyConflict(StrEnum):
    OWN = "own"
    COMPETES = "competes"


def is_own_group(name_norm: str) -> ColumnElement[bool]:
    if not name_norm:
        return literal(False)
    other = aliased(Account)
    group = select(func.coalesce(other.group_id, other.id)).where(other.name_norm == name_norm)
    own = or_(Account.id == group.scalar_subquery(), Account.group_id == group.scalar_subquery())
    return func.coalesce(or_(Account.name_norm == name_norm, own), False)


def is_competitor(name_norm: str) -> ColumnElement[bool]:
    if not name_norm:
        return literal(False)
    other = aliased(Account)
    theirs = select(func.unnest(other.competitors)).where(other.name_norm == name_norm)
    return or_(literal(name_norm) == any_(Account.competitors), Account.name_norm.in_(theirs))


def company_conflict(session: Session, account: Account, name_norm: str) -> CompanyConflict | None:
    both = select(is_own_group(name_norm), is_competitor(name_norm)).where(Account.id == account.id)
    own, rival = session.execute(both).one()
    if own:
        return CompanyConflict.OWN
    return CompanyConflict.COMPETES if rival else None
