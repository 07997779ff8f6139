"""Whatever the program: whether an answer may be another, until when, and what a second one does."""

import pytest

from portal.advocates.models import Advocate, AdvocateState
from portal.asks import queries
from portal.asks.answer_codes import DeclineReason
from portal.asks.models import Ask, AskMove, AskState
from portal.lifecycle import move
from tenants.clock import utc_now
from tests.contracts.cases import (
    CHANGES_AT_ONCE,
    CHANGES_LATER,
    MAY_CHANGE,
    STANDS,
)
from tests.contracts.program_case import ProgramCase
from tests.contracts.program_world import ProgramWorld
from tests.fixture_types import Jobs, Travel
from tests.present import present

YES = {AskState.ACCEPTED, AskState.COMPLETED}


def some(cases: tuple[ProgramCase, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, indirect=True, ids=str)


@some(STANDS)
def test_an_answer_that_stands_is_not_another_one(here: ProgramWorld) -> None:
    ada, bo = here.world.advocate(), here.world.advocate()
    agreed, refused = here.ask(ada), here.ask(bo)
    assert (here.say_yes(agreed).status_code, here.say_no(agreed).status_code) == (303, 409)
    assert (here.say_no(refused).status_code, here.say_yes(refused).status_code) == (303, 409)
    assert here.world.reload(agreed).state in YES
    assert here.world.reload(refused).state is AskState.DECLINED


@some(MAY_CHANGE)
def test_a_no_may_become_a_yes_until_it_closes_and_not_a_moment_longer(
    here: ProgramWorld, travel: Travel, run_jobs: Jobs
) -> None:
    ask = here.ask(here.world.advocate())
    assert here.say_no(ask).status_code == 303
    assert "Change my answer" in here.open(ask).text
    assert here.say_yes(ask).status_code == 303
    run_jobs()
    before = here.world.reload(ask)
    assert before.state in YES
    with here.world.session() as session:
        until = present(here.program.answer.changeable_until(session, queries.get(session, ask.id)))
    travel(seconds=(until - utc_now()).total_seconds() + 60)
    assert (here.say_no(ask).status_code, here.say_yes(ask).status_code) == (409, 409)
    assert here.world.reload(ask).version == before.version


@some(CHANGES_LATER)
def test_a_yes_may_become_a_no_while_the_favor_is_ahead(here: ProgramWorld, run_jobs: Jobs) -> None:
    ask = here.ask(here.world.advocate())
    here.say_yes(ask)
    assert "Not now" in here.holder.get(f"{here.address(ask)}?change=1", outside=True).text
    assert here.say_no(ask).status_code == 303
    run_jobs()
    stands = here.world.reload(ask)
    assert (stands.state, stands.decline_reason) == (AskState.DECLINED, DeclineReason.TOO_BUSY)
    assert "Noted: not this time" in here.open(ask).text


@some(CHANGES_AT_ONCE)
def test_an_answer_that_was_all_is_changed_by_another_one_and_not_taken_back(here: ProgramWorld) -> None:
    ada = here.world.advocate()
    ask = here.ask(ada)
    here.say_yes(ask)
    assert not offers_no(here, ask)
    assert here.post(ask, "/not-now", {"reason": "too_often"}).status_code == 409
    assert (here.world.reload(ask).state, is_paused(here, ada)) == (AskState.COMPLETED, False)


@some(MAY_CHANGE)
def test_a_no_that_stands_or_comes_too_late_is_no_pause(here: ProgramWorld) -> None:
    """What was promised beside a reason follows from an answer that was taken, and from no other press."""
    ada, bo = here.world.advocate(), here.world.advocate()
    refused, silent = here.ask(ada), here.ask(bo)
    here.say_no(refused)
    assert not offers_no(here, refused)
    assert here.post(refused, "/not-now", {"reason": "too_often"}).status_code == 303
    assert here.world.reload(refused).decline_reason is DeclineReason.TOO_BUSY
    with here.world.session() as session:
        move(session, queries.get(session, silent.id), AskMove.EXPIRE)
    assert not offers_no(here, silent)
    assert here.post(silent, "/not-now", {"pause": "30"}).status_code == 409
    assert here.world.reload(silent).state is AskState.EXPIRED
    assert (is_paused(here, ada), is_paused(here, bo)) == (False, False)


def offers_no(here: ProgramWorld, ask: Ask) -> bool:
    page = here.holder.get(f"{here.address(ask)}?change=1", outside=True)
    return "/not-now" in page.text


def is_paused(here: ProgramWorld, person: Advocate) -> bool:
    return here.world.reload(person).state is AdvocateState.PAUSED
