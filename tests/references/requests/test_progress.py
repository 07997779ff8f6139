"""A request whose only ask came to nothing looks for somebody again, and its page says so."""

from sqlalchemy import select

from portal.asks.answer_codes import DeclineReason
from portal.asks.answering.actions import decline
from portal.asks.models import Ask
from portal.declarations.answers import DeclineAnswer
from tests.client import Client
from tests.fixture_types import Jobs
from tests.references.steps import asked, filed
from tests.world import World


def test_after_a_no_the_later_steps_are_ahead_again_and_say_why(
    acme: World, as_rep: Client, as_manager: Client, run_jobs: Jobs
) -> None:
    ada = acme.advocate()
    request = filed(acme, as_rep)
    asked(as_manager, request, ada)
    with acme.session() as session:
        ask = session.scalars(select(Ask).where(Ask.subject_id == request.id)).one()
        decline(session, ask.id, DeclineAnswer(DeclineReason.TOO_BUSY))
    run_jobs()
    page = as_manager.get(f"/requests/{request.id}").text
    assert page.count('class="done"') == 1
    for words in (
        "Returned on",
        ": said no</span>",
        "Too busy right now.",
        "Close without a reference…",
        "The list below says why",
    ):
        assert words in page
