"""What asks say about the people of one page: minutes of the last 90 days, what is out, what was done last."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Text, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.asks import calendar_days
from portal.asks.limits import AskRules
from portal.asks.models import Ask, AskKind, AskState

WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class Workload:
    minutes: int = 0
    limit: int = 0
    is_own_limit: bool = False
    answer_due_on: date | None = None  # an ask is out
    last_kind: AskKind | None = None  # of the last completed act

    @property
    def percent(self) -> int:
        return round(self.minutes * 100 / self.limit) if self.limit else 0

    @property
    def tone(self) -> str:
        return "bad" if self.percent > 100 else "warn" if self.percent >= 80 else ""


def workloads(session: Session, people: Collection[Advocate], rules: AskRules) -> dict[UUID, Workload]:
    since = calendar_days.start_of(rules.today - WINDOW + timedelta(days=1), rules.zone)
    counts = Ask.sent_at >= since, or_(Ask.state != AskState.WITHDRAWN, Ask.answered_at.is_not(None))
    kinds = func.array_agg(aggregate_order_by(Ask.kind, Ask.completed_at.desc()), type_=ARRAY(Text))
    given = select(
        Ask.advocate_id,
        func.coalesce(func.sum(Ask.minutes).filter(*counts), 0),
        func.min(Ask.due_on).filter(Ask.state == AskState.SENT),
        kinds.filter(Ask.completed_at.is_not(None))[1],
    ).where(Ask.advocate_id.in_([person.id for person in people]))
    rows = {row[0]: row[1:] for row in session.execute(given.group_by(Ask.advocate_id))}
    return {person.id: _workload(person, rules, *rows.get(person.id, (0, None, None))) for person in people}


def _workload(
    person: Advocate, rules: AskRules, minutes: int, answer_by: date | None, kind: str | None
) -> Workload:
    own = person.limit_minutes
    limit = rules.minutes if own is None else min(own, rules.minutes)
    is_own = own is not None and own < rules.minutes
    return Workload(minutes, limit, is_own, answer_by, AskKind(kind) if kind else None)
