"""How much may be asked of a person: the sliding windows, as settings of the workspace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal import policies
from portal.advocates.ask_kind_policies import DEFAULT_RULES, KindRules, kind_rules
from portal.advocates.ask_kinds import AskKind, WindowGroup
from portal.asks import calendar_days
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
EVENTS_30 = declare("asks.events_30_days", 4, "Event invitations per person in 30 days", high=31)
ATTENTION_90 = declare(
    "asks.attention_90_days",
    30,
    "Minutes of attention per person in 90 days",
    "The time to read and answer our requests, counted when we send them. Invitations to events, board meetings and "
    "surveys have a separate limit.",
    high=5000,
)
GUEST_ATTENTION_90 = declare(
    "asks.guest_attention_90_days",
    20,
    "Minutes of attention for invitations and surveys per person in 90 days",
    "About a minute for each event, board meeting or survey. They never get in the way of a reference call.",
    high=5000,
)
FAVOR_TIME_90 = declare(
    "asks.minutes_90_days",
    120,
    "Minutes of favors per person in 90 days",
    "Time people said yes to, counted from the day of the yes. An advocate’s own limit applies if it’s stricter.",
    high=5000,
)
RENEWAL_DAYS = declare(
    "asks.renewal_days",
    30,
    "Days before a renewal when we don’t ask anyone at the company",
    "We don’t ask its people for favors until the renewal date has passed. Reviews, events and surveys go on.",
    high=365,
)


KIND_ORDER = tuple(AskKind)
MAX_ANSWER_DAYS = 92  # days that may pass between an ask and its answer


class BudgetWindow(StrEnum):
    """What can be full. The order is the order in which reasons are told."""

    ACCOUNT = "account"
    TALKS_30 = "talks_30"
    TALKS_90 = "talks_90"
    TALKS_365 = "talks_365"
    SAME_KIND = "same_kind"
    ATTENTION = "attention"
    GUEST_ATTENTION = "guest_attention"
    FAVOR_TIME = "favor_time"
    REST = "rest"


WINDOW_DAYS = {
    BudgetWindow.ACCOUNT: 90,
    BudgetWindow.TALKS_30: 30,
    BudgetWindow.TALKS_90: 90,
    BudgetWindow.TALKS_365: 365,
    BudgetWindow.SAME_KIND: 30,
    BudgetWindow.ATTENTION: 90,
    BudgetWindow.GUEST_ATTENTION: 90,
    BudgetWindow.FAVOR_TIME: 90,
}
TALK_WINDOWS = (BudgetWindow.ACCOUNT, BudgetWindow.TALKS_30, BudgetWindow.TALKS_90, BudgetWindow.TALKS_365)


@dataclass(frozen=True)
class AskWeight:
    """What one ask takes of a budget."""

    kind: AskKind
    favor: int  # minutes
    attention: int  # minutes

    @property
    def windows(self) -> tuple[BudgetWindow, ...]:
        row = self.kind.row
        own = TALK_WINDOWS if row.window is WindowGroup.TALKS else (BudgetWindow.SAME_KIND,)
        attention = BudgetWindow.GUEST_ATTENTION if row.is_guest else BudgetWindow.ATTENTION
        favor = (BudgetWindow.FAVOR_TIME,) if self.favor and not row.is_guest else ()
        return (*own, attention, *favor, *((BudgetWindow.REST,) if row.keeps_rest else ()))


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
    events: int = EVENTS_30.default
    attention: int = ATTENTION_90.default
    guest_attention: int = GUEST_ATTENTION_90.default
    favor_time: int = FAVOR_TIME_90.default
    kinds: tuple[KindRules, ...] = DEFAULT_RULES  # in the order of the kinds
    renewal_days: int = RENEWAL_DAYS.default

    def of(self, kind: AskKind) -> KindRules:
        return self.kinds[KIND_ORDER.index(kind)]

    def weight_of(self, kind: AskKind, favor: int | None = None, attention: int | None = None) -> AskWeight:
        own = self.of(kind)
        return AskWeight(
            kind,
            own.favor_minutes if favor is None else favor,
            own.attention_minutes if attention is None else attention,
        )

    def of_own_kind(self, kind: AskKind) -> int:
        return self.events if kind.row.window is WindowGroup.EVENTS else self.same_kind

    def attention_for(self, kind: AskKind) -> int:
        return self.guest_attention if kind.is_guest else self.attention


def ask_rules(session: Session, own: Mapping[str, int] | None = None) -> AskRules:
    own = policies.values(session) if own is None else own
    return AskRules(
        today=calendar_days.today(session),
        zone=calendar_days.workspace_zone(session),
        talks_30=own[TALKS_30.name],
        talks_90=own[TALKS_90.name],
        talks_365=own[TALKS_365.name],
        account=own[ACCOUNT_90.name],
        same_kind=own[SAME_KIND_30.name],
        events=own[EVENTS_30.name],
        attention=own[ATTENTION_90.name],
        guest_attention=own[GUEST_ATTENTION_90.name],
        favor_time=own[FAVOR_TIME_90.name],
        kinds=kind_rules(own),
        renewal_days=own[RENEWAL_DAYS.name],
    )


def stricter_limit(own: int | None, workspace: int) -> int:
    return workspace if own is None else min(own, workspace)
