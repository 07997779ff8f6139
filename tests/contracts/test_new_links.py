"""Whatever the program: a link that was replaced opens nothing, and a new one leads to the same ask."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from portal.asks.answering import new_links
from portal.asks.models import Ask, AskState
from tests.contracts.program_world import ProgramWorld
from tests.fixture_types import Jobs


def test_a_link_that_was_replaced_sends_one_that_opens(here: ProgramWorld, run_jobs: Jobs) -> None:
    ada = here.world.advocate()
    ask = here.ask(ada)
    with here.world.session() as session:
        session.get_one(Ask, (here.world.id, ask.id)).link_version += 1
    assert (here.open(ask).status_code, here.say_yes(ask).status_code) == (410, 410)
    assert here.world.reload(ask).state is AskState.SENT
    assert here.post(ask, "/new-link").status_code == 200
    run_jobs()
    newest = here.address(ask, ask.link_version + 1)
    assert newest in here.links(ada)
    assert here.holder.get(newest, outside=True).status_code == 200


@pytest.mark.parametrize("answer", [None, ProgramWorld.say_yes, ProgramWorld.say_no])
def test_after_another_address_the_former_mailbox_reads_no_answer_and_gives_none(
    here: ProgramWorld, run_jobs: Jobs, answer: Callable[[ProgramWorld, Ask], TestResponse] | None
) -> None:
    """Whatever can still be answered or changed has a new link, at the new address."""
    ada = here.world.advocate()
    ask = here.ask(ada)
    if answer:
        answer(here, ask)
    run_jobs()
    can_answer, before = answer is None or here.case.may_change, here.world.reload(ask)
    with here.world.session() as session:
        new_links.renew_links(session, ada.id)
    run_jobs()
    old = here.open(ask)
    assert (old.status_code, "This link has been replaced" in old.text) == (410, True)
    assert ("Send me the new link" in old.text) is can_answer
    refused = [here.say_yes(ask), here.say_no(ask), here.post(ask, "/still-willing")]
    assert [page.status_code for page in refused] == [410] * 3
    now, newest = here.world.reload(ask), here.address(ask, ask.link_version + 1)
    assert (now.state, now.answered_at) == (before.state, before.answered_at)
    assert (newest in here.links(ada)) is can_answer
    assert here.holder.get(newest, outside=True).status_code == 200
