"""Whatever program an ask is of: it is listed, opened, answered, changed, hidden and expires, without the desk."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import history, links, policies
from portal.accounts.models import Deal
from portal.advocates.models import Advocate
from portal.asks import actions, queries
from portal.asks.labels import LEFT_PROGRAM
from portal.asks.models import Ask, AskState
from portal.outreach.models import Email
from portal.outreach.sequences.actions import start_run
from portal.outreach.sequences.default_sequences import ensure_default_sequence
from portal.outreach.sequences.models import RunState, SequenceRun, StopReason
from portal.references.asking.emails import ASK_REMINDERS
from portal.references.emails import advocate_recipient
from portal.references.models import ReferenceRequest
from tenants.clock import utc_now
from tenants.models import Role
from tests.asks.dinners import DINNERS, KIND, declared
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.world import World


@pytest.fixture(autouse=True)
def _dinners(acme: World) -> Iterator[None]:
    with declared(DINNERS):
        with acme.session() as session:
            policies.change(session, DINNERS.switch, 1, by=acme.member(Role.ADMIN))
        yield


def invite(world: World, advocate: Advocate | None = None, days: int = 10) -> Ask:
    """An ask of the program, sent; the dinner takes place in some days."""
    deal = world.deal("Initech", close_on=(utc_now() + timedelta(days=days)).date())
    with world.session() as session:
        ask = actions.propose(
            session,
            KIND,
            advocate or world.advocate(),
            deal,
            (utc_now() + timedelta(days=5)).date(),
            helps_name="Porto",
            why="You know the cook.",
        )
        actions.send(session, ask, world.member(Role.MANAGER, name="Dana Okafor"))
    return ask


def address(ask: Ask, version: int | None = None) -> str:
    token = links.token(links.LinkPurpose.ANSWER, ask.tenant_id, ask.id, version or ask.link_version)
    return f"/a/{token}"


def told(world: World, ask: Ask) -> list[str]:
    """What the program wrote about its record, oldest first."""
    with world.session() as session:
        deal = session.get_one(Deal, (ask.tenant_id, ask.subject_id))
        return [line.action for line in reversed(history.entries_about(session, deal))]


def test_it_is_listed_beside_those_of_the_desk_and_opens(
    acme: World, as_advocate: Client, client: Client
) -> None:
    ask = invite(acme, as_advocate.advocate)
    page = as_advocate.get("/my/asks").text
    for words in ("Will you come to dinner in Porto?", "You know the cook.", "Two hours", "Hide for 30 days"):
        assert words in page
    opened = client.get(address(ask), outside=True)
    assert opened.status_code == 200
    for words in ("From Dana Okafor at Acme", "Which dish?", "Maybe", "Not now", "Ask a question first"):
        assert words in opened.text


def test_a_yes_is_the_programs_and_may_be_another_until_the_day(
    acme: World, client: Client, run_jobs: Jobs, travel: Travel
) -> None:
    ask = invite(acme)
    assert client.post(address(ask), {"dish": ""}, outside=True).status_code == 422
    after = client.follow(client.post(address(ask), {"dish": "Bacalhau"}, outside=True))
    assert "You can change your answer until" in after.text
    assert (acme.reload(ask).state, acme.reload(ask).note) == (AskState.ACCEPTED, "Bacalhau")
    changing = client.get(f"{address(ask)}?change=1", outside=True)
    assert (changing.status_code, "Which dish?" in changing.text) == (200, True)
    no = client.post(f"{address(ask)}/not-now", {"reason": "too_busy"}, outside=True)
    assert (no.status_code, acme.reload(ask).state) == (303, AskState.DECLINED)
    yes = client.post(address(ask), {"dish": "Soup"}, outside=True)
    assert (yes.status_code, acme.reload(ask).state) == (303, AskState.ACCEPTED)
    run_jobs()
    lines = told(acme, ask)
    assert [line for line in lines if not line.startswith("followed")] == [
        "dish_chosen",
        "seat_free",
        "dish_chosen",
    ]
    assert {"followed_accepted", "followed_declined"} <= set(lines)
    travel(days=11)
    late = client.post(f"{address(ask)}/not-now", {"reason": "too_busy"}, outside=True)
    assert (late.status_code, acme.reload(ask).state) == (409, AskState.ACCEPTED)


def test_maybe_keeps_the_question_open(acme: World, client: Client) -> None:
    ask = invite(acme)
    assert client.post(f"{address(ask)}/other-answer", {"answer": "perhaps"}, outside=True).status_code == 404
    page = client.follow(client.post(f"{address(ask)}/other-answer", {"answer": "maybe"}, outside=True))
    assert "A yes or no is still welcome." in page.text
    stands = acme.reload(ask)
    assert (stands.state, stands.answered_at is not None) == (AskState.SENT, True)


def test_silence_expires_and_a_late_yes_still_counts(
    acme: World, client: Client, travel: Travel, run_jobs: Jobs
) -> None:
    ask = invite(acme)
    travel(days=7)
    with acme.session() as session:
        actions.expire(session, ask.id)
    run_jobs()
    assert set(told(acme, ask)) == {"followed_expired"}  # each message is handled twice here
    page = client.get(address(ask), outside=True)
    assert (page.status_code, "It isn’t too late." in page.text) == (410, True)
    client.post(address(ask), {"dish": "Soup"}, outside=True)
    late = acme.reload(ask)
    assert (late.state, late.ended_at) == (AskState.ACCEPTED, None)


def test_what_is_hidden_comes_back_and_is_not_reminded_of(
    acme: World, as_advocate: Client, client: Client, travel: Travel
) -> None:
    ask = invite(acme, as_advocate.advocate)
    with acme.session() as session:
        start_run(
            session,
            ensure_default_sequence(session, ASK_REMINDERS),
            advocate_recipient(as_advocate.advocate),
            about=("asks", ask.id),
            anchor_at=utc_now(),
        )
    page = client.follow(client.post(f"{address(ask)}/dismissal", outside=True))
    assert "Hidden from your list until" in page.text
    assert "dinner in Porto" not in as_advocate.get("/my/asks").text
    hidden = acme.reload(ask)
    assert (hidden.state, hidden.due_on, hidden.dismissed_at is not None) == (AskState.SENT, ask.due_on, True)
    with acme.session() as session:
        run = session.scalars(select(SequenceRun).where(SequenceRun.subject_id == ask.id)).one()
    assert (run.state, run.stop_reason) == (RunState.STOPPED, StopReason.DISMISSED)
    assert client.post(f"{address(ask)}/dismissal", outside=True).status_code == 303
    assert acme.reload(ask).dismissed_at == hidden.dismissed_at
    travel(days=31)
    later = acme.signed_in(as_member=as_advocate.member)
    assert "dinner in Porto" in later.get("/my/asks").text


def test_a_replaced_link_sends_the_new_one_in_the_programs_words(acme: World, client: Client) -> None:
    ask = invite(acme)
    with acme.session() as session:
        session.get_one(Ask, (ask.tenant_id, ask.id)).link_version = 2
    assert client.get(address(ask, 1), outside=True).status_code == 410
    assert "on its way" in client.post(f"{address(ask, 1)}/new-link", outside=True).text
    with acme.session() as session:
        email = session.scalars(select(Email).where(Email.kind == "new_link")).one()
    assert email.links["page"]["version"] == 2
    assert (email.fields["phrase"], email.fields["whom"]) == ("help_somebody", "Porto")


def test_what_is_taken_back_or_done_is_followed_up_by_the_program_alone(acme: World, run_jobs: Jobs) -> None:
    back, done = invite(acme), invite(acme)
    request = acme.request()
    with acme.session() as session:
        actions.withdraw(session, queries.get(session, back.id), LEFT_PROGRAM)
        ask = queries.get(session, done.id)
        actions.accept(session, ask)
        actions.complete(session, ask)
    run_jobs()
    assert "followed_withdrawn" in told(acme, back)
    assert {"followed_accepted", "followed_completed"} <= set(told(acme, done))
    with acme.session() as session:
        assert history.entries_about(session, session.get_one(ReferenceRequest, (acme.id, request.id))) == []
