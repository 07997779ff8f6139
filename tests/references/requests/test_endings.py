"""How a request ends: who is told what, and that an end is an end for everybody."""

from sqlalchemy import select

from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskState
from portal.references.models import ReferenceRequest, RequestState
from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox, paths
from tests.references.steps import asked, filed
from tests.world import World


def test_closing_lets_go_of_whoever_was_asked_besides(
    acme: World, as_rep: Client, as_manager: Client, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada, carlos = acme.advocate(email="ada@wabtec.example"), acme.advocate(email="carlos@stark.example")
    request = filed(acme, as_rep, kind="written", references_needed="2")
    asked(as_manager, request, ada)
    asked(as_manager, request, carlos)
    run_jobs()
    handed_over(acme, as_manager, client, mailbox, request, ada)
    assert "We’ll tell the customer we asked" in as_rep.get(f"/requests/{request.id}").text

    assert (
        as_rep.post(f"/requests/{request.id}/outcome", {"outcome": "lost", "currency": "EUR"}).status_code
        == 303
    )
    run_jobs()
    assert acme.reload(ask_to(acme, carlos)).state is AskState.WITHDRAWN
    assert "No longer needed" in mailbox.last(carlos.email).subject
    assert "How it turned out" in mailbox.last(ada.email).subject


def test_a_line_for_the_customer_reaches_the_customer(
    acme: World, as_rep: Client, as_manager: Client, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada, request = acme.advocate(email="ada@wabtec.example"), filed(acme, as_rep, kind="written")
    asked(as_manager, request, ada)
    run_jobs()
    handed_over(acme, as_manager, client, mailbox, request, ada)
    for line in ("", "Your two lines settled it.", "Your two lines settled it."):
        as_rep.post(f"/requests/{request.id}/outcome", {"outcome": "won", "currency": "EUR", "note": line})
        run_jobs()
    assert "Your two lines settled it." in mailbox.last(ada.email).text
    assert len([one for one in mailbox.to(ada.email) if one.subject.startswith("You helped")]) == 2


def test_content_in_place_of_a_call_is_told_to_the_rep_alone(
    acme: World, as_rep: Client, as_manager: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada, request = acme.advocate(email="ada@wabtec.example"), filed(acme, as_rep)
    asked(as_manager, request, ada)
    as_manager.follow(as_manager.post(f"/requests/{request.id}/content", {"note": "The Stark story"}))
    run_jobs()
    email = mailbox.last(as_rep.member.email)
    assert "Closed with content" in email.subject
    assert "The Stark story" in email.text
    assert "Stark story" not in "".join(one.text for one in mailbox.to(ada.email))


def test_two_requests_are_never_duplicates_of_each_other(
    acme: World, as_rep: Client, as_manager: Client
) -> None:
    first, second, third = (filed(acme, as_rep) for _ in range(3))
    mark(as_manager, second, first, 303)
    mark(as_manager, first, second, 409)
    as_rep.post(f"/requests/{third.id}/withdrawal", {"reason": "They signed"})
    mark(as_manager, first, third, 409)
    assert acme.reload(first).state is RequestState.SUBMITTED


def test_a_clock_that_runs_and_a_request_that_ended_are_left_as_they_are(
    acme: World, as_rep: Client, as_manager: Client
) -> None:
    request = filed(acme, as_rep)
    assert as_manager.post(f"/requests/{request.id}/clock").status_code == 409
    as_rep.post(f"/requests/{request.id}/withdrawal", {"reason": "They signed"})
    late = as_manager.post(f"/requests/{request.id}/region")
    assert late.status_code == 409
    assert "This request has ended" in late.text
    assert acme.reload(request).region_relaxed is False
    assert "Resumed the clock" not in as_manager.get(f"/requests/{request.id}").text


def ask_to(world: World, advocate: Advocate) -> Ask:
    with world.session() as session:
        return session.scalars(select(Ask).where(Ask.advocate_id == advocate.id)).one()


def handed_over(
    world: World,
    manager: Client,
    client: Client,
    mailbox: Mailbox,
    request: ReferenceRequest,
    advocate: Advocate,
) -> None:
    """The advocate says yes and the desk records what came."""
    client.post(paths(mailbox.last(advocate.email), "/a/")[0], {"note": "It saved us a week."})
    path = f"/requests/{request.id}/asks/{ask_to(world, advocate).id}/delivery"
    assert manager.post(path, {"note": "Two lines, cleared"}).status_code == 303


def mark(manager: Client, request: ReferenceRequest, of: ReferenceRequest, status: int) -> None:
    answer = manager.post(f"/requests/{request.id}/duplicate", {"number": f"R-{of.number}"})
    assert answer.status_code == status
