"""How the budgets of a person stand for one kind of ask, with the reasons in words.

How much may be asked is in policies.py; how the windows and minutes are counted, in budget_windows.py.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, any_, bindparam, or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.asks.budget_windows import (
    exceeds_limit,
    given_by_company,
    given_by_person,
    of_their_companies,
    talks_over_year_limit,
    window_free_days,
)
from portal.asks.labels import full_window_reason, too_large_reason
from portal.asks.models import Ask, AskKind
from portal.asks.policies import AskRules, AskWeight, BudgetWindow, ask_rules, stricter_limit
from portal.asks.translatable import TranslatableText


@dataclass(frozen=True, kw_only=True)
class BudgetStatus:
    """The budgets of one person for one kind of ask today."""

    today: date
    too_large_reason: (
        TranslatableText | None
    )  # this favor is larger than the person's own limit, or the workspace's
    full_windows: Mapping[BudgetWindow, date]  # the full windows, each with the first day it has room again
    reasons: tuple[TranslatableText, ...]
    talks_90: int  # given in the last 90 days
    most_talks_90: int  # the stricter of the workspace's limit and the own one
    is_own_limit: bool  # … and it is the own one
    own_windows: frozenset[BudgetWindow] = frozenset()  # full ones, by the person's own limit

    @property
    def is_free(self) -> bool:
        return self.too_large_reason is None and not self.full_windows

    @property
    def available_from(self) -> date | None:
        """Return the first day all windows have room; None when no day ever has."""
        return None if self.too_large_reason else max(self.full_windows.values(), default=self.today)


def budget_status(
    session: Session,
    advocates: Collection[Advocate | UUID],
    kind: AskKind,
    minutes: int | None = None,
    attention: int | None = None,
) -> dict[UUID, BudgetStatus]:
    """Read the budgets of these people in one query. `minutes`: of the favor, where not as the kind says."""
    ids = [person.id if isinstance(person, Advocate) else person for person in advocates]
    rules = ask_rules(session)
    weight = rules.weight_of(kind, minutes, attention)
    rows = session.execute(_budget_statement(rules, weight), {"ids": ids}).mappings()
    return {row["advocate_id"]: _budget_status(dict(row), rules, weight) for row in rows}


def full_budgets(session: Session, advocate_ids: Collection[UUID], ask: Ask) -> dict[UUID, BudgetStatus]:
    """Of those of them who have no room for such an ask."""
    rules = ask_rules(session)
    weight = rules.weight_of(ask.kind, ask.minutes, ask.attention_minutes)
    rows = session.execute(_full_statement(rules, weight), {"ids": list(advocate_ids)}).mappings()
    return {row["advocate_id"]: _budget_status(dict(row), rules, weight) for row in rows}


def available_from(session: Session, advocate: Advocate, kind: AskKind = AskKind.CALL) -> date | None:
    return budget_status(session, [advocate], kind)[advocate.id].available_from


def _budget_status(row: dict[str, Any], rules: AskRules, weight: AskWeight) -> BudgetStatus:
    free = {window: row[window] for window in weight.windows}
    full = {window: day for window, day in free.items() if day is not None and day > rules.today}
    strict = {BudgetWindow.TALKS_90: (row["limit_calls"], rules.talks_90)}
    strict[BudgetWindow.FAVOR_TIME] = (row["limit_minutes"], rules.favor_time)
    return BudgetStatus(
        today=rules.today,
        too_large_reason=too_large_reason(row["limit_minutes"], rules, weight) if row["never"] else None,
        full_windows=full,
        reasons=tuple(full_window_reason(window, rules, row, weight.kind) for window in full),
        talks_90=row["given_90"] or 0,
        most_talks_90=stricter_limit(row["limit_calls"], rules.talks_90),
        is_own_limit=_is_own(row["limit_calls"], rules.talks_90),
        own_windows=frozenset(window for window in full if _is_own(*strict.get(window, (None, 0)))),
    )


@lru_cache(maxsize=100)
def _full_statement(rules: AskRules, weight: AskWeight) -> Select[Any]:
    found = _budget_statement(rules, weight).subquery()
    full = (found.c[window] > rules.today for window in weight.windows)
    return select(found).where(or_(found.c.never, *full))


def _is_own(limit: int | None, workspace: int) -> bool:
    return limit is not None and limit <= workspace


@lru_cache(maxsize=100)
def _budget_statement(rules: AskRules, weight: AskWeight) -> Select[Any]:
    """Made once a day for workspaces with the same rules, however many people it is asked about."""
    ids = any_(bindparam("ids", type_=ARRAY(Uuid)))
    these, of_these = Advocate.id == ids, Ask.advocate_id == ids
    given, year = given_by_person(rules, weight.kind, of_these), talks_over_year_limit(rules, of_these)
    company = given_by_company(rules, of_their_companies(these))
    windows_free = window_free_days(rules, weight, given, year, company)
    return (
        select(
            Advocate.id.label("advocate_id"),
            Advocate.limit_calls,
            Advocate.limit_minutes,
            Account.name.label("company"),
            given.c.given_90,
            exceeds_limit(rules, weight).label("never"),
            *(day.label(window) for window, day in windows_free.items()),
        )
        .outerjoin(Account, Account.id == Advocate.account_id)
        .outerjoin(given, given.c.advocate_id == Advocate.id)
        .outerjoin(year, year.c.advocate_id == Advocate.id)
        .outerjoin(company, company.c.account_id == Advocate.account_id)
        .where(these)
    )
