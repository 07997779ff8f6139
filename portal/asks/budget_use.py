"""One person's attention budget as their page shows it: what was given in each window, of how much."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Select, func, or_, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.asks import calendar_days
from portal.asks.limits import AskRules
from portal.asks.models import TALKS, Ask, AskState

SAID_YES = (AskState.ACCEPTED, AskState.COMPLETED, AskState.NOT_HELD)


class WindowUse(NamedTuple):
    """So much was given, of so much."""

    used: int
    limit: int

    @property
    def percent(self) -> int:
        return round(self.used * 100 / self.limit) if self.limit else 0

    @property
    def tone(self) -> str:
        return "bad" if self.percent > 100 else "warn" if self.percent >= 80 else ""


@dataclass(frozen=True)
class BudgetUse:
    minutes: WindowUse
    talks_30: WindowUse
    talks_90: WindowUse
    talks_365: WindowUse
    account_90: WindowUse
    resting_until: date | None
    answer_due_on: date | None  # an ask is out


def budget_use(session: Session, person: Advocate, rules: AskRules) -> BudgetUse:
    given = session.execute(_given(person, rules)).mappings().one()
    return BudgetUse(
        minutes=WindowUse(given["minutes"] or 0, min(person.limit_minutes or rules.minutes, rules.minutes)),
        talks_30=WindowUse(given["talks_30"], rules.talks_30),
        talks_90=WindowUse(given["talks_90"], min(person.limit_calls or rules.talks_90, rules.talks_90)),
        talks_365=WindowUse(given["talks_365"], rules.talks_365),
        account_90=WindowUse(given["company_90"], rules.account),
        resting_until=_rest(given["yes_on"], rules),
        answer_due_on=given["answer_by"],
    )


def _given(person: Advocate, rules: AskRules) -> Select[*tuple[Any, ...]]:
    mine = Ask.advocate_id == person.id
    counted = or_(Ask.state != AskState.WITHDRAWN, Ask.answered_at.is_not(None))
    is_talk = Ask.kind.in_(TALKS)
    yes = func.max(Ask.answered_at).filter(mine, Ask.state.in_(SAID_YES))
    talks = [
        func.count().filter(mine, is_talk, _within(rules, length)).label(f"talks_{length}")
        for length in (30, 90, 365)
    ]
    return select(
        func.sum(Ask.minutes).filter(mine, _within(rules, 90)).label("minutes"),
        func.count().filter(is_talk, _within(rules, 90)).label("company_90"),
        func.min(Ask.due_on).filter(mine, Ask.state == AskState.SENT).label("answer_by"),
        func.timezone(rules.zone.key, yes).cast(Date).label("yes_on"),
        *talks,
    ).where(or_(mine, Ask.account_id == person.account_id), counted)


def _rest(last_yes: date | None, rules: AskRules) -> date | None:
    until = last_yes + timedelta(days=rules.rest_days) if last_yes else None
    return until if until and until > rules.today else None


def _within(rules: AskRules, length: int) -> ColumnElement[bool]:
    return Ask.sent_at >= calendar_days.start_of(rules.today - timedelta(days=length - 1), rules.zone)
