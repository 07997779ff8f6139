"""Whom a customer never speaks to: its own group, and companies either side says it competes with.

Matching and sending ask by the same rule.
"""

from collections.abc import Collection
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, any_, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from portal.accounts.models import Account
from portal.id_arrays import is_in, joined


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
    return company_conflicts(session, [account.id], name_norm).get(account.id)


def company_conflicts(
    session: Session, account_ids: Collection[UUID], name_norm: str
) -> dict[UUID, CompanyConflict]:
    """Those of them that conflict; with nobody, where the ask helps no company."""
    if not name_norm:
        return {}
    rows = session.execute(_ties(name_norm), {"ids": joined(account_ids)})
    return {
        row.id: CompanyConflict.OWN if row.own else CompanyConflict.COMPETES
        for row in rows
        if row.own or row.rival
    }


@lru_cache(maxsize=100)
def _ties(name_norm: str) -> Select[UUID, bool, bool]:
    """Many batches help the same company: building it takes longer than running it."""
    own, rival = is_own_group(name_norm).label("own"), is_competitor(name_norm).label("rival")
    return select(Account.id, own, rival).where(Account.id == is_in("ids"))
