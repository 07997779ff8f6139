"""How much of a person's attention may be asked for: the sliding windows, as settings of the workspace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal import policies
from portal.asks import calendar_days
from portal.asks.models import TALKS, AskKind
from portal.policies import declare

TALKS_30 = declare(
    "asks.talks_30_days",
    1,
    "Calls, site visits and talks per person in 30 days",
    "The three share one budget. To go over it, a manager has to give a reason.",
    high=31,
)
TALKS_90 = declare(
    "asks.talks_90_days",
    2,
    "Calls, site visits and talks per person in 90 days",
    "An advocate’s own limit applies if it’s stricter.",
    high=90,
)
TALKS_365 = declare("asks.talks_365_days", 6, "Calls, site visits and talks per person in a year", high=365)
ACCOUNT_90 = declare(
    "asks.account_talks_90_days",
    4,
    "Calls, site visits and talks per customer company in 90 days",
    "Everyone at the company counts toward it.",
    high=1000,
)
SAME_KIND_30 = declare(
    "asks.same_kind_30_days",
    2,
    "Requests of each other kind per person in 30 days",
    "Quotes, written references and RFP answers are each counted separately.",
    high=31,
)
MINUTES_90 = declare(
    "asks.minutes_90_days",
    120,
    "Minutes for all requests per person in 90 days",
    "An advocate’s own limit applies if it’s stricter.",
    high=5000,
)
REST_DAYS = declare(
    "asks.rest_days", 14, "Break after a yes, in days", "No requests of any kind during that time.", high=365
)
RENEWAL_DAYS = declare(
    "asks.renewal_days",
    30,
    "Days before a renewal when we don’t ask anyone at the company",
    "Its people can be asked again once the renewal date has passed.",
    high=365,
)


MAX_ANSWER_DAYS = 92  # days that may pass between an ask and its answer


class BudgetWindow(StrEnum):
    """What can be full. The order is the order in which reasons are told."""

    ACCOUNT = "account"
    TALKS_30 = "talks_30"
    TALKS_90 = "talks_90"
    TALKS_365 = "talks_365"
    SAME_KIND = "same_kind"
    MINUTES = "minutes"
    REST = "rest"


WINDOW_DAYS = {
    BudgetWindow.ACCOUNT: 90,
    BudgetWindow.TALKS_30: 30,
    BudgetWindow.TALKS_90: 90,
    BudgetWindow.TALKS_365: 365,
    BudgetWindow.SAME_KIND: 30,
    BudgetWindow.MINUTES: 90,
}
TALK_WINDOWS = (
    BudgetWindow.ACCOUNT,
    BudgetWindow.TALKS_30,
    BudgetWindow.TALKS_90,
    BudgetWindow.TALKS_365,
    BudgetWindow.MINUTES,
    BudgetWindow.REST,
)
OTHER_WINDOWS = (BudgetWindow.SAME_KIND, BudgetWindow.MINUTES, BudgetWindow.REST)


@dataclass(frozen=True, kw_only=True)
class AskRules:
    """The workspace's windows, and the day on which they are looked at."""

    today: date
    zone: ZoneInfo
    talks_30: int = TALKS_30.default
    talks_90: int = TALKS_90.default
    talks_365: int = TALKS_365.default
    account: int = ACCOUNT_90.default
    same_kind: int = SAME_KIND_30.default
    minutes: int = MINUTES_90.default
    rest_days: int = REST_DAYS.default
    renewal_days: int = RENEWAL_DAYS.default


def ask_rules(session: Session, own: Mapping[str, int] | None = None) -> AskRules:
    """`own`: the values of all policies, where somebody has read them already."""
    own = policies.values(session) if own is None else own
    return AskRules(
        today=calendar_days.today(session),
        zone=calendar_days.workspace_zone(session),
        talks_30=own[TALKS_30.name],
        talks_90=own[TALKS_90.name],
        talks_365=own[TALKS_365.name],
        account=own[ACCOUNT_90.name],
        same_kind=own[SAME_KIND_30.name],
        minutes=own[MINUTES_90.name],
        rest_days=own[REST_DAYS.name],
        renewal_days=own[RENEWAL_DAYS.name],
    )


def stricter_limit(own: int | None, workspace: int) -> int:
    """The person's own limit, if any, and the workspace's: the stricter of the two."""
    return workspace if own is None else min(own, workspace)


def windows_of(kind: AskKind) -> tuple[BudgetWindow, ...]:
    return TALK_WINDOWS if kind in TALKS else OTHER_WINDOWS
