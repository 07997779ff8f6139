"""Made-up ledgers, and the budget counted by hand as the document says it: day by day, with no cleverness at all.

The weights and windows are written down here once more, from the document and not from the code.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.asks.answer_codes import DeclineReason
from portal.asks.models import Ask, AskKind, AskState
from portal.asks.policies import AskRules

K, S = AskKind, AskState
ATTENTION_AND_FAVOR = {
    K.CALL: (2, 20), K.SITE_VISIT: (3, 90), K.SPEAKING: (3, 60), K.WRITTEN: (3, 30), K.RFP: (3, 30),
    K.QUOTE: (2, 10), K.STORY: (3, 60), K.REVIEW: (2, 15), K.REFERRAL: (2, 10), K.PEER_QUESTION: (2, 10),
    K.BOARD_SEAT: (3, 0), K.EVENT: (1, 0), K.BOARD_MEETING: (1, 0), K.SURVEY: (1, 0),
}  # fmt: skip
TALKS = {K.CALL, K.SITE_VISIT, K.SPEAKING}
GUESTS = {K.EVENT, K.BOARD_MEETING, K.SURVEY}
ANSWERED = {S.ACCEPTED, S.COMPLETED, S.NOT_HELD, S.DECLINED}
FAR = 800  # days; no window is longer


@dataclass(frozen=True)
class Past:
    """One ask of the past, by its age in days."""

    kind: AskKind
    minutes: int
    age: int
    state: AskState
    answered_after: int | None = None  # days; None: no answer yet
    colleague: bool = False
    attention: int | None = None  # None: as its kind says

    @property
    def attention_minutes(self) -> int:
        return ATTENTION_AND_FAVOR[self.kind][0] if self.attention is None else self.attention

    @property
    def counts(self) -> bool:
        """One withdrawn before an answer counts nothing."""
        return self.state is not S.WITHDRAWN or self.answered_after is not None

    @property
    def said_yes(self) -> bool:
        answered = self.answered_after is not None
        return answered and self.state in {S.ACCEPTED, S.COMPLETED, S.NOT_HELD, S.WITHDRAWN}

    @property
    def takes_time(self) -> bool:
        """Not held and withdrawn after a yes give the time back."""
        return self.said_yes and self.state in {S.ACCEPTED, S.COMPLETED} and self.kind not in GUESTS

    def day(self, today: date) -> date:
        return today - timedelta(days=self.age)

    def yes_day(self, today: date) -> date:
        return self.day(today) + timedelta(days=self.answered_after or 0)

    def row(self, person: Advocate, zone: ZoneInfo, today: date) -> Ask:
        sent = datetime.combine(self.day(today), time(23, 30), zone)
        answered = None
        if self.answered_after is not None:
            answered = datetime.combine(self.yes_day(today), time(0, 30), zone)
        return Ask(
            kind=self.kind, minutes=self.minutes, attention_minutes=self.attention_minutes, state=self.state,
            sent_at=sent, answered_at=answered, advocate_id=person.id, account_id=person.account_id,
            subject_type="favor", subject_id=uuid4(), due_on=today,
            decline_reason=DeclineReason.TOO_BUSY if self.state is S.DECLINED else None,
        )  # fmt: skip


@st.composite
def pasts(draw: st.DrawFn, kinds: Collection[AskKind] = tuple(AskKind)) -> Past:
    """Anything that may have happened; a yes comes up to 92 days after the ask, the longest there is to answer."""
    state = draw(st.sampled_from([one for one in S if one is not S.PROPOSED]))
    age = draw(st.one_of(st.integers(0, 40), st.integers(0, 185), st.integers(340, 380)))
    is_answered = state in ANSWERED or (state is S.WITHDRAWN and draw(st.booleans()))
    after = draw(st.one_of(st.integers(0, 20), st.integers(0, 92))) if is_answered else None
    return Past(
        kind=draw(st.sampled_from(sorted(kinds))),
        minutes=draw(st.sampled_from([10, 20, 30, 60, 90])),
        age=age,
        state=state,
        answered_after=None if after is None else min(after, age),
        colleague=draw(st.booleans()),
        attention=draw(st.sampled_from([None, 1, 8])),
    )


def first_day_by_hand(
    past: list[Past], kind: AskKind, rules: AskRules, own_talks: int | None, own_minutes: int | None
) -> date | None:
    """Try today, tomorrow, the day after … and look at every ask each time."""
    for ahead in range(FAR):
        day = rules.today + timedelta(days=ahead)
        if _fits(past, day, kind, rules, own_talks, own_minutes):
            return day
    return None


def _fits(
    past: list[Past],
    day: date,
    kind: AskKind,
    rules: AskRules,
    own_talks: int | None,
    own_minutes: int | None,
) -> bool:
    everybody = [ask for ask in past if ask.counts]
    mine = [ask for ask in everybody if not ask.colleague]

    def sent(asks: list[Past], days: int) -> list[Past]:
        return [ask for ask in asks if day - timedelta(days=days) < ask.day(rules.today) <= day]

    def talks(asks: list[Past], days: int) -> int:
        return sum(ask.kind in TALKS for ask in sent(asks, days))

    if kind in TALKS:
        most_90 = 2 if own_talks is None else min(2, own_talks)
        has_room = talks(mine, 30) < 1 and talks(mine, 90) < most_90 and talks(mine, 365) < 6
        has_room = has_room and talks(everybody, 90) < 4
    else:
        has_room = sum(ask.kind is kind for ask in sent(mine, 30)) < (4 if kind is K.EVENT else 2)
    return (
        has_room
        and _has_attention(sent(mine, 90), kind)
        and _has_time(mine, day, kind, rules, own_minutes)
        and not _rests(mine, day, kind, rules)
    )


def _has_attention(lately: list[Past], kind: AskKind) -> bool:
    """Guest kinds have a window of their own."""
    alike = [ask for ask in lately if (ask.kind in GUESTS) == (kind in GUESTS)]
    most = 20 if kind in GUESTS else 30
    return sum(ask.attention_minutes for ask in alike) + ATTENTION_AND_FAVOR[kind][0] <= most


def _has_time(mine: list[Past], day: date, kind: AskKind, rules: AskRules, own_minutes: int | None) -> bool:
    """Time accepted or completed, by the day of the yes; open asks reserve nothing. No favor needs no time."""
    favor = ATTENTION_AND_FAVOR[kind][1]
    lately = [
        ask for ask in mine if ask.takes_time and day - timedelta(days=90) < ask.yes_day(rules.today) <= day
    ]
    most = 120 if own_minutes is None else min(120, own_minutes)
    return not favor or sum(ask.minutes for ask in lately) + favor <= most


def _rests(mine: list[Past], day: date, kind: AskKind, rules: AskRules) -> bool:
    """After a yes to a call, site visit or speaking; reviews and guest kinds know no rest."""
    if kind in GUESTS or kind is K.REVIEW:
        return False
    yes_days = [ask.yes_day(rules.today) for ask in mine if ask.said_yes and ask.kind in TALKS]
    return any(yes_day <= day < yes_day + timedelta(days=14) for yes_day in yes_days)


def write_down(
    session: Session, past: list[Past], person: Advocate, colleague: Advocate, rules: AskRules
) -> None:
    for ask in past:
        session.add(ask.row(colleague if ask.colleague else person, rules.zone, rules.today))
    session.flush()


def of_one(past: list[Past]) -> list[Past]:
    """The same, all of it one person's own."""
    return [replace(ask, colleague=False) for ask in past]
