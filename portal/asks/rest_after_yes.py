"""The rest after a yes: for so many days nobody asks them for a favor again.

How many days, a workspace sets for each kind (portal/advocates/ask_kind_policies.py): 14 for calls, site visits and
talks, none for others unless an admin says so. Kinds with `keeps_rest` wait until it is over
(portal/advocates/ask_kinds.py): all but reviews and guest kinds.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Subquery, and_, case, cast, func, null

from portal.asks.calendar_days import day_in
from portal.asks.models import Ask, AskKind, AskState
from portal.asks.policies import KIND_ORDER, AskRules, BudgetWindow

YES_STATES = (AskState.ACCEPTED, AskState.COMPLETED, AskState.NOT_HELD, AskState.WITHDRAWN)  # once answered


def kinds_by_rest(rules: AskRules) -> dict[int, list[AskKind]]:
    """The lengths of rest in days, each with the kinds whose yes starts it."""
    found: dict[int, list[AskKind]] = {}
    for kind in KIND_ORDER:
        if days := rules.of(kind).rest_days:
            found.setdefault(days, []).append(kind)
    return found


def rest_until(rules: AskRules) -> ColumnElement[Any]:
    """Of a person's asks: the day on which the last rest is over."""
    said_yes = and_(Ask.state.in_(YES_STATES), Ask.answered_at.is_not(None))
    yes_day = func.max(day_in(rules.zone, Ask.answered_at), type_=Date)
    ends = [
        yes_day.filter(and_(said_yes, Ask.kind.in_(kinds))) + days
        for days, kinds in kinds_by_rest(rules).items()
    ]
    return func.greatest(*ends, type_=Date) if ends else cast(null(), Date)


def rest_free_day(rules: AskRules, given: Subquery) -> ColumnElement[date | None]:
    """The day from which somebody may be asked again; null where no rest lasts."""
    return case((given.c[BudgetWindow.REST] > rules.today, given.c[BudgetWindow.REST]))


def resting_until(until: date | None, rules: AskRules) -> date | None:
    return until if until and until > rules.today else None
