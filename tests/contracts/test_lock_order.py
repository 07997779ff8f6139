"""Whatever the program: its record is locked first, then company, person and ask, so that nobody waits in a circle."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from portal.asks import queries
from portal.asks.answering import new_links
from portal.asks.models import Ask
from tenants.clock import utc_now
from tests.contracts.locks import PEOPLE, Transaction, out_of_order, transactions
from tests.contracts.program_world import ProgramWorld
from tests.fixture_types import Jobs, Travel

PRESSED: dict[str, Callable[[ProgramWorld, Ask], TestResponse]] = {
    "yes": ProgramWorld.say_yes,
    "not now": ProgramWorld.say_no,
    "hide": lambda here, ask: here.post(ask, "/dismissal"),
    "another answer": lambda here, ask: here.post(ask, "/other-answer", {"answer": "maybe"}),
    "too late": lambda here, ask: here.post(ask, "/still-willing"),
}


def records(here: ProgramWorld, ask: Ask) -> list[str]:
    """The tables that the program locks for an ask of its own."""
    with transactions() as done, here.world.session() as session:
        here.program.answer.lock(session, queries.get(session, ask.id))
    return [table for one in done for table in one.tables]


def test_for_its_lock_a_program_takes_its_own_record_and_no_people(here: ProgramWorld) -> None:
    taken = records(here, here.ask(here.world.advocate()))
    assert taken
    assert not {*taken} & {*PEOPLE}


@pytest.mark.parametrize("button", PRESSED)
def test_every_button_of_the_answer_page_locks_in_one_order(here: ProgramWorld, button: str) -> None:
    ask = here.ask(here.world.advocate())
    first = records(here, ask)
    here.open(ask)  # the form's secret
    with transactions() as done:
        PRESSED[button](here, ask)
    (acted,) = [one.tables for one in done if "asks" in one.tables]
    assert [table for table in acted if table in (*first, *PEOPLE)] == [*first, *PEOPLE]


def test_from_the_ask_to_the_last_worker_nobody_locks_against_the_order(
    here: ProgramWorld, run_jobs: Jobs, travel: Travel
) -> None:
    first = records(here, here.ask(here.world.advocate()))
    with transactions() as done:
        for answer in (ProgramWorld.say_yes, ProgramWorld.say_no, None):
            ask = here.ask(here.world.advocate())
            run_jobs()
            if answer:
                answer(here, ask)
        run_jobs()
        travel(days=(here.world.reload(ask).due_on - utc_now().date()).days + 2)
        run_jobs()
    assert len(done) > 5
    assert out_of_order(done, first) == []


def test_new_links_for_a_new_address_lock_all_records_before_all_people(here: ProgramWorld) -> None:
    ada = here.world.advocate()
    ask = here.ask(ada)
    first = records(here, ask)
    with transactions() as done, here.world.session() as session:
        new_links.renew_links(session, ada.id)
    assert out_of_order(done, first) == []
    assert here.world.reload(ask).link_version == ask.link_version + 1


def test_an_order_that_is_another_one_is_seen() -> None:
    wrong, right = Transaction(), Transaction()
    for table in ("advocates", "deals", "asks"):
        wrong.note(f"SELECT id FROM {table} FOR NO KEY UPDATE")
    right.note("INSERT INTO asks (id) VALUES (1)")
    for table in ("deals", "advocates"):
        right.note(f"UPDATE {table} SET id = 1")
    right.note("UPDATE asks SET id = 1")
    assert right.tables == ["deals", "advocates"]
    assert out_of_order([wrong, right], ["deals"]) == [["advocates", "deals", "asks"]]
