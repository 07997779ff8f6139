"""Sending, answering and what it leaves behind."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal import history
from portal.accounts.models import Health
from portal.advocates.models import Advocate, AdvocateState
from portal.asks import actions, calendar_days, queries
from portal.asks.answer_codes import DeclineReason
from portal.asks.labels import IN_WORDS
from portal.asks.models import Ask, AskKind, AskState
from portal.asks.policies import BudgetWindow
from portal.asks.refusals import BudgetFull, NotEligible
from portal.errors import Conflict
from portal.outbox import Envelope
from portal.references.models import ReferenceRequest
from tenants.clock import utc_now
from tenants.models import Membership, Role
from tests.fixture_types import Travel
from tests.present import present
from tests.world import World

TODAY = calendar_days.day_of(utc_now(), ZoneInfo("Europe/Berlin"))  # where the workspaces of tests are


@pytest.fixture
def dana(acme: World) -> Membership:
    return acme.member(Role.MANAGER, name="Dana Okafor")


def ask_for(
    world: World,
    advocate: Advocate,
    by: Membership,
    kind: AskKind = AskKind.CALL,
    served: ReferenceRequest | None = None,
    **more: Any,
) -> Ask:
    served = served or world.request(requester=by)
    with world.session() as session:
        ask = actions.propose(session, kind, advocate, served, served.needed_by)
        actions.send(session, ask, by, **more)
    return ask


def topics(world: World) -> list[str]:
    with world.session() as session:
        return list(session.scalars(select(Envelope.topic).order_by(Envelope.id)))


def test_a_sent_ask_is_remembered_on_the_person_and_told_to_the_rest_of_the_house(
    acme: World, dana: Membership
) -> None:
    ada = acme.advocate()
    ask = ask_for(acme, ada, dana)
    ada = acme.reload(ada)
    assert (ask.state, ask.sent_by_id, ask.helps_name) == (AskState.SENT, dana.id, "Initech")
    assert ada.last_ask_at == ask.sent_at
    assert ada.available_from == TODAY + timedelta(days=30)
    assert topics(acme) == ["AskSent"]


def test_a_second_call_in_a_month_is_refused_with_the_day_and_the_reason(
    acme: World, dana: Membership
) -> None:
    ada = acme.advocate()
    ask_for(acme, ada, dana)
    with pytest.raises(BudgetFull) as refusal:
        ask_for(acme, ada, dana)
    free = TODAY + timedelta(days=30)
    assert f"(one call in 30 days) and is available again on {free:%a} {free.day} {free:%b}" in str(
        refusal.value
    )


def test_a_manager_overrides_one_ask_with_a_reason_that_stays_in_the_history(
    acme: World, dana: Membership
) -> None:
    ada = acme.advocate()
    ask_for(acme, ada, dana)
    ask = ask_for(acme, ada, dana, override_reason="Ada offered it herself")
    with acme.session() as session:
        lines = {line.action: line for line in history.entries_about(session, ask)}
    assert ask.override_reason == "Ada offered it herself"
    assert lines["budget_overridden"].by_name == "Dana Okafor"
    assert lines["budget_overridden"].detail["windows"].keys() == {BudgetWindow.TALKS_30}


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"limit_calls": 1}, "one call in 90 days, their own limit"),
        ({"limit_minutes": 30}, "over 30 minutes in 90 days, their own limit"),
    ],
)
def test_nobody_overrides_the_limit_a_person_has_set(
    acme: World, dana: Membership, travel: Travel, limits: dict[str, Any], words: str
) -> None:
    ada = acme.advocate(**limits)
    ask = ask_for(acme, ada, dana)
    with acme.session() as session:
        actions.accept(session, queries.get_and_lock_ask(session, ask.id))
    travel(days=40)
    with pytest.raises(BudgetFull, match=words):
        ask_for(acme, ada, dana, override_reason="But I want to")
    with pytest.raises(BudgetFull, match="at most 15 minutes"):
        ask_for(acme, acme.advocate(limit_minutes=15), dana, override_reason="But I want to")


@pytest.mark.parametrize(
    ("facts", "company", "words"),
    [
        ({"state": AdvocateState.PAUSED, "paused_at": utc_now()}, {}, "is paused"),
        ({"state": AdvocateState.DEPARTED}, {}, "isn’t in the program"),
        ({"consents": ["news"]}, {}, "hasn’t agreed to reference calls"),
        ({"accepted_ask_kinds": ["quote"]}, {}, "would rather not give reference calls"),
        ({}, {"health": Health.RED}, "health is red"),
        ({}, {"health": Health.YELLOW}, "health is yellow"),
        ({}, {"renewal_on": TODAY + timedelta(days=30)}, "which renews on"),
        ({}, {"competitors": ["initech"]}, "competes with Initech"),
        ({}, {"name": "Initech"}, "works at Initech, the prospect"),
    ],
)
def test_asks_pause_by_themselves_and_no_override_helps(
    acme: World, dana: Membership, facts: dict[str, Any], company: dict[str, Any], words: str
) -> None:
    ada = acme.advocate(account=acme.account(**company), **facts)
    with pytest.raises(NotEligible, match=words):
        ask_for(acme, ada, dana, override_reason="But I want to")
    assert topics(acme) == []


def test_nobody_is_sent_to_the_own_group_or_to_a_company_that_names_them_a_rival(
    acme: World, dana: Membership
) -> None:
    parent = acme.account(name="Initech Holding")
    acme.account(name="Initech", group_id=parent.id, competitors=["globex"])
    sister = acme.account(name="Initrode", group_id=parent.id)
    rival = acme.account(name="Globex")
    for company, words in (
        (parent, "in the same group"),
        (sister, "in the same group"),
        (rival, "competes with"),
    ):
        with pytest.raises(NotEligible, match=words):
            ask_for(acme, acme.advocate(account=company), dana, override_reason="But I want to")
    assert topics(acme) == []


def test_a_renewal_that_is_further_away_pauses_nothing(acme: World, dana: Membership) -> None:
    later = TODAY + timedelta(days=31)
    ask_for(acme, acme.advocate(account=acme.account(renewal_on=later)), dana)


def test_withdrawn_before_an_answer_gives_the_room_back(acme: World, dana: Membership) -> None:
    ada = acme.advocate()
    ask = ask_for(acme, ada, dana)
    with acme.session() as session:
        withdrawn = queries.get_and_lock_ask(session, ask.id)
        actions.withdraw(session, withdrawn, IN_WORDS, "The deal is off", by=dana)
    assert acme.reload(ada).available_from is None
    ask_for(acme, ada, dana)


def test_declined_keeps_its_place_in_the_window(acme: World, dana: Membership) -> None:
    ada = acme.advocate()
    ask = ask_for(acme, ada, dana)
    with acme.session() as session:
        actions.decline(session, queries.get_and_lock_ask(session, ask.id), DeclineReason.TOO_BUSY)
    with pytest.raises(BudgetFull):
        ask_for(acme, ada, dana)


def test_the_first_completed_act_activates_and_the_next_only_moves_the_date(
    acme: World, dana: Membership, travel: Travel
) -> None:
    ada = acme.advocate()
    for _ in range(2):
        ask = ask_for(acme, ada, dana)
        with acme.session() as session:
            answered = queries.get_and_lock_ask(session, ask.id)
            actions.accept(session, answered)
            actions.complete(session, answered)
        last = answered.completed_at
        travel(days=45)
    ada = acme.reload(ada)
    assert present(ada.activated_at) < present(ada.last_act_at) == last
    assert topics(acme) == ["AskSent", "AskAccepted", "AskCompleted"] * 2


def test_an_answer_that_never_came_expires_once(acme: World, dana: Membership, travel: Travel) -> None:
    ask = ask_for(acme, acme.advocate(), dana)
    travel(days=16)
    for expected in ([ask.id], []):
        with acme.session() as session:
            assert actions.overdue_asks(session) == expected
            actions.expire(session, ask.id)
    assert acme.reload(ask).state is AskState.EXPIRED
    assert topics(acme) == ["AskSent", "AskExpired"]


def test_a_favor_arranged_outside_counts_and_may_overfill(acme: World, dana: Membership) -> None:
    ada = acme.advocate()
    ask_for(acme, ada, dana)
    with acme.session() as session:
        actions.log_off_platform(session, AskKind.CALL, ada, acme.request(), utc_now() - timedelta(days=2))
    with acme.session() as session:
        outside = session.scalars(select(Ask).where(Ask.off_platform)).one()
    assert (outside.state, acme.reload(ada).activated_at) == (AskState.COMPLETED, outside.completed_at)
    with pytest.raises(BudgetFull):
        ask_for(acme, ada, dana)


def test_nobody_is_asked_twice_for_the_same_request(acme: World, dana: Membership) -> None:
    ada, served = acme.advocate(), acme.request()
    ask_for(acme, ada, dana, served=served)
    with pytest.raises(Conflict, match="is already being asked for this"):
        ask_for(acme, ada, dana, served=served, override_reason="again")


def test_a_second_answer_is_told_how_it_stands(acme: World, dana: Membership) -> None:
    ask = ask_for(acme, acme.advocate(), dana)
    with acme.session() as session:
        actions.accept(session, queries.get_and_lock_ask(session, ask.id))
    with pytest.raises(Conflict, match="already “accepted”"), acme.session() as session:
        actions.decline(session, queries.get_and_lock_ask(session, ask.id), DeclineReason.TOO_BUSY)


def test_a_held_ask_still_knows_its_people(acme: World, dana: Membership) -> None:
    ask = ask_for(acme, ada := acme.advocate(), dana)
    with acme.session() as session:
        held = queries.get_and_lock_ask(session, ask.id)
        actions.accept(session, held)
        assert (held.advocate.id, present(held.account).id, present(held.sent_by).name) == (
            ada.id,
            ada.account_id,
            "Dana Okafor",
        )
