"""The day on which a person is free again, for each kind of ask but the call, against the budget counted by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.accounts.models import Account
from portal.asks import actions, advocate_activity, calendar_days
from portal.asks.availability_by_kind import KINDS, available_from_by_kind
from portal.asks.labels import IN_WORDS
from portal.asks.models import AskKind
from portal.asks.policies import ask_rules
from portal.web.dispatch import Portal
from tenants.models import Role
from tests.asks.budget_by_hand import Past, first_day_by_hand, pasts, write_down
from tests.client import Client
from tests.world import World, again


@pytest.fixture(scope="module")
def world(app: Portal) -> World:
    return World.build(app, "Kinds")


@pytest.fixture(scope="module")
def corvid(world: World) -> Account:
    return world.account("Corvid")


@settings(max_examples=60)
@given(
    past=st.lists(pasts(), max_size=14),
    own_talks=st.sampled_from([None, 1, 3]),
    own_minutes=st.sampled_from([None, 60, 300]),
)
def test_every_kind_is_free_on_the_day_found_by_trying_every_day(
    world: World, corvid: Account, past: list[Past], own_talks: int | None, own_minutes: int | None
) -> None:
    ada = world.advocate(account=corvid, limit_calls=own_talks, limit_minutes=own_minutes)
    bo = world.advocate(account=corvid)
    with world.session() as session, session.begin_nested() as try_out:
        rules = ask_rules(session)
        write_down(session, past, ada, bo, rules)
        advocate_activity.refresh_available_from(session, [ada.id])
        found = available_from_by_kind(session, ada.id)
        try_out.rollback()
    by_hand: dict[AskKind, date | None] = {
        kind: first_day_by_hand(past, kind, rules, own_talks, own_minutes) for kind in KINDS
    }
    waits = {kind: day for kind, day in by_hand.items() if day and day > rules.today}
    assert {kind: day for kind, day in found.items() if by_hand[kind]} == waits  # others never are: too large


def quoted(world: World, times: int) -> tuple[dict[AskKind, date], date]:
    ada, by = world.advocate(), world.member(Role.MANAGER)
    for _ in range(times):
        request = world.request(kind=AskKind.QUOTE)
        with world.session() as session:
            ask = actions.propose(session, AskKind.QUOTE, ada, request, request.needed_by)
            actions.send(session, ask, by)
    with world.session() as session:
        return available_from_by_kind(session, ada.id), calendar_days.today(session)


def test_two_quotes_fill_the_month_of_quotes_and_of_nothing_else(acme: World) -> None:
    assert quoted(acme, 1)[0] == {}
    found, today = quoted(acme, 2)
    assert found == {AskKind.QUOTE: today + timedelta(days=30)}


def test_a_withdrawn_ask_leaves_the_person_free_and_the_page_says_when_they_are_not(
    as_manager: Client, acme: World
) -> None:
    ada, asks = acme.advocate(), []
    for _ in range(2):
        request = acme.request(kind=AskKind.QUOTE)
        with acme.session() as session:
            ask = actions.propose(session, AskKind.QUOTE, ada, request, request.needed_by)
            actions.send(session, ask, as_manager.member)
            asks.append(ask)
    assert "Also later: quote or logo from" in as_manager.get(f"/advocates/{ada.id}").text
    with acme.session() as session:
        actions.withdraw(session, again(session, asks[0]), IN_WORDS, "Not needed")
    with acme.session() as session:
        assert available_from_by_kind(session, ada.id) == {}
