"""One person's attention budget as their page shows it: what was given in each window, of how much."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Select, func, or_, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.asks import days
from portal.asks.models import TALKS, Ask, State
from portal.asks.windows import Rules

SAID_YES = (State.ACCEPTED, State.COMPLETED, State.NOT_HELD)


class Share(NamedTuple):
    """So much was given, of so much."""

    given: int
    most: int

    @property
    def percent(self) -> int:
        return round(self.given * 100 / self.most) if self.most else 0

    @property
    def tone(self) -> str:
        return "bad" if self.percent > 100 else "warn" if self.percent >= 80 else ""


@dataclass(frozen=True)
class Budget:
    minutes: Share
    talks_30: Share
    talks_90: Share
    talks_365: Share
    company_90: Share
    rests_until: date | None
    answer_by: date | None  # an ask is out


def budget(session: Session, person: Advocate, rules: Rules) -> Budget:
    given = session.execute(_given(person, rules)).mappings().one()
    return Budget(
        minutes=Share(given["minutes"] or 0, min(person.limit_minutes or rules.minutes, rules.minutes)),
        talks_30=Share(given["talks_30"], rules.talks_30),
        talks_90=Share(given["talks_90"], min(person.limit_calls or rules.talks_90, rules.talks_90)),
        talks_365=Share(given["talks_365"], rules.talks_365),
        company_90=Share(given["company_90"], rules.account),
        rests_until=_rest(given["yes_on"], rules),
        answer_by=given["answer_by"],
    )


def _given(person: Advocate, rules: Rules) -> Select[*tuple[Any, ...]]:
    mine = Ask.advocate_id == person.id
    counted = or_(Ask.state != State.WITHDRAWN, Ask.answered_at.is_not(None))
    is_talk = Ask.kind.in_(TALKS)
    yes = func.max(Ask.answered_at).filter(mine, Ask.state.in_(SAID_YES))
    talks = [
        func.count().filter(mine, is_talk, _within(rules, length)).label(f"talks_{length}")
        for length in (30, 90, 365)
    ]
    return select(
        func.sum(Ask.minutes).filter(mine, _within(rules, 90)).label("minutes"),
        func.count().filter(is_talk, _within(rules, 90)).label("company_90"),
        func.min(Ask.due_on).filter(mine, Ask.state == State.SENT).label("answer_by"),
        func.timezone(rules.zone.key, yes).cast(Date).label("yes_on"),
        *talks,
    ).where(or_(mine, Ask.account_id == person.account_id), counted)


def _rest(last_yes: date | None, rules: Rules) -> date | None:
    until = last_yes + timedelta(days=rules.rest_days) if last_yes else None
    return until if until and until > rules.today else None


def _within(rules: Rules, length: int) -> ColumnElement[bool]:
    return Ask.sent_at >= days.start_of(rules.today - timedelta(days=length - 1), rules.zone)
