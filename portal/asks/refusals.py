"""Why an ask is not sent: the same words whether one person is asked or many (portal/asks/ask_many.py)."""

from datetime import date, timedelta

from portal.accounts.models import Account
from portal.advocates.asked_person import Askable
from portal.asks.budgets import BudgetStatus
from portal.asks.conflicts import CompanyConflict
from portal.asks.eligibility import refusal_reason
from portal.asks.models import Ask
from portal.asks.policies import MAX_ANSWER_DAYS, AskRules
from portal.asks.translatable import plain_day
from portal.errors import Conflict, DomainError


class NotEligible(Conflict):
    """This person is not asked this at the moment, whatever the budget says."""


class BudgetFull(Conflict):
    """A window is full; a manager may override it with a reason."""


def due_day_too_late(due_on: date, today: date) -> DomainError | None:
    if due_on <= today + timedelta(days=MAX_ANSWER_DAYS - 2):
        return None
    return DomainError("Please choose a due date for the answer within the next three months.")


def already_asked(advocate: Askable) -> Conflict:
    return Conflict("%(name)s is already being asked for this. Nothing was sent.", name=advocate.name)


def not_eligible(
    ask: Ask,
    advocate: Askable,
    account: Account | None,
    rules: AskRules,
    conflict: CompanyConflict | None,
    *,
    has_opted_out: bool,
) -> NotEligible | None:
    """The first reason, if any. `has_opted_out`: says the customer's CRM; `conflict`: of their company."""
    if has_opted_out:
        return NotEligible(
            "Nothing was sent: your CRM says that %(name)s has opted out of this.", name=advocate.name
        )
    if reason := refusal_reason(ask, advocate, account, rules, conflict):
        return NotEligible("Nothing was sent: %(name)s %(reason)s.", name=advocate.name, reason=str(reason))
    return None


def budget_full(advocate: Askable, room: BudgetStatus) -> BudgetFull:
    if room.too_large_reason is not None or room.available_from is None:
        return BudgetFull(
            "Nothing was sent: %(name)s %(reason)s.", name=advocate.name, reason=str(room.too_large_reason)
        )
    return BudgetFull(
        "Nothing was sent: %(name)s was already asked recently (%(reasons)s) and is available again on %(day)s.",
        name=advocate.name,
        reasons=", ".join(str(reason) for reason in room.reasons),
        day=plain_day(room.available_from),
    )
