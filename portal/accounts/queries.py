"""Reading customer companies and deals."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Deal
from portal.accounts.name_normalization import normal_name
from portal.errors import NotFound
from portal.name_search import is_named
from tenants.models import MANAGER_ROLES, Membership, Role


def get(session: Session, account_id: UUID) -> Account:
    return _one(session, select(Account).where(Account.id == account_id))


def get_visible_to(session: Session, account_id: UUID, member: Membership) -> Account:
    return _one(session, visible_to(member).where(Account.id == account_id))


def is_visible_to(account: Account, member: Membership) -> bool:
    return member.has_role(*MANAGER_ROLES) or account.owner_id == member.id


def by_name(session: Session, name: str) -> Account | None:
    return session.scalar(select(Account).where(Account.name_norm == normal_name(name)))


def visible_to(member: Membership) -> Select[Account]:
    accounts = select(Account)
    return accounts if member.has_role(*MANAGER_ROLES) else accounts.where(owned_by(member))


def owned_by(member: Membership) -> ColumnElement[bool]:
    return Account.owner_id == member.id


def parent(session: Session, account: Account) -> Account | None:
    if account.group_id is None:
        return None
    return session.scalar(select(Account).where(Account.id == account.group_id))


def possible_owners(session: Session) -> Sequence[Membership]:
    staff = select(Membership).where(Membership.ended_at.is_(None), Membership.roles != [Role.ADVOCATE.value])
    return session.scalars(staff.order_by(func.lower(Membership.name), Membership.id)).all()


def deal(session: Session, deal_id: UUID) -> Deal:
    deal_row = session.scalar(select(Deal).where(Deal.id == deal_id))
    if deal_row is None:
        raise NotFound("We couldn’t find this deal.")
    return deal_row


def finds_deal(text: str) -> ColumnElement[bool]:
    """By its prospect or its name, or by its number in the CRM."""
    return is_named(Deal, text) | (Deal.external_id == text.strip())


def _one(session: Session, accounts: Select[Account]) -> Account:
    account = session.scalar(accounts)
    if account is None:
        raise NotFound("We couldn’t find this account.")
    return account


def lock_accounts(session: Session, ids: Sequence[UUID]) -> Sequence[UUID]:
    """For a batch of a bulk act, in the order of locks."""
    those = select(Account.id).where(Account.id.in_(ids)).order_by(Account.id)
    return session.scalars(those.with_for_update(key_share=True)).all()
