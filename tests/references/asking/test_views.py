"""The page behind an ask's link, as an advocate meets it on a phone."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal import history, links
from portal.advocates.models import Advocate
from portal.asks import actions, queries
from portal.asks.answer_codes import DeclineReason, NoteCode
from portal.asks.labels import IN_WORDS
from portal.asks.models import Ask, AskKind, AskState
from portal.outreach.models import Email
from portal.references.models import Meeting, MeetingSlot, ReferenceRequest
from tenants.clock import utc_now
from tenants.models import Membership, Role
from tests.client import Client
from tests.fixture_types import Travel
from tests.present import present
from tests.world import World

SEND_AGAIN = re.compile(r'action="(/new-link/answer/[^"]+)"')
NONCE = re.compile(r'nonce="[^"]+"')
SLOT = re.compile(r'name="slot" value="([^"]+)"')


@pytest.fixture
def dana(acme: World) -> Membership:
    return acme.member(Role.MANAGER, name="Dana Okafor")


def sent(
    world: World, by: Membership, kind: AskKind = AskKind.CALL, advocate: Advocate | None = None, **facts: Any
) -> Ask:
    request = world.request(kind=kind, requester=world.member(Role.REP, name="Noor Haddad"), **facts)
    with world.session() as session:
        ask = actions.propose(session, kind, advocate or world.advocate(), request, request.needed_by)
        actions.send(session, ask, by)
    return ask


def address(ask: Ask, version: int | None = None) -> str:
    token = links.token(links.LinkPurpose.ANSWER, ask.tenant_id, ask.id, version or ask.link_version)
    return f"/a/{token}"


def served_by(session: Session, ask: Ask) -> ReferenceRequest:
    return session.get_one(ReferenceRequest, (ask.tenant_id, ask.subject_id))


def first_slots(page: TestResponse, count: int = 3) -> list[str]:
    return SLOT.findall(page.text)[:count]


def test_the_page_says_who_asks_why_how_long_and_who_sees_the_name(
    acme: World, dana: Membership, client: Client
) -> None:
    wabtec = acme.account("Wabtec")
    ask = sent(
        acme, dana, advocate=acme.advocate(account=wabtec), questions="How long did it take?\nWhat broke?"
    )
    page = client.get(address(ask), outside=True)
    for words in (
        "Could you talk to Initech for 20 minutes?",
        "From Dana Okafor at Acme",
        "They’re considering Ledger Pro. You use it in the same industry",
        "How long did it take?",
        "Noor Haddad, our rep for Initech, only sees “VP IT, industrials, 5,000-19,999 employees”.",
        "If you say yes: Noor and Peter Gibbons",
        "Your time zone: Stockholm, CET. Initech will pick one.",
        "This would be call 1 of 2 in 90 days.",
        "Suggest a colleague at Wabtec",
    ):
        assert words in page.text, words
    assert "peter@initech.example" not in page.text


def test_a_yes_with_three_times_offers_them_and_is_confirmed_by_email(
    acme: World, dana: Membership, client: Client
) -> None:
    ask = sent(acme, dana)
    page = client.get(address(ask), outside=True)
    answered = client.post(address(ask), {"slot": first_slots(page)}, outside=True)
    after = client.follow(answered)
    assert "Thank you, you said yes" in after.text
    with acme.session() as session:
        meeting = session.scalars(select(Meeting).where(Meeting.ask_id == ask.id)).one()
        offered = session.scalars(select(MeetingSlot).where(MeetingSlot.meeting_id == meeting.id)).all()
        kinds = set(session.scalars(select(Email.kind)))
    assert acme.reload(ask).state is AskState.ACCEPTED
    assert len(offered) == 3
    assert {"ask_receipt", "slots_for_prospect"} <= kinds


def test_a_time_of_ones_own_is_read_in_the_zone_of_the_page(
    acme: World, dana: Membership, client: Client
) -> None:
    ask = sent(acme, dana)
    page = client.get(address(ask), outside=True)
    day = (utc_now() + timedelta(days=20)).date()
    own = {"slot": first_slots(page, 2), "other_1": f"{day}T15:00"}
    assert client.post(address(ask), own, outside=True).status_code == 303
    with acme.session() as session:
        latest = session.scalars(select(MeetingSlot.starts_at).order_by(MeetingSlot.starts_at.desc())).first()
    assert present(latest).isoformat() == f"{day}T14:00:00+00:00"  # Stockholm in winter


def test_two_times_are_too_few_and_what_was_picked_stays_picked(
    acme: World, dana: Membership, client: Client
) -> None:
    ask = sent(acme, dana)
    slots = first_slots(client.get(address(ask), outside=True), 2)
    refused = client.post(
        address(ask), {"slot": [*slots, "yesterday", "2020-01-01T10:00:00+00:00"]}, outside=True
    )
    assert refused.status_code == 422
    assert "at least 3 times, so that Initech has a choice" in refused.text
    assert refused.text.count(" checked") == 2
    assert acme.reload(ask).state is AskState.SENT


def test_an_hour_that_the_night_skips_is_no_time_to_offer(
    acme: World, dana: Membership, client: Client, travel: Travel
) -> None:
    travel(seconds=(datetime(2027, 3, 20, 9, tzinfo=UTC) - utc_now()).total_seconds())
    ask = sent(acme, dana)
    page = client.get(address(ask), outside=True)
    own = {"slot": first_slots(page), "other_1": "2027-03-28T02:30"}
    answer = client.post(address(ask), own, outside=True)
    assert (answer.status_code, "Clocks go forward that night" in answer.text) == (422, True)
    assert acme.reload(ask).state is AskState.SENT


@pytest.mark.parametrize(
    "odd",
    [{"slot": "0001-01-01T00:00:00+14:00"}, {"other_1": "0001-01-01T00:00"}, {"other_2": "9999-12-31T23:59"}],
)
def test_a_time_at_the_edge_of_the_calendar_is_no_time(
    acme: World, dana: Membership, client: Client, odd: dict[str, str]
) -> None:
    ask = sent(acme, dana)
    assert client.post(address(ask), odd, outside=True).status_code == 422
    assert acme.reload(ask).state is AskState.SENT


def test_opening_the_page_any_number_of_times_changes_nothing(
    acme: World, dana: Membership, client: Client
) -> None:
    ask = sent(acme, dana)
    for path in ("", "/not-now") * 3:
        assert client.get(address(ask) + path, outside=True).status_code == 200
    assert acme.reload(ask).version == ask.version


def test_not_now_keeps_the_reason_and_a_colleague_as_a_note(
    acme: World, dana: Membership, client: Client
) -> None:
    ask = sent(acme, dana)
    no = {"colleague_name": "Bo Ek", "colleague_email": "bo@wabtec.example"}
    after = client.follow(client.post(f"{address(ask)}/colleague", no, outside=True))
    assert "Initech won’t know" in after.text
    ask = acme.reload(ask)
    assert (ask.state, ask.decline_reason) == (AskState.DECLINED, DeclineReason.NOT_ME)
    assert (ask.note, ask.note_code) == ("", NoteCode.SUGGESTS_COLLEAGUE)
    assert ask.note_params == {"colleague": "Bo Ek <bo@wabtec.example>"}
    with acme.session() as session:
        addresses = set(session.scalars(select(Email.recipient_norm)))
    assert "bo@wabtec.example" not in addresses


def test_not_now_without_a_reason_asks_for_one(acme: World, dana: Membership, client: Client) -> None:
    ask = sent(acme, dana)
    assert client.post(f"{address(ask)}/not-now", {}, outside=True).status_code == 422
    assert acme.reload(ask).state is AskState.SENT


def test_a_second_click_says_how_it_stands(acme: World, dana: Membership, client: Client) -> None:
    ask = sent(acme, dana)
    slots = {"slot": first_slots(client.get(address(ask), outside=True))}
    client.post(address(ask), slots, outside=True)
    for path, data in (("", slots), ("/not-now", {"reason": "not_now"})):
        again = client.post(address(ask) + path, data, outside=True)
        assert (again.status_code, "Thank you, you said yes" in again.text) == (409, True)
    assert acme.reload(ask).state is AskState.ACCEPTED


def test_words_are_enough_where_nobody_has_to_meet(acme: World, dana: Membership, client: Client) -> None:
    ask = sent(acme, dana, AskKind.QUOTE)
    page = client.get(address(ask), outside=True)
    assert "Pick at least three times" not in page.text
    after = client.follow(client.post(address(ask), {"note": "Closes in two days now."}, outside=True))
    assert "We’ll take it from here" in after.text
    assert acme.reload(ask).note == "Closes in two days now."


def test_an_expired_ask_says_so_and_takes_a_late_offer(
    acme: World, dana: Membership, client: Client, travel: Travel
) -> None:
    ask = sent(acme, dana)
    travel(days=20)
    with acme.session() as session:
        actions.expire(session, ask.id)
    page = client.get(address(ask), outside=True)
    assert (page.status_code, "This request expired on" in page.text) == (410, True)
    client.post(f"{address(ask)}/still-willing", outside=True)
    assert "you’d still help Initech" in client.get(address(ask), outside=True).text
    with acme.session() as session:
        assert "still_willing" in [
            line.action for line in history.entries_about(session, served_by(session, ask))
        ]


def test_a_replaced_link_shows_nothing_and_sends_the_new_one(
    acme: World, dana: Membership, client: Client
) -> None:
    ask = sent(acme, dana)
    with acme.session() as session:
        session.get_one(Ask, (ask.tenant_id, ask.id)).link_version = 2
    page = client.get(address(ask, 1), outside=True)
    assert (page.status_code, "Initech" in page.text) == (410, False)
    assert "on its way" in client.post(f"{address(ask, 1)}/new-link", outside=True).text
    with acme.session() as session:
        email = session.scalars(select(Email).where(Email.kind == "new_link")).one()
    assert email.links["page"]["version"] == 2


def test_what_was_taken_back_says_so(acme: World, dana: Membership, client: Client) -> None:
    ask = sent(acme, dana)
    with acme.session() as session:
        withdrawn = queries.get_and_lock_ask(session, ask.id)
        actions.withdraw(session, withdrawn, IN_WORDS, "The deal is off", by=dana)
    page = client.get(address(ask), outside=True)
    assert (page.status_code, "No longer needed" in page.text) == (200, True)


def test_a_link_that_is_not_ours_opens_nothing(client: Client) -> None:
    assert client.get("/a/not-a-token", outside=True).status_code == 410
    assert client.post("/new-link/answer/not-a-token", outside=True).status_code == 404


def test_a_link_whose_end_was_cut_off_sends_a_whole_one_to_the_address_on_file(
    acme: World, dana: Membership, client: Client
) -> None:
    ask = sent(acme, dana)
    page = client.get(address(ask)[:-20], outside=True)
    assert (page.status_code, "Initech" in page.text) == (410, False)
    anew = present(SEND_AGAIN.search(page.text))[1]
    answers = [client.post(anew, outside=True), client.post(unknown(ask), outside=True)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len({NONCE.sub("", answer.text) for answer in answers}) == 1  # it tells nobody what exists
    with acme.session() as session:
        email = session.scalars(select(Email).where(Email.kind == "new_link")).one()
    assert email.advocate_id == ask.advocate_id
    assert {client.post(anew, outside=True).status_code for _ in range(8)} == {200}, (
        "nor how often it was asked"
    )


def unknown(ask: Ask) -> str:
    return "/new-link/answer/" + links.token(links.LinkPurpose.ANSWER, ask.tenant_id, uuid4())
