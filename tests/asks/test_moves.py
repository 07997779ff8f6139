"""What else can become of an ask: known at once, changed by a guest, not ours to know."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from portal import history, policies
from portal.accounts.models import Health
from portal.advocates.ask_kind_policies import KIND_POLICIES
from portal.advocates.models import Advocate
from portal.asks import actions, budgets, calendar_days, queries
from portal.asks.answer_codes import DeclineReason
from portal.asks.budgets import BudgetStatus
from portal.asks.models import LIFECYCLE, Ask, AskKind, AskMove, AskState
from portal.asks.refusals import NotEligible
from portal.errors import Conflict
from portal.lifecycle import ImpossibleMove
from portal.references.matching import queries as matching
from tenants.models import Membership, Role
from tests.asks.test_actions import ask_for, topics
from tests.fixture_types import Travel
from tests.present import present
from tests.world import World

GUEST_KINDS = [kind for kind in AskKind if kind.is_guest]


@pytest.fixture
def dana(acme: World) -> Membership:
    return acme.member(Role.MANAGER, name="Dana Okafor")


def act(world: World, ask: Ask, what: Callable[..., None], *given: object) -> Ask:
    with world.session() as session:
        found = queries.get_and_lock_ask(session, ask.id)
        what(session, found, *given)
    return world.reload(ask)


def actions_of(world: World, ask: Ask) -> set[str]:
    with world.session() as session:
        return {line.action for line in history.entries_about(session, ask)}


def budget_of(world: World, person: Advocate, kind: AskKind) -> BudgetStatus:
    with world.session() as session:
        return budgets.budget_status(session, [person], kind)[person.id]


def test_a_survey_is_done_by_its_answer_and_is_no_act_of_advocacy(acme: World, dana: Membership) -> None:
    ada = acme.advocate()
    ask = act(acme, ask_for(acme, ada, dana, AskKind.SURVEY), actions.complete_at_once, "Fine")
    assert (ask.state, ask.note) == (AskState.COMPLETED, "Fine")
    assert ask.answered_at == ask.completed_at is not None
    assert (acme.reload(ada).activated_at, acme.reload(ada).last_act_at) == (None, None)
    assert topics(acme) == ["AskSent", "AskCompleted"]
    with pytest.raises(ImpossibleMove):
        act(acme, ask, actions.complete_at_once)


def test_what_needs_a_yes_first_is_not_done_without_one(acme: World, dana: Membership) -> None:
    ask = ask_for(acme, acme.advocate(), dana, AskKind.WRITTEN)
    with pytest.raises(ImpossibleMove):
        act(acme, ask, actions.complete)


def test_what_is_released_keeps_its_attention_and_is_nobodys_load(acme: World, dana: Membership) -> None:
    ada, request = acme.advocate(), acme.request()
    ask = act(acme, ask_for(acme, ada, dana, AskKind.REVIEW), actions.release)
    assert (ask.state, ask.answered_at) == (AskState.RELEASED, None)
    assert "released" in actions_of(acme, ask)
    assert topics(acme) == ["AskSent", "AskReleased"]
    ask_for(acme, ada, dana, AskKind.REVIEW)
    assert not budget_of(acme, ada, AskKind.REVIEW).is_free, "two reviews in 30 days"
    with acme.session() as session:
        [found] = matching.candidates(session, request).best
    assert found.load == 1, "the one that may still be answered"
    assert AskMove.ACCEPT not in LIFECYCLE.moves_from(AskState.RELEASED)


@pytest.mark.parametrize("kind", GUEST_KINDS)
def test_a_guest_changes_the_answer_until_the_record_closes(
    acme: World, dana: Membership, travel: Travel, kind: AskKind
) -> None:
    ask = ask_for(acme, acme.advocate(), dana, kind)
    ask = act(acme, ask, actions.accept, "Coming")
    first = present(ask.answered_at)
    travel(days=1)
    ask = act(acme, ask, actions.decline, DeclineReason.NO, "Ill")
    assert (ask.state, ask.decline_reason, ask.note) == (AskState.DECLINED, DeclineReason.NO, "Ill")
    ask = act(acme, ask, actions.accept)
    assert (ask.state, ask.decline_reason) == (AskState.ACCEPTED, None)
    assert present(ask.answered_at) - first >= timedelta(days=1)
    assert topics(acme) == ["AskSent", "AskAccepted", "AskDeclined", "AskAccepted"]


def test_a_guest_may_come_late_unless_there_is_a_newer_ask(
    acme: World, dana: Membership, travel: Travel
) -> None:
    ada, served = acme.advocate(), acme.request()
    late = ask_for(acme, ada, dana, AskKind.EVENT, served)
    travel(days=20)
    act(acme, late, lambda session, ask: actions.expire(session, ask.id))
    assert acme.reload(late).state is AskState.EXPIRED
    late = act(acme, late, actions.accept)
    assert (late.state, late.ended_at) == (AskState.ACCEPTED, None)
    act(acme, late, actions.decline, DeclineReason.NO)
    served = acme.request()
    one = act(acme, ask_for(acme, ada, dana, AskKind.EVENT, served), actions.decline, DeclineReason.NO)
    ask_for(acme, ada, dana, AskKind.EVENT, served)
    with pytest.raises(Conflict, match="There’s a newer ask for this"):
        act(acme, one, actions.accept)


def test_nobody_else_changes_an_answer(acme: World, dana: Membership) -> None:
    ask = act(acme, ask_for(acme, acme.advocate(), dana), actions.decline, DeclineReason.TOO_BUSY)
    with pytest.raises(ImpossibleMove):
        act(acme, ask, actions.accept)


def test_a_call_that_was_not_held_gives_its_time_back_at_once(
    acme: World, dana: Membership, travel: Travel
) -> None:
    ada = acme.advocate(limit_minutes=25)
    ask = act(acme, ask_for(acme, ada, dana), actions.accept)
    today = calendar_days.day_of(present(ask.answered_at), ZoneInfo("Europe/Berlin"))
    assert acme.reload(ada).available_from == today + timedelta(days=90)
    act(acme, ask, actions.mark_not_held)
    assert acme.reload(ada).available_from == today + timedelta(days=30), "only the month is full"


def test_health_and_willingness_stop_the_kinds_that_need_them_alone(acme: World, dana: Membership) -> None:
    ada = acme.advocate(account=acme.account(health=Health.RED), accepted_ask_kinds=["review"])
    for kind in (AskKind.REVIEW, AskKind.EVENT, AskKind.BOARD_SEAT, AskKind.SURVEY):
        ask_for(acme, ada, dana, kind)
    with pytest.raises(NotEligible, match="would rather not be in a customer story"):
        ask_for(acme, ada, dana, AskKind.STORY)
    bo = acme.advocate(account=acme.account(health=Health.RED))
    with pytest.raises(NotEligible, match="health is red"):
        ask_for(acme, bo, dana, AskKind.STORY)


def test_an_ask_may_weigh_more_or_less_than_its_kind(acme: World, dana: Membership) -> None:
    ada, served = acme.advocate(), acme.request()
    with acme.session() as session:
        ask = actions.propose(session, AskKind.SURVEY, ada, served, served.needed_by, attention_minutes=5)
        assert (ask.minutes, ask.attention_minutes) == (0, 5)
        other = actions.propose(session, AskKind.QUOTE, ada, acme.request(), served.needed_by, 45)
        assert (other.minutes, other.attention_minutes) == (45, 2)


def test_an_admin_says_what_health_stops_but_never_stops_a_review_by_it(
    acme: World, dana: Membership
) -> None:
    red = acme.account(health=Health.RED)
    with pytest.raises(NotEligible, match="health is red"):
        ask_for(acme, acme.advocate(account=red), dana, AskKind.QUOTE)
    with acme.session() as session:
        policy = KIND_POLICIES[AskKind.QUOTE]["pauses_with_account"]
        policies.change(session, policy, 0, by=acme.member(Role.ADMIN))
    ask_for(acme, acme.advocate(account=red), dana, AskKind.QUOTE)
    never = [kind for kind in AskKind if not kind.row.pauses_with_account]
    assert not [kind for kind in never if "pauses_with_account" in KIND_POLICIES.get(kind, {})]
