"""Companies with what other features know of them: their people by state, their asks in the budget's window."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, or_, select, union
from sqlalchemy.orm import Session, joinedload

from portal.accounts import queries
from portal.accounts.forms import HEALTH
from portal.accounts.models import Account
from portal.accounts.queries import AccountFilter
from portal.advocates import labels
from portal.advocates.models import Advocate, State
from portal.asks import days
from portal.asks.models import TALKS, Ask
from portal.asks.models import State as AskState
from portal.asks.windows import Rules
from portal.asks.windows import rules as budget_rules
from portal.paging import Page, page
from portal.pool.people import IN
from portal.pool.telling import ANSWERS
from portal.references.words import KINDS
from tenants.models import Membership

MOST = 100
WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class Heads:
    """How many people of a company we know, and how many are in."""

    known: int = 0
    enrolled: int = 0


def portrait(session: Session, account: Account) -> dict[str, Any]:
    """All that the page of one company shows."""
    rules = budget_rules(session)
    asked = asks(session, account, rules)
    soon = rules.today + timedelta(days=rules.renewal_days)
    return {
        "people": people(session, account),
        "group": group(session, account),
        "asks": asked,
        "talks": sum(ask.kind in TALKS for ask in asked if ask.state is not AskState.WITHDRAWN),
        "rules": rules,
        "renews_soon": account.renewal_on is not None and rules.today <= account.renewal_on <= soon,
        "labels": labels,
        "health": HEALTH,
        "kinds": KINDS,
        "answers": ANSWERS,
    }


def listed(session: Session, wanted: AccountFilter, member: Membership, cursor: str | None) -> Page[Account]:
    found = queries.matching(queries.seen_by(member), wanted)
    return page(session, found, key=(Account.name_norm, Account.id), cursor=cursor)


def people_of(session: Session, accounts: Collection[Account]) -> Mapping[UUID, Heads]:
    counted = (
        select(Advocate.account_id, func.count(), func.count().filter(Advocate.state.in_(IN)))
        .where(Advocate.account_id.in_([account.id for account in accounts]), Advocate.state != State.ERASED)
        .group_by(Advocate.account_id)
    )
    heads = {account_id: Heads(known, inside) for account_id, known, inside in session.execute(counted)}
    return {account.id: heads.get(account.id, Heads()) for account in accounts}


def options(session: Session, member: Membership) -> dict[str, list[str]]:
    """What the filters offer, of the companies this member sees."""
    seen = queries.seen_by(member).subquery()
    columns = {"industry": seen.c.industry, "region": seen.c.region, "owner": seen.c.owner_email_norm}
    each = [
        select(literal(name).label("name"), column.label("value")).where(column != "")
        for name, column in columns.items()
    ]
    found: dict[str, list[str]] = {name: [] for name in columns}
    for name, value in session.execute(union(*each).order_by("value")):
        found[name].append(value)
    return found


def people(session: Session, account: Account) -> Sequence[Advocate]:
    """Those who are in first, then by name."""
    own = select(Advocate).where(Advocate.account_id == account.id, Advocate.state != State.ERASED)
    order = (Advocate.state.in_(IN).desc(), Advocate.name_sort, Advocate.id)
    return session.scalars(own.order_by(*order).limit(MOST)).all()


def group(session: Session, account: Account) -> Sequence[Account]:
    """The parent company first, then its sisters and daughters that are customers too."""
    related = [Account.group_id == account.id]
    if account.group_id:
        related += [Account.id == account.group_id, Account.group_id == account.group_id]
    others = select(Account).where(or_(*related), Account.id != account.id)
    first = (Account.id == account.group_id).desc()
    return session.scalars(others.order_by(first, Account.name_norm).limit(20)).all()


def asks(session: Session, account: Account, rules: Rules) -> Sequence[Ask]:
    """What the company's people were asked in the last 90 days, and what is open; the newest first."""
    since = days.start_of(rules.today - WINDOW + timedelta(days=1), rules.zone)
    own = select(Ask).options(joinedload(Ask.advocate)).where(Ask.account_id == account.id)
    recent = own.where(Ask.sent_at >= since, Ask.state != AskState.PROPOSED)
    return session.scalars(recent.order_by(Ask.sent_at.desc(), Ask.id).limit(MOST)).all()
