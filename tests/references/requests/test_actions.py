"""What the desk and the rep do with a request, and what a stale page is told."""

import pytest
from sqlalchemy import select

from portal.asks.models import Ask, AskState
from portal.references.models import RequestState, UnfulfilledReason
from tenants.models import Role
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox, paths
from tests.references.steps import asked, filed
from tests.world import World


def test_of_two_managers_one_wins_and_the_other_is_told(
    acme: World, as_rep: Client, as_manager: Client
) -> None:
    ada, carlos = acme.advocate(first_name="Ada"), acme.advocate(first_name="Carlos")
    request, other = filed(acme, as_rep), acme.signed_in(Role.MANAGER)
    asked(as_manager, request, ada)
    for person in (ada, carlos):
        late = other.post(f"/requests/{request.id}/asks", {"advocate_id": person.id})
        assert late.status_code == 409
        assert "Ada" in late.text
    with acme.session() as session:
        assert len(session.scalars(select(Ask)).all()) == 1


def test_a_full_window_opens_only_with_a_reason(acme: World, as_rep: Client, as_manager: Client) -> None:
    ada = acme.advocate(first_name="Ada", last_name="Lindqvist")
    asked(as_manager, filed(acme, as_rep), ada)
    second = filed(acme, as_rep, prospect="Hooli")
    page = as_manager.get(f"/requests/{second.id}").text
    assert "Ask anyway…" in page
    assert as_manager.post(f"/requests/{second.id}/asks", {"advocate_id": ada.id}).status_code == 409
    given = {"advocate_id": ada.id, "override_reason": "She offered it herself"}
    assert as_manager.post(f"/requests/{second.id}/asks", given).status_code == 303


def test_the_first_word_of_the_desk_is_the_first_answer(
    acme: World, as_rep: Client, as_manager: Client
) -> None:
    request = filed(acme, as_rep)
    as_rep.post(f"/requests/{request.id}/messages", {"text": "They are in a hurry."})
    assert acme.reload(request).first_response_at is None
    as_manager.post(f"/requests/{request.id}/messages", {"text": "On it."})
    answered = acme.reload(request)
    assert (answered.state, answered.first_response_at is not None) == (RequestState.MATCHING, True)
    assert answered.due_at > request.due_at


def test_the_clock_stands_still_while_the_rep_is_asked(
    acme: World, as_rep: Client, as_manager: Client, mailbox: Mailbox, run_jobs: Jobs, travel: Travel
) -> None:
    request = filed(acme, as_rep)
    as_manager.post(f"/requests/{request.id}/questions", {"text": "Which site?"})
    run_jobs()
    assert "question" in mailbox.last(as_rep.member.email).subject
    before = acme.reload(request).due_at
    travel(hours=10)
    assert "Paused" in as_manager.get("/requests?view=waiting").text
    assert "Which site?" in as_rep.get(f"/requests/{request.id}").text
    as_rep.post(f"/requests/{request.id}/messages", {"text": "Austin."})
    restarted = acme.reload(request)
    assert (restarted.waiting_since, restarted.due_at >= before) == (None, True)


