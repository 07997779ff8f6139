"""Whatever the program: how an ask ends, what it still counts for, and that nobody is bothered afterwards."""

import pytest

from portal.advocates import actions as people
from portal.advocates.models import Advocate
from portal.asks import actions, budgets, queries
from portal.asks.budgets import BudgetStatus
from portal.asks.models import Ask, AskState
from portal.asks.policies import BudgetWindow
from tenants.clock import utc_now
from tests.contracts.cases import DONE_LATER
from tests.contracts.program_world import ProgramWorld
from tests.fixture_types import Jobs, Travel


def budget(here: ProgramWorld, person: Advocate) -> BudgetStatus:
    with here.world.session() as session:
        return budgets.budget_status(session, [person.id], here.case.kind)[person.id]


def is_over(here: ProgramWorld, ask: Ask) -> bool:
    """The link says how it stands, and takes no answer."""
    opened, pressed, refused = here.open(ask), here.say_yes(ask), here.say_no(ask)
    return "<form" not in opened.text and {pressed.status_code, refused.status_code} == {409}


def test_silence_expires_once_and_nobody_is_reminded_any_more(
    here: ProgramWorld, next_door: ProgramWorld, run_jobs: Jobs, travel: Travel
) -> None:
    ada = here.world.advocate()
    ask = here.ask(ada)
    run_jobs()
    emails = len(here.emails(ada))
    travel(days=(here.world.reload(ask).due_on - utc_now().date()).days + 2)
    theirs = next_door.ask(next_door.world.advocate(email=ada.email))
    run_jobs()
    silent = here.world.reload(ask)
    assert (silent.state, silent.ended_at is not None, silent.answered_at) == (AskState.EXPIRED, True, None)
    assert (here.open(ask).status_code, len(here.emails(ada))) == (410, emails)
    assert next_door.world.reload(theirs).state is AskState.SENT
    run_jobs()
    assert here.world.reload(ask).version == silent.version


def test_taken_back_before_an_answer_it_never_counted(
    here: ProgramWorld, next_door: ProgramWorld, run_jobs: Jobs
) -> None:
    ada = here.world.signed_in_advocate()
    theirs = next_door.ask(next_door.world.advocate())
    before = budget(here, ada.advocate)
    ask = here.ask(ada.advocate)
    here.withdraw(ask)
    run_jobs()
    back = here.world.reload(ask)
    assert (back.state, back.ended_at is not None) == (AskState.WITHDRAWN, True)
    assert budget(here, ada.advocate) == before
    assert is_over(here, ask)
    assert here.address(ask) not in ada.get("/my/asks").text
    assert next_door.world.reload(theirs).state is AskState.SENT


@pytest.mark.parametrize("case", DONE_LATER, indirect=True, ids=str)
def test_taken_back_after_a_yes_it_is_over_and_gives_its_time_back(
    here: ProgramWorld, run_jobs: Jobs
) -> None:
    ada = here.world.advocate()
    ask = here.ask(ada)
    assert has_two_hours(here, ada)
    here.say_yes(ask)
    run_jobs()
    assert has_two_hours(here, ada) is (ask.minutes == 0)
    here.withdraw(ask)
    run_jobs()
    assert here.world.reload(ask).state is AskState.WITHDRAWN
    assert has_two_hours(here, ada)
    assert here.world.reload(ada).last_act_at is None
    page = here.open(ask).text
    assert ("No longer needed" in page, "Change my answer" in page) == (True, False)
    assert is_over(here, ask)


def has_two_hours(here: ProgramWorld, person: Advocate) -> bool:
    """All the time there is in 90 days, so that no favor fits beside it."""
    with here.world.session() as session:
        room = budgets.budget_status(session, [person.id], here.case.kind, 120)[person.id]
    return BudgetWindow.FAVOR_TIME not in room.full_windows


def test_whoever_leaves_the_program_is_asked_nothing_any_more(here: ProgramWorld, run_jobs: Jobs) -> None:
    ada, bo = here.world.advocate(), here.world.advocate()
    ask, other = here.ask(ada), here.ask(bo)
    run_jobs()
    with here.world.session() as session:
        people.depart(session, session.get_one(Advocate, (here.world.id, ada.id)))
    run_jobs()
    assert here.world.reload(ask).state is AskState.WITHDRAWN
    assert here.world.reload(other).state is AskState.SENT
    assert is_over(here, ask)


def test_released_it_counts_for_the_budget_and_for_nothing_else(here: ProgramWorld, run_jobs: Jobs) -> None:
    ada = here.world.signed_in_advocate()
    ask = here.ask(ada.advocate)
    run_jobs()
    counted = budget(here, ada.advocate)
    with here.world.session() as session:
        actions.release(session, queries.get(session, ask.id))
    run_jobs()
    assert here.world.reload(ask).state is AskState.RELEASED
    assert budget(here, ada.advocate) == counted
    person = here.world.reload(ada.advocate)
    assert (person.last_act_at, person.activated_at) == (None, None)
    assert "No impact yet" in ada.get("/my/impact").text
    assert "withdrawn" not in here.open(ask).text
    assert is_over(here, ask)


def test_done_it_is_an_act_of_advocacy_where_its_kind_is_one(
    here: ProgramWorld, run_jobs: Jobs, travel: Travel
) -> None:
    ada = here.world.advocate()
    ask = here.ask(ada)
    run_jobs()
    assert here.say_yes(ask).status_code == 303
    run_jobs()
    here.case.finish(here.world, here.manager, ask, travel)
    run_jobs()
    done, person = here.world.reload(ask), here.world.reload(ada)
    assert (done.state, done.completed_at is not None) == (AskState.COMPLETED, True)
    assert person.last_act_at == (done.completed_at if here.case.kind.row.is_act else None)
    assert here.open(ask).status_code == 200


@pytest.mark.parametrize("case", DONE_LATER, indirect=True, ids=str)
def test_what_fell_through_gives_its_time_back(here: ProgramWorld, run_jobs: Jobs) -> None:
    ada = here.world.advocate()
    ask = here.ask(ada)
    here.say_yes(ask)
    run_jobs()
    with here.world.session() as session:
        actions.mark_not_held(session, queries.get(session, ask.id))
    run_jobs()
    fell = here.world.reload(ask)
    assert (fell.state, fell.ended_at is not None) == (AskState.NOT_HELD, True)
    assert here.world.reload(ada).last_act_at is None
    assert here.open(ask).status_code == 200
