"""The budget in SQL against the budget counted by hand, and the words for what is full."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal import policies
from portal.advocates.ask_kind_policies import KIND_POLICIES
from portal.advocates.models import Advocate
from portal.asks import budgets
from portal.asks.budgets import BudgetStatus
from portal.asks.models import AskKind, AskState
from portal.asks.policies import AskRules, ask_rules
from portal.web.dispatch import Portal
from tenants.models import Role
from tests.asks.budget_by_hand import GUESTS, Past, first_day_by_hand, of_one, pasts, write_down
from tests.world import World, again

TALKED = Past(AskKind.CALL, 20, 10, AskState.COMPLETED, 0)
TALKED_LATE = Past(AskKind.SPEAKING, 90, 160, AskState.ACCEPTED, 85)
A_LOT = settings(max_examples=150)


@pytest.fixture(scope="module")
def world(app: Portal) -> World:
    return World.build(app, "Ledger")


@pytest.fixture(scope="module")
def colleagues(world: World) -> tuple[Advocate, Advocate]:
    corvid = world.account("Corvid")
    return world.advocate(account=corvid), world.advocate(account=corvid)


def status(
    world: World,
    colleagues: tuple[Advocate, Advocate],
    past: list[Past],
    kind: AskKind,
    own_talks: int | None = None,
    own_minutes: int | None = None,
) -> tuple[BudgetStatus, AskRules]:
    """How the budget of the first with this past and these limits stands; nothing of it is kept."""
    with world.session() as session, session.begin_nested() as try_out:
        ada, bo = (again(session, each) for each in colleagues)
        ada.limit_calls, ada.limit_minutes = own_talks, own_minutes
        rules = ask_rules(session)
        write_down(session, past, ada, bo, rules)
        found = budgets.budget_status(session, [ada], kind)[ada.id]
        try_out.rollback()
    return found, rules


@A_LOT
@given(
    past=st.lists(pasts(), max_size=14),
    kind=st.sampled_from(AskKind),
    own_talks=st.sampled_from([None, 1, 3]),
    own_minutes=st.sampled_from([None, 15, 60, 300]),
)
@example(past=[TALKED], kind=AskKind.CALL, own_talks=None, own_minutes=None)
@example(past=[TALKED_LATE], kind=AskKind.SPEAKING, own_talks=None, own_minutes=None)
def test_the_first_free_day_is_the_one_found_by_trying_every_day(
    world: World,
    colleagues: tuple[Advocate, Advocate],
    past: list[Past],
    kind: AskKind,
    own_talks: int | None,
    own_minutes: int | None,
) -> None:
    found, rules = status(world, colleagues, past, kind, own_talks, own_minutes)
    by_hand = first_day_by_hand(past, kind, rules, own_talks, own_minutes)
    assert found.available_from == by_hand
    assert found.is_free == (by_hand == rules.today)
    assert bool(found.reasons) == bool(found.full_windows)


@A_LOT
@given(past=st.lists(pasts(GUESTS), max_size=30))
def test_no_history_of_events_board_meetings_and_surveys_ever_blocks_a_call(
    world: World, colleagues: tuple[Advocate, Advocate], past: list[Past]
) -> None:
    found, rules = status(world, colleagues, of_one(past), AskKind.CALL)
    assert (found.is_free, found.available_from) == (True, rules.today)


def _room(
    world: World, *past: Past, kind: AskKind = AskKind.CALL, company: str = "", **facts: Any
) -> BudgetStatus:
    account = world.account(company)
    ada, bo = world.advocate(account=account, **facts), world.advocate(account=account)
    with world.session() as session:
        write_down(session, list(past), ada, bo, ask_rules(session))
        return budgets.budget_status(session, [ada], kind)[ada.id]


def _call(
    age: int,
    *,
    colleague: bool = False,
    state: AskState = AskState.DECLINED,
    kind: AskKind = AskKind.CALL,
    minutes: int = 20,
) -> Past:
    return Past(kind, minutes, age, state, None if state is AskState.SENT else 0, colleague)


def test_the_fifth_call_for_one_company_waits_and_the_reason_names_the_company(acme: World) -> None:
    room = _room(acme, *[_call(age, colleague=True) for age in (70, 60, 50, 40)], company="Corvid")
    assert [str(words) for words in room.reasons] == ["four calls for Corvid in 90 days"]
    assert room.available_from == room.today + timedelta(days=20)


def test_an_own_limit_wins_when_it_is_stricter(acme: World) -> None:
    room = _room(acme, _call(50), limit_calls=1)
    assert [str(words) for words in room.reasons] == ["one call in 90 days, their own limit"]
    assert (room.talks_90, room.most_talks_90, room.is_own_limit) == (1, 1, True)


def test_a_yes_to_a_talk_gives_fourteen_days_of_rest_from_every_kind_but_reviews_and_guest_kinds(
    acme: World,
) -> None:
    talked = _call(3, kind=AskKind.SPEAKING, state=AskState.ACCEPTED, minutes=60)
    room = _room(acme, talked, kind=AskKind.WRITTEN)
    assert [str(words) for words in room.reasons] == ["on a 14-day break after their last yes"]
    assert room.available_from == room.today + timedelta(days=11)
    for kind in (AskKind.REVIEW, AskKind.EVENT, AskKind.BOARD_MEETING, AskKind.SURVEY):
        assert _room(acme, talked, kind=kind).is_free


def test_a_yes_to_another_kind_starts_a_rest_only_where_an_admin_says_so(acme: World) -> None:
    quoted = _call(3, kind=AskKind.QUOTE, state=AskState.ACCEPTED, minutes=10)
    assert _room(acme, quoted, kind=AskKind.WRITTEN).is_free
    with acme.session() as session:
        policies.change(session, KIND_POLICIES[AskKind.QUOTE]["rest_days"], 7, by=acme.member(Role.ADMIN))
    room = _room(acme, quoted, kind=AskKind.WRITTEN)
    assert [str(words) for words in room.reasons] == ["on a break after their last yes"]
    assert room.available_from == room.today + timedelta(days=4)


def test_open_asks_reserve_no_time_and_what_did_not_come_about_gives_it_back(acme: World) -> None:
    def asked(state: AskState) -> Past:
        return Past(AskKind.STORY, 60, 40, state, None if state is AskState.SENT else 0)

    for state in (AskState.SENT, AskState.NOT_HELD, AskState.WITHDRAWN):
        assert _room(acme, asked(state), asked(state), kind=AskKind.SITE_VISIT).is_free
    room = _room(acme, asked(AskState.ACCEPTED), kind=AskKind.SITE_VISIT)
    assert [str(words) for words in room.reasons] == ["would give over 120 minutes in 90 days"]
    assert room.available_from == room.today + timedelta(days=50)


def test_time_counts_from_the_day_of_the_yes(acme: World) -> None:
    said_yes = Past(AskKind.STORY, 60, 100, AskState.COMPLETED, 30)
    room = _room(acme, said_yes, kind=AskKind.SITE_VISIT)
    assert room.available_from == room.today + timedelta(days=20)


def test_asking_a_lot_wears_out_attention_whatever_the_answers(acme: World) -> None:
    asked = [
        Past(kind, 10, age, AskState.RELEASED if kind is AskKind.REVIEW else AskState.EXPIRED)
        for age in (35, 50, 65)
        for kind in (AskKind.QUOTE, AskKind.REVIEW, AskKind.RFP, AskKind.WRITTEN)
    ]
    room = _room(acme, *asked, kind=AskKind.CALL)
    assert [str(words) for words in room.reasons] == [
        "would spend over 30 minutes on our questions in 90 days"
    ]
    assert room.available_from == room.today + timedelta(days=25)
    assert _room(acme, *asked, kind=AskKind.SURVEY).is_free


def test_invitations_and_surveys_have_a_limit_of_their_own(acme: World) -> None:
    invited = [Past(AskKind.EVENT, 0, 40 + age, AskState.EXPIRED) for age in range(20)]
    room = _room(acme, *invited, kind=AskKind.SURVEY)
    assert [str(words) for words in room.reasons] == [
        "would spend over 20 minutes on invitations and surveys in 90 days"
    ]
    four = [Past(AskKind.EVENT, 0, age, AskState.SENT) for age in (2, 3, 4, 5)]
    assert _room(acme, *four[:3], kind=AskKind.EVENT).is_free
    room = _room(acme, *four, kind=AskKind.EVENT)
    assert [str(words) for words in room.reasons] == ["four event invitations in 30 days"]


def test_what_is_longer_than_the_own_limit_never_fits(acme: World) -> None:
    room = _room(acme, kind=AskKind.SITE_VISIT, limit_minutes=60)
    assert (room.available_from, str(room.too_large_reason)) == (
        None,
        "gives at most 60 minutes in 90 days (their own limit)",
    )


def test_two_quotes_in_a_month_are_enough_but_a_written_reference_still_fits(acme: World) -> None:
    quotes = [_call(age, kind=AskKind.QUOTE, minutes=10) for age in (9, 5)]
    assert not _room(acme, *quotes, kind=AskKind.QUOTE).is_free
    assert _room(acme, *quotes, kind=AskKind.WRITTEN).is_free


def test_a_workspace_may_change_what_a_kind_weighs(acme: World) -> None:
    quoted = _call(40, kind=AskKind.QUOTE, state=AskState.COMPLETED, minutes=40)
    own = {"favor_minutes": 90, "attention_minutes": 31}
    assert _room(acme, quoted, kind=AskKind.RFP).is_free
    with acme.session() as session:
        admin = acme.member(Role.ADMIN)
        policies.change(session, KIND_POLICIES[AskKind.RFP]["favor_minutes"], own["favor_minutes"], by=admin)
    room = _room(acme, quoted, kind=AskKind.RFP)
    assert [str(words) for words in room.reasons] == ["would give over 120 minutes in 90 days"]
    with acme.session() as session:
        policies.change(
            session, KIND_POLICIES[AskKind.RFP]["attention_minutes"], own["attention_minutes"], by=admin
        )
    room = _room(acme, kind=AskKind.RFP)
    assert str(room.too_large_reason) == "this workspace’s limits don’t allow requests of this kind"