def test_a_no_goes_back_to_matching_and_the_rep_hears_it(
    acme: World, as_rep: Client, as_manager: Client, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada, request = acme.advocate(first_name="Ada", last_name="Lindqvist"), filed(acme, as_rep)
    asked(as_manager, request, ada)
    run_jobs()
    page = paths(mailbox.last(ada.email), "/a/")[0]
    assert client.post(f"{page}/not-now", {"reason": "too_busy"}).status_code == 303
    run_jobs()
    assert acme.reload(request).state is RequestState.MATCHING
    assert "No luck yet" in mailbox.last(as_rep.member.email).subject
    shown = as_rep.get(f"/requests/{request.id}").text
    assert "Lindqvist" not in shown
    assert "too busy" not in shown


def test_no_answer_in_time_goes_back_too(
    acme: World, as_rep: Client, as_manager: Client, run_jobs: Jobs, travel: Travel
) -> None:
    request = filed(acme, as_rep)
    asked(as_manager, request, acme.advocate())
    run_jobs()
    travel(days=20)
    run_jobs()
    assert acme.reload(request).state is RequestState.MATCHING


@pytest.mark.parametrize("kind", ["written", "quote", "rfp", "speaking"])
def test_what_needs_no_meeting_is_handed_over(
    acme: World,
    as_rep: Client,
    as_manager: Client,
    client: Client,
    mailbox: Mailbox,
    run_jobs: Jobs,
    kind: str,
) -> None:
    ada, request = acme.advocate(), filed(acme, as_rep, kind=kind)
    asked(as_manager, request, ada)
    run_jobs()
    assert (
        client.post(paths(mailbox.last(ada.email), "/a/")[0], {"note": "It saved us a week."}).status_code
        == 303
    )
    assert "Record delivery" in as_manager.get(f"/requests/{request.id}").text
    with acme.session() as session:
        made = session.scalars(select(Ask)).one()
    path = f"/requests/{request.id}/asks/{made.id}/delivery"
    as_manager.follow(as_manager.post(path, {"note": "Two lines, cleared"}))
    assert (acme.reload(request).state, acme.reload(made).state) == (
        RequestState.DELIVERED,
        AskState.COMPLETED,
    )
    assert as_manager.post(path, {"note": "Again"}).status_code == 409


def test_an_end_is_told_to_whoever_was_asked(
    acme: World, as_rep: Client, as_manager: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada, request = acme.advocate(), filed(acme, as_rep)
    asked(as_manager, request, ada)
    run_jobs()
    as_rep.follow(as_rep.post(f"/requests/{request.id}/withdrawal", {"reason": "They signed"}))
    run_jobs()
    assert acme.reload(request).state is RequestState.WITHDRAWN
    assert "No longer needed" in mailbox.last(ada.email).subject
    assert as_rep.post(f"/requests/{request.id}/withdrawal", {"reason": "Again"}).status_code == 409
    assert (
        as_manager.post(f"/requests/{request.id}/asks", {"advocate_id": acme.advocate().id}).status_code
        == 409
    )


def test_giving_up_keeps_the_reason(acme: World, as_rep: Client, as_manager: Client) -> None:
    request = filed(acme, as_rep)
    assert as_manager.post(f"/requests/{request.id}/unfulfilled", {}).status_code == 422
    as_manager.follow(
        as_manager.post(
            f"/requests/{request.id}/unfulfilled", {"unfulfilled_reason": "no_match", "note": "Sorry"}
        )
    )
    given_up = acme.reload(request)
    assert (given_up.state, given_up.unfulfilled_reason) == (
        RequestState.UNFULFILLED,
        UnfulfilledReason.NO_MATCH,
    )
    assert "No one fits" in as_manager.get("/requests?view=ended").text


def test_content_can_take_the_place_of_a_call(acme: World, as_rep: Client, as_manager: Client) -> None:
    request = filed(acme, as_rep)
    as_manager.follow(as_manager.post(f"/requests/{request.id}/content", {"note": "The Wabtec story"}))
    assert acme.reload(request).state is RequestState.CONTENT_ACCEPTED


def test_looking_beyond_the_region_finds_more(acme: World, as_rep: Client, as_manager: Client) -> None:
    acme.advocate(account=acme.account(region="APAC"))
    request = filed(acme, as_rep)
    assert "Include other regions (1 more)" in as_manager.get(f"/requests/{request.id}").text
    page = as_manager.follow(as_manager.post(f"/requests/{request.id}/region")).text
    assert "One person fits" in page


def test_a_rep_sees_and_touches_only_their_own(acme: World, as_rep: Client) -> None:
    theirs = filed(acme, acme.signed_in(Role.REP))
    assert as_rep.get(f"/requests/{theirs.id}").status_code == 404
    for act in ("messages", "withdrawal", "outcome", "contact"):
        assert as_rep.post(f"/requests/{theirs.id}/{act}", {"text": "x", "reason": "x"}).status_code == 404
    mine = filed(acme, as_rep)
    for act in ("asks", "questions", "unfulfilled", "content", "duplicate", "region", "clock"):
        assert as_rep.post(f"/requests/{mine.id}/{act}").status_code == 403
