"""The budget in SQL against the budget counted by hand, and the words for what is full."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.accounts.models import Account
from portal.asks import budgets
from portal.asks.budgets import BudgetStatus
from portal.asks.models import AskKind, AskState
from portal.asks.policies import ask_rules
from portal.web.dispatch import Portal
from tests.asks.budget_by_hand import Past, first_day_by_hand, pasts, write_down
from tests.world import World

TALKED = Past(AskKind.CALL, 20, 10, AskState.COMPLETED, 0, colleague=False)


@pytest.fixture(scope="module")
def world(app: Portal) -> World:
    return World.build(app, "Ledger")


@pytest.fixture(scope="module")
def corvid(world: World) -> Account:
    return world.account("Corvid")


@settings(max_examples=100)
@given(
    past=st.lists(pasts(), max_size=14),
    kind=st.sampled_from(AskKind),
    own_talks=st.sampled_from([None, 1, 3]),
    own_minutes=st.sampled_from([None, 15, 60, 300]),
)
@example(past=[TALKED], kind=AskKind.CALL, own_talks=None, own_minutes=None)
def test_the_first_free_day_is_the_one_found_by_trying_every_day(
    world: World,
    corvid: Account,
    past: list[Past],
    kind: AskKind,
    own_talks: int | None,
    own_minutes: int | None,
) -> None:
    ada = world.advocate(account=corvid, limit_calls=own_talks, limit_minutes=own_minutes)
    bo = world.advocate(account=corvid)
    with world.session() as session, session.begin_nested() as try_out:
        rules = ask_rules(session)
        write_down(world, session, past, ada, bo, rules)
        found = budgets.budget_status(session, [ada], kind)[ada.id]
        try_out.rollback()
    by_hand = first_day_by_hand(past, kind, kind.minutes, rules, own_talks, own_minutes)
    assert found.available_from == by_hand
    assert found.is_free == (by_hand == rules.today)
    assert bool(found.reasons) == bool(found.full_windows)


def _room(
    world: World, *past: Past, kind: AskKind = AskKind.CALL, company: str = "", **facts: Any
) -> BudgetStatus:
    account = world.account(company)
    ada, bo = world.advocate(account=account, **facts), world.advocate(account=account)
    with world.session() as session:
        write_down(world, session, list(past), ada, bo, ask_rules(session))
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


def test_a_yes_gives_fourteen_days_of_rest_from_every_kind(acme: World) -> None:
    room = _room(
        acme, _call(3, kind=AskKind.QUOTE, state=AskState.ACCEPTED, minutes=10), kind=AskKind.WRITTEN
    )
    assert [str(words) for words in room.reasons] == ["on a 14-day break after their last yes"]
    assert room.available_from == room.today + timedelta(days=11)


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
