"""What was asked of people lately, as pages show it. What counts, and in which window, is said by budget_windows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    ScalarSelect,
    Select,
    Text,
    and_,
    false,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from portal.advocates.availability_models import AdvocateAvailability
from portal.advocates.models import Advocate
from portal.asks.budget_windows import counts_in_budget, given_by_company, given_by_person, is_within
from portal.asks.models import IS_ACT, TALKS, Ask, AskKind, AskState
from portal.asks.policies import WINDOW_DAYS, AskRules, BudgetWindow, stricter_limit
from portal.asks.rest_after_yes import resting_until

ALMOST_FULL = 80  # percent
FAVOR_SUM = f"{BudgetWindow.FAVOR_TIME}_sum"


class WindowUse(NamedTuple):
    """So much was asked, of so much."""

    used: int
    limit: int

    @property
    def percent(self) -> int:
        return round(self.used * 100 / self.limit) if self.limit else 0

    @property
    def tone(self) -> str:
        return "bad" if self.percent > 100 else "warn" if self.percent >= ALMOST_FULL else ""

    @property
    def is_full(self) -> bool:
        return self.used >= self.limit


@dataclass(frozen=True)
class Workload:
    """What a list shows of one person."""

    favor_time: WindowUse
    has_own_limit: bool = False
    answer_due_on: date | None = None  # an ask is out
    last_kind: AskKind | None = None  # of the last completed act


@dataclass(frozen=True)
class BudgetUse:
    """All windows of one person, and their break after a yes."""

    favor_time: WindowUse
    attention: WindowUse
    guest_attention: WindowUse
    talks_30: WindowUse
    talks_90: WindowUse
    talks_365: WindowUse
    account_90: WindowUse
    resting_until: date | None
    free_from: Mapping[AskKind, date]  # for other kinds than the call, where somebody has to wait
    workload: Workload  # the same as lists show it


def workloads(session: Session, people: Collection[Advocate], rules: AskRules) -> dict[UUID, Workload]:
    these = Ask.advocate_id.in_([person.id for person in people])
    given = given_by_person(rules, only=these)
    kinds = func.array_agg(aggregate_order_by(Ask.kind, Ask.completed_at.desc()), type_=ARRAY(Text))
    asked = (
        select(
            Ask.advocate_id,
            func.min(Ask.due_on).filter(Ask.state == AskState.SENT).label("due_on"),
            kinds.filter(_is_done_act())[1].label("last_kind"),
        )
        .where(these)
        .group_by(Ask.advocate_id)
        .subquery("asked")
    )
    rows = session.execute(
        select(asked.c.advocate_id, given.c[FAVOR_SUM], asked.c.due_on, asked.c.last_kind).outerjoin(
            given, given.c.advocate_id == asked.c.advocate_id
        )
    )
    by_person = {row[0]: row[1:] for row in rows}
    return {
        person.id: _workload(person, rules, *by_person.get(person.id, (0, None, None))) for person in people
    }


def _workload(
    person: Advocate, rules: AskRules, minutes: int | None, due_on: date | None, kind: str | None
) -> Workload:
    own = person.limit_minutes
    return Workload(
        favor_time=WindowUse(minutes or 0, stricter_limit(own, rules.favor_time)),
        has_own_limit=own is not None and own <= rules.favor_time,
        answer_due_on=due_on,
        last_kind=AskKind(kind) if kind else None,
    )


def budget_use(session: Session, person: Advocate, rules: AskRules) -> BudgetUse:
    used = session.execute(_used_by(person, rules)).one()
    return BudgetUse(
        favor_time=WindowUse(used.favor_time or 0, stricter_limit(person.limit_minutes, rules.favor_time)),
        attention=WindowUse(used.attention or 0, rules.attention),
        guest_attention=WindowUse(used.guest_attention or 0, rules.guest_attention),
        talks_30=WindowUse(used.talks_30 or 0, rules.talks_30),
        talks_90=WindowUse(used.talks_90 or 0, stricter_limit(person.limit_calls, rules.talks_90)),
        talks_365=WindowUse(used.talks_365 or 0, rules.talks_365),
        account_90=WindowUse(used.account or 0, rules.account),
        resting_until=resting_until(used.rest_until, rules),
        free_from={AskKind(kind): date.fromisoformat(on) for kind, on in (used.free_from or {}).items()},
        workload=_workload(person, rules, used.favor_time, used.due_on, used.last_kind),
    )


def _used_by(person: Advocate, rules: AskRules) -> Select[Any]:
    """All windows in one statement, whose row is there even for somebody who was never asked."""
    one = select(literal(1).label("one")).subquery("one")
    own = given_by_person(rules, only=Ask.advocate_id == person.id)
    company = Ask.account_id == person.account_id if person.account_id else false()
    company_talks = given_by_company(rules, company)
    return select(
        own.c[FAVOR_SUM].label("favor_time"),
        own.c[f"{BudgetWindow.ATTENTION}_sum"].label("attention"),
        own.c[f"{BudgetWindow.GUEST_ATTENTION}_sum"].label("guest_attention"),
        func.cardinality(own.c[BudgetWindow.TALKS_30]).label("talks_30"),
        func.cardinality(own.c[BudgetWindow.TALKS_90]).label("talks_90"),
        _talks_in_year(person, rules).label("talks_365"),
        func.cardinality(company_talks.c[BudgetWindow.ACCOUNT]).label("account"),
        own.c[BudgetWindow.REST].label("rest_until"),
        _answer_due_on(person).label("due_on"),
        _last_kind(person).label("last_kind"),
        _free_from(person).label("free_from"),
    ).select_from(one.outerjoin(own, true()).outerjoin(company_talks, true()))


def account_use(session: Session, account_id: UUID | None, rules: AskRules) -> WindowUse:
    if account_id is None:
        return WindowUse(0, rules.account)
    talks = given_by_company(rules, Ask.account_id == account_id)
    used = session.scalar(select(func.cardinality(talks.c[BudgetWindow.ACCOUNT])))
    return WindowUse(used or 0, rules.account)


def _free_from(person: Advocate) -> ScalarSelect[Any]:
    table = AdvocateAvailability
    days = func.jsonb_object_agg(table.kind, table.available_from)
    return select(days).where(table.advocate_id == person.id).scalar_subquery()


def _answer_due_on(person: Advocate) -> ScalarSelect[date]:
    sent = (Ask.advocate_id == person.id, Ask.state == AskState.SENT)
    return select(func.min(Ask.due_on)).where(*sent).scalar_subquery()


def _last_kind(person: Advocate) -> ScalarSelect[AskKind]:
    done = select(Ask.kind).where(Ask.advocate_id == person.id, _is_done_act())
    return done.order_by(Ask.completed_at.desc()).limit(1).scalar_subquery()


def _is_done_act() -> ColumnElement[bool]:
    return and_(Ask.completed_at.is_not(None), IS_ACT)


def _talks_in_year(person: Advocate, rules: AskRules) -> ScalarSelect[int]:
    own_talks = (Ask.advocate_id == person.id, Ask.kind.in_(TALKS))
    within = is_within(rules, WINDOW_DAYS[BudgetWindow.TALKS_365])
    return select(func.count()).where(*own_talks, counts_in_budget(), within).scalar_subquery()
