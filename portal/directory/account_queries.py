"""Companies with what other features know of them: their people by state, their asks in the budget's window."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, or_, select, union
from sqlalchemy.orm import Session, joinedload

from portal import list_summaries
from portal.accounts import queries
from portal.accounts.figures import AccountFigures, figures_column
from portal.accounts.labels import HEALTH_NAMES, RELATIONSHIP_NAMES
from portal.accounts.models import Account
from portal.accounts.renewal_and_health import is_renewal_near
from portal.advocates import labels
from portal.advocates.models import IN_PROGRAM, Advocate, AdvocateState
from portal.asks.budget_queries import account_use
from portal.asks.budget_windows import is_within
from portal.asks.labels import STATES
from portal.asks.models import Ask, AskState
from portal.asks.policies import WINDOW_DAYS, AskRules, BudgetWindow, ask_rules
from portal.custom_fields.models import FieldSubject
from portal.directory.extra_facts import extra_column, extra_facts
from portal.errors import NotFound
from portal.signin import memberships
from tenants.models import MANAGER_ROLES, Membership
from tenants.rows_at_once import rows_at_once

MOST = 100


@dataclass(frozen=True)
class PeopleCounts:
    """How many people of a company we know, and how many are in."""

    known: int = 0
    enrolled: int = 0


def account_with_extras(
    session: Session, account_id: UUID, member: Membership
) -> tuple[Account, Mapping[str, Any]]:
    """Return a company this member may see, with what its page tells of tags, fields, usage and subscriptions."""
    visible = queries.visible_to(member).where(Account.id == account_id)
    columns = (extra_column(FieldSubject.ACCOUNT), figures_column())
    found = session.execute(visible.add_columns(*columns)).one_or_none()
    if found is None:
        raise NotFound("We couldn’t find this account.")
    account, extra, figures = found
    return account, {"extra_facts": extra_facts(extra), "figures": AccountFigures.of(figures)}


def account_detail(session: Session, account: Account) -> dict[str, Any]:
    rules = ask_rules(session)
    return {
        "people": people(session, account),
        "group": related_accounts(session, account),
        "asks": recent_asks(session, account, rules),
        "talks": account_use(session, account.id, rules),
        "renews_soon": is_renewal_near(account, rules.today, rules.renewal_days),
        "labels": labels,
        "health": HEALTH_NAMES,
        "relationships": RELATIONSHIP_NAMES,
        "kinds": labels.KIND_NAMES,
        "answers": STATES,
    }


def people_and_owners(
    session: Session, accounts: Collection[Account]
) -> tuple[Mapping[UUID, PeopleCounts], Mapping[str, str]]:
    """What a page of the list says of its companies besides, in one statement: people, and owners by address."""
    owners = {account.owner_email_norm for account in accounts if account.owner_email_norm}
    counted, names = rows_at_once(session, _people_counts(accounts), memberships.name_rows(owners))
    counts = {UUID(row["account_id"]): PeopleCounts(row["known"], row["enrolled"]) for row in counted}
    people = {account.id: counts.get(account.id, PeopleCounts()) for account in accounts}
    return people, {row["email_norm"]: row["name"] for row in names}


def _people_counts(accounts: Collection[Account]) -> Select[UUID | None, int, int]:
    is_here = (
        Advocate.account_id.in_([each.id for each in accounts]),
        Advocate.state != AdvocateState.ERASED,
    )
    enrolled = func.count().filter(Advocate.state.in_(IN_PROGRAM)).label("enrolled")
    counted = select(Advocate.account_id, func.count().label("known"), enrolled)
    return counted.where(*is_here).group_by(Advocate.account_id)


def filter_options(session: Session, member: Membership) -> dict[str, list[str]]:
    """Of all companies; whoever may not see all of them chooses from their own."""
    visible = queries.visible_to(member).subquery()
    columns = {
        "industry": visible.c.industry,
        "region": visible.c.region,
        "owner": visible.c.owner_email_norm,
    }
    each = [
        select(literal(name).label("kind"), column.label("value")).where(column != "")
        for name, column in columns.items()
    ]
    listed = Account if member.has_role(*MANAGER_ROLES) else None
    found = list_summaries.choices(session, listed, union(*each))
    return {name: sorted(found.get(name, ())) for name in columns}


def people(session: Session, account: Account) -> Sequence[Advocate]:
    own = select(Advocate).where(Advocate.account_id == account.id, Advocate.state != AdvocateState.ERASED)
    order = (Advocate.state.in_(IN_PROGRAM).desc(), Advocate.name_sort, Advocate.id)
    return session.scalars(own.order_by(*order).limit(MOST)).all()


def related_accounts(session: Session, account: Account) -> Sequence[Account]:
    related = [Account.group_id == account.id]
    if account.group_id:
        related += [Account.id == account.group_id, Account.group_id == account.group_id]
    others = select(Account).where(or_(*related), Account.id != account.id)
    first = (Account.id == account.group_id).desc()
    return session.scalars(others.order_by(first, Account.name_norm).limit(20)).all()


def recent_asks(session: Session, account: Account, rules: AskRules) -> Sequence[Ask]:
    own = select(Ask).options(joinedload(Ask.advocate)).where(Ask.account_id == account.id)
    recent = own.where(is_within(rules, WINDOW_DAYS[BudgetWindow.ACCOUNT]), Ask.state != AskState.PROPOSED)
    return session.scalars(recent.order_by(Ask.sent_at.desc(), Ask.id).limit(MOST)).all()
