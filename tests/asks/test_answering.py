"""What everybody can do with an ask besides a yes: one tap of a reason, a pause, a question, a colleague."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal import history, links
from portal.advocates.models import Advocate, AdvocateState
from portal.asks import actions
from portal.asks.answer_codes import DeclineReason, NoteCode
from portal.asks.models import Ask, AskKind, AskState
from portal.outreach.models import Email
from tenants.clock import utc_now
from tenants.models import Membership, Role
from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox
from tests.world import World


@pytest.fixture
def dana(acme: World) -> Membership:
    return acme.member(Role.MANAGER, name="Dana Okafor")


def sent(world: World, by: Membership | None, company: str = "Wabtec") -> Ask:
    ada = world.advocate(account=world.account(company))
    request = world.request()
    with world.session() as session:
        ask = actions.propose(session, AskKind.CALL, ada, request, request.needed_by)
        actions.send(session, ask, by)
    return ask


def address(ask: Ask) -> str:
    token = links.token(links.LinkPurpose.ANSWER, ask.tenant_id, ask.id, ask.link_version)
    return f"/a/{token}"


R = DeclineReason
OFFERED = (R.TOO_BUSY, R.NOT_ME, R.NOT_THEM, R.NOT_ALLOWED, R.TOO_OFTEN, R.NOT_NOW)


def person(world: World, ask: Ask) -> Advocate:
    with world.session() as session:
        return session.get_one(Advocate, (ask.tenant_id, ask.advocate_id))


def paused_until(world: World, ask: Ask) -> date:
    until = person(world, ask).paused_until
    assert until is not None
    return until


def no(client: Client, ask: Ask, **answer: str) -> int:
    return client.post(f"{address(ask)}/not-now", answer, outside=True).status_code


def test_every_reason_is_a_button_that_says_what_follows(
    acme: World, dana: Membership, client: Client
) -> None:
    ask = sent(acme, dana)
    page = client.get(f"{address(ask)}/not-now", outside=True).text
    for words in (
        "“Not now” is fine, Ada",
        "No one at Initech will know.",
        "No time before",
        "I’m not the right person",
        "I’d rather not help Initech",
        "Wabtec doesn’t allow it",
        "We stop asking you for reference calls",
        "You get no requests for 60 days",
        "Not now, no reason",
        "3 months",
    ):
        assert words in page, words
    assert page.count('name="reason"') == 6


@pytest.mark.parametrize("reason", sorted(OFFERED))
def test_one_tap_is_the_whole_answer(
    acme: World, dana: Membership, client: Client, reason: DeclineReason
) -> None:
    ask = sent(acme, dana)
    assert no(client, ask, reason=reason) == 303
    stands = acme.reload(ask)
    assert (stands.state, stands.decline_reason) == (AskState.DECLINED, reason)


def test_no_reason_at_all_or_one_nobody_offered_changes_nothing(
    acme: World, dana: Membership, client: Client
) -> None:
    ask = sent(acme, dana)
    assert [no(client, ask), no(client, ask, reason="because"), no(client, ask, pause="9999")] == [422] * 3
    assert no(client, ask, reason="earlier") == 422
    assert acme.reload(ask).state is AskState.SENT


def test_too_many_requests_is_a_pause_and_the_employers_no_ends_this_kind(
    acme: World, dana: Membership, client: Client
) -> None:
    tired, forbidden = sent(acme, dana), sent(acme, dana, "Siemens")
    no(client, tired, reason="too_often")
    no(client, forbidden, reason="not_allowed")
    rests, stays = person(acme, tired), person(acme, forbidden)
    assert rests.state is AdvocateState.PAUSED
    assert abs(paused_until(acme, tired) - (utc_now() + timedelta(days=60)).date()) <= timedelta(days=1)
    assert (stays.state, "call" in stays.accepted_ask_kinds) == (AdvocateState.ENROLLED, False)
    assert "quote" in stays.accepted_ask_kinds


def test_a_pause_answers_too_and_one_that_runs_stays_as_long_as_it_was(
    acme: World, dana: Membership, client: Client
) -> None:
    ask, resting = sent(acme, dana), sent(acme, dana, "Siemens")
    until = (utc_now() + timedelta(days=200)).date()
    with acme.session() as session:
        ada = session.get_one(Advocate, (acme.id, resting.advocate_id))
        ada.state, ada.paused_at, ada.paused_until = AdvocateState.PAUSED, utc_now(), until
    assert [no(client, ask, pause="14"), no(client, resting, pause="14")] == [303, 303]
    assert acme.reload(ask).decline_reason == "not_now"
    assert paused_until(acme, ask) <= (utc_now() + timedelta(days=15)).date()
    assert person(acme, resting).paused_until == until


def test_a_question_reaches_whoever_asked_and_the_reply_goes_back(
    acme: World, dana: Membership, client: Client, run_jobs: Jobs, mailbox: Mailbox
) -> None:
    ask = sent(acme, dana)
    assert client.post(f"{address(ask)}/question", {"question": " "}, outside=True).status_code == 422
    asked = client.post(f"{address(ask)}/question", {"question": "Who will be on the call?"}, outside=True)
    assert (asked.status_code, "on its way" in asked.text) == (200, True)
    run_jobs()
    email = mailbox.last(dana.email)
    assert "Who will be on the call?" in email.text
    with acme.session() as session:
        row = session.scalars(select(Email).where(Email.kind == "ask_question")).one()
        lines = history.entries_about(session, session.get_one(Ask, (acme.id, ask.id)))
    assert row.reply_to == person(acme, ask).email
    assert (lines[0].action, acme.reload(ask).state) == ("question_asked", AskState.SENT)


def test_without_an_asker_who_works_here_the_managers_read_it_and_not_without_end(
    acme: World, dana: Membership, client: Client
) -> None:
    ask = sent(acme, None)
    codes = [
        client.post(f"{address(ask)}/question", {"question": f"Question {n}"}, outside=True).status_code
        for n in range(6)
    ]
    assert codes == [200] * 5 + [429]
    with acme.session() as session:
        readers = session.scalars(select(Email.recipient).where(Email.kind == "ask_question")).all()
    assert readers == [dana.email] * 5


def test_a_colleague_is_a_note_and_a_no(acme: World, dana: Membership, client: Client) -> None:
    ask = sent(acme, dana)
    page = client.get(f"{address(ask)}/colleague", outside=True)
    assert "Is there a better person?" in page.text
    assert client.post(f"{address(ask)}/colleague", {}, outside=True).status_code == 422
    named = {"colleague_name": "Bo Ek", "note": "Knows it best."}
    assert client.post(f"{address(ask)}/colleague", named, outside=True).status_code == 303
    stands = acme.reload(ask)
    assert (stands.state, stands.decline_reason) == (AskState.DECLINED, DeclineReason.NOT_ME)
    assert (stands.note, stands.note_code) == ("Knows it best.", NoteCode.SUGGESTS_COLLEAGUE)
    assert stands.note_params == {"colleague": "Bo Ek"}


def test_an_ask_of_the_desk_is_never_hidden(acme: World, dana: Membership, client: Client) -> None:
    ask = sent(acme, dana)
    assert "Hide for" not in client.get(address(ask), outside=True).text
    assert client.post(f"{address(ask)}/dismissal", outside=True).status_code == 409
    assert acme.reload(ask).dismissed_at is None


def test_every_way_of_answering_says_how_it_stands_once_it_was_answered(
    acme: World, dana: Membership, client: Client
) -> None:
    ask = sent(acme, dana)
    no(client, ask, reason="not_now")
    for path in ("", "/not-now", "/colleague", "/question", "/dismissal", "/other-answer"):
        again = client.post(address(ask) + path, {"reason": "too_busy"}, outside=True)
        assert (again.status_code, "Noted: not this time" in again.text) == (409, True), path
    assert acme.reload(ask).decline_reason == "not_now"
