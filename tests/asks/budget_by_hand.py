"""Made-up ledgers, and the budget counted by hand: day by day, with no cleverness at all."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.asks.models import TALKS, Ask, AskKind, AskState
from portal.asks.policies import AskRules
from tests.world import World

YES = {AskState.ACCEPTED, AskState.COMPLETED, AskState.NOT_HELD, AskState.WITHDRAWN}
FAR = 800  # days; no window is longer


@dataclass(frozen=True)
class Past:
    """One ask of the past, by its age in days."""

    kind: AskKind
    minutes: int
    age: int
    state: AskState
    answered_after: int | None  # days; None: no answer yet
    colleague: bool

    @property
    def counts(self) -> bool:
        return self.state is not AskState.WITHDRAWN or self.answered_after is not None

    def yes_day(self, today: date) -> date | None:
        if self.state not in YES or self.answered_after is None:
            return None
        return self.day(today) + timedelta(days=self.answered_after)

    def day(self, today: date) -> date:
        return today - timedelta(days=self.age)

    def row(self, person: Advocate, zone: ZoneInfo, today: date) -> Ask:
        sent = datetime.combine(self.day(today), time(23, 30), zone)
        answered = None
        if self.answered_after is not None:
            answered = datetime.combine(
                self.day(today) + timedelta(days=self.answered_after), time(0, 30), zone
            )
        return Ask(
            kind=self.kind, minutes=self.minutes, state=self.state, sent_at=sent, answered_at=answered,
            advocate_id=person.id, account_id=person.account_id, subject_type="favor", subject_id=uuid4(),
            due_on=today, reason="too busy" if self.state is AskState.DECLINED else "",
        )  # fmt: skip


@st.composite
def pasts(draw: st.DrawFn) -> Past:
    state = draw(st.sampled_from([s for s in AskState if s is not AskState.PROPOSED]))
    age = draw(st.one_of(st.integers(0, 40), st.integers(0, 100), st.integers(340, 380)))
    waits = state in {AskState.SENT, AskState.EXPIRED} or (
        state is AskState.WITHDRAWN and draw(st.booleans())
    )
    answered = None if waits else draw(st.integers(0, min(age, 20)))
    return Past(
        draw(st.sampled_from(AskKind)), draw(st.sampled_from([10, 20, 30, 60, 90])), age, state, answered,
        draw(st.booleans()),
    )  # fmt: skip


def first_day_by_hand(
    past: list[Past],
    kind: AskKind,
    minutes: int,
    rules: AskRules,
    own_talks: int | None,
    own_minutes: int | None,
) -> date | None:
    """Try today, tomorrow, the day after … and look at every ask each time."""
    for ahead in range(FAR):
        day = rules.today + timedelta(days=ahead)
        if _fits(past, day, kind, minutes, rules, own_talks, own_minutes):
            return day
    return None


def _fits(
    past: list[Past],
    day: date,
    kind: AskKind,
    minutes: int,
    rules: AskRules,
    own_talks: int | None,
    own_minutes: int | None,
) -> bool:
    mine = [ask for ask in past if not ask.colleague and ask.counts]

    def within(asks: list[Past], length: int) -> list[Past]:
        return [ask for ask in asks if day - timedelta(days=length) < ask.day(rules.today) <= day]

    def talks(asks: list[Past], length: int) -> int:
        return sum(ask.kind in TALKS for ask in within(asks, length))

    cap = min(rules.minutes, own_minutes if own_minutes is not None else rules.minutes)
    if sum(ask.minutes for ask in within(mine, 90)) + minutes > cap:
        return False
    if any(day < yes + timedelta(days=rules.rest_days) for ask in mine if (yes := ask.yes_day(rules.today))):
        return False
    if kind not in TALKS:
        return sum(ask.kind == kind for ask in within(mine, 30)) < rules.same_kind
    most_90 = min(rules.talks_90, own_talks if own_talks is not None else rules.talks_90)
    everybody = [ask for ask in past if ask.counts]
    return (
        talks(mine, 30) < rules.talks_30
        and talks(mine, 90) < most_90
        and talks(mine, 365) < rules.talks_365
        and talks(everybody, 90) < rules.account
    )


def write_down(
    world: World, session: Session, past: list[Past], person: Advocate, colleague: Advocate, rules: AskRules
) -> None:
    for ask in past:
        session.add(ask.row(colleague if ask.colleague else person, rules.zone, rules.today))
    session.flush()
