"""Changing what we know about a customer company."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import history
from portal.accounts import queries
from portal.accounts.history_actions import AccountAction
from portal.accounts.models import Account, AccountRelationship, Health
from portal.accounts.name_normalization import normal_name
from portal.errors import Conflict, DomainError
from tenants.models import Membership


class InvalidParentCompany(DomainError):
    """The parent company must be a customer here, and another one."""


@dataclass(frozen=True, kw_only=True)
class AccountDetails:
    """What a person may change; the rest comes from the CRM."""

    owner_id: UUID | None = None
    relationship: AccountRelationship = AccountRelationship.UNKNOWN
    health: Health = Health.UNKNOWN
    renewal_on: date | None = None
    group: str = ""
    competitors: list[str] = field(default_factory=list)


def edit(
    session: Session, account: Account, details: AccountDetails, *, by: Membership, seen_version: str
) -> None:
    if str(account.version) != seen_version:
        raise Conflict(
            "Someone else changed %(name)s while you had this page open. Your change wasn’t saved.",
            name=account.name,
        )
    before = _snapshot(account)
    account.relationship, account.health = details.relationship, details.health
    account.renewal_on = details.renewal_on
    account.competitors = _normalized_names(details.competitors)
    account.group_id = _group_id(session, account, details.group)
    _set_owner(session, account, details.owner_id)
    changed = {name: value for name, value in _snapshot(account).items() if value != before[name]}
    if changed:
        history.record(session, account, AccountAction.EDITED, by=by, changed=changed)


def find_or_create_account(session: Session, name: str, *, by: Membership | None = None) -> Account:
    known = queries.by_name(session, name)
    if known is not None:
        return known
    session.add(account := Account(name=" ".join(name.split()), name_norm=normal_name(name)))
    history.record(session, account, AccountAction.ADDED, by=by)
    return account


def _group_id(session: Session, account: Account, name: str) -> UUID | None:
    if not name.strip():
        return None
    group = queries.by_name(session, name)
    if group is None:
        raise InvalidParentCompany("There’s no account called “%(name)s”.", name=name.strip())
    if account.id in {group.id, group.group_id}:
        raise InvalidParentCompany("%(name)s can’t be its own parent company.", name=account.name)
    return group.id


def _set_owner(session: Session, account: Account, owner_id: UUID | None) -> None:
    """An owner who is no member yet is kept as an address; choosing nobody keeps that address."""
    if owner_id == account.owner_id:
        return
    owner = session.scalar(select(Membership).where(Membership.id == owner_id)) if owner_id else None
    account.owner_id = owner.id if owner else None
    account.owner_email = owner.email if owner else ""
    account.owner_email_norm = owner.email_norm if owner else ""


def _normalized_names(typed: list[str]) -> list[str]:
    return list(dict.fromkeys(name for each in typed if (name := normal_name(each))))


def _snapshot(account: Account) -> dict[str, object]:
    return {
        "owner": account.owner_email,
        "relationship": account.relationship.value,
        "health": account.health.value,
        "renewal_on": account.renewal_on.isoformat() if account.renewal_on else "",
        "group_id": str(account.group_id or ""),
        "competitors": account.competitors,
    }
