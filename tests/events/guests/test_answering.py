"""From the email to “you’re coming”, and to another mind, without an account."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from portal import files
from portal.advocates.record_consents import actions as record_consents
from portal.advocates.record_consents.models import RecordConsent
from portal.events.agenda_models import EventMaterial, MaterialMoment
from portal.events.guest_models import EventGuest, GuestNeeds
from portal.events.link_purposes import EventLinkPurpose
from portal.events.models import EventQuestion
from tenants.clock import utc_now
from tenants.models import Role
from tests.client import Client
from tests.events.events import (
    ask_of,
    contact,
    event,
    guest_of,
    invite,
    places,
    save,
    session_of,
    states,
    switch_on,
)
from tests.events.guests.guests import advocate_guest, entry, guests_of, path
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox, paths
from tests.surveys.surveys import address as answer_page
from tests.world import World

YES, NO, MAYBE = {"answer": "yes", "whole": "1"}, {"answer": "no"}, {"answer": "maybe"}


def test_a_look_at_the_page_answers_nothing_and_a_press_does(acme: World, client: Client) -> None:
    ada = advocate_guest(acme, event(acme, capacity=10))
    page = client.get(f"{path(ada)}?answer=yes", outside=True).text
    assert re.search(r'value="yes" checked', page)
    assert states(acme, [ada]) == ["invited"]
    answered = client.post(path(ada), YES, outside=True)
    assert states(acme, [ada]) == ["accepted"]
    assert "You’re coming to Closing in three days, Ada" in client.follow(answered).text


def test_the_ask_follows_from_the_email_to_a_yes_and_to_another_mind(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    switch_on(acme)
    dinner, person = event(acme, capacity=5), acme.advocate(email="ada@wabtec.example")
    invite(acme, dinner, [person], acme.member(Role.MANAGER))
    run_jobs()
    ada = guest_of(acme, dinner, person)
    tapped = next(one for one in paths(mailbox.last("ada@wabtec.example"), "/event/") if "answer=yes" in one)
    assert re.search(r'value="yes" checked', client.get(tapped, outside=True).text)
    for given, states_now in (
        (YES, ("accepted", "accepted")),
        (NO, ("cancelled", "declined")),
        (YES, ("accepted",) * 2),
    ):
        client.post(tapped.partition("?")[0], given, outside=True)
        assert (acme.reload(ada).state, ask_of(acme, ada).state) == states_now
    assert "See your page" in client.get(answer_page(ask_of(acme, ada)), outside=True).text


def test_a_yes_brings_a_calendar_file_and_another_mind_clears_it(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada = advocate_guest(acme, event(acme, capacity=10), email="ada@wabtec.example")
    client.post(path(ada), YES, outside=True)
    run_jobs()
    (coming,) = mailbox.to("ada@wabtec.example")
    method, its = entry(coming)
    attendee = its["ATTENDEE"]
    assert (method, str(attendee)) == ("REQUEST", "mailto:ada@wabtec.example")
    assert (attendee.params["PARTSTAT"], attendee.params["RSVP"]) == ("ACCEPTED", "FALSE")
    page = paths(coming, "/event/")[0]
    assert page in str(its["DESCRIPTION"])
    client.post(path(ada), NO, outside=True)
    run_jobs()
    off = mailbox.last("ada@wabtec.example")
    method, cleared = entry(off)
    assert (method, cleared["UID"], cleared["SEQUENCE"]) == ("CANCEL", its["UID"], its["SEQUENCE"])
    client.post(path(ada), YES, outside=True)
    run_jobs()
    assert entry(mailbox.last("ada@wabtec.example"))[0] == "REQUEST"
    assert len(mailbox.to("ada@wabtec.example")) == 3


def test_there_is_no_file_before_a_yes(acme: World, client: Client) -> None:
    ada = advocate_guest(acme, event(acme))
    assert client.get(path(ada, EventLinkPurpose.CALENDAR), outside=True).status_code == 410
    assert "calendar.google.com" not in client.get(path(ada), outside=True).text
    client.post(path(ada), YES, outside=True)
    file = client.get(path(ada, EventLinkPurpose.CALENDAR), outside=True)
    assert file.content_type == "text/calendar; charset=utf-8; method=REQUEST"
    assert "calendar.google.com" in client.get(path(ada), outside=True).text


def test_what_an_event_wants_to_know_is_kept_and_shown(acme: World, client: Client) -> None:
    with acme.session() as session:
        photos = record_consents.add_text(session, "event_photos", "Photos", "Acme may use photos I’m in.")
    dinner = event(acme, plus_ones=1, asks_needs=True, photo_text_id=photos.id)
    close = session_of(acme, dinner, "Closing", 10)
    question = save(acme, EventQuestion(event_id=dinner.id, question="What do you use?", is_required=True))
    ada = advocate_guest(acme, dinner)
    assert client.post(path(ada), YES, outside=True).status_code == 422
    more = {
        "slot1": str(close.id),
        "plus_name-0": "Erik Nyström",
        "plus_email-0": "erik@wabtec.example",
        f"q-{question.id}": "Brightbook",
        "food": ["vegan", "no_nuts"],
        "needs": "A hearing loop, please.",
        "consent": str(photos.id),
    }
    page = client.follow(client.post(path(ada), YES | more, outside=True)).text
    for words in ("Closing", "Erik Nyström", "Brightbook", "Vegan, No nuts", "A hearing loop, please."):
        assert words in page
    assert places(acme, ada) == {"Closing": "taken"}
    with acme.session() as session:
        assert [line.granted for line in session.scalars(select(RecordConsent))] == [True]
    client.post(path(ada), YES | more | {"consent": "", "food": "", "needs": "", "slot1": ""}, outside=True)
    with acme.session() as session:
        lines = session.scalars(select(RecordConsent).order_by(RecordConsent.number))
        assert [line.granted for line in lines] == [True, False]
        assert session.scalars(select(GuestNeeds)).all() == []
    assert places(acme, ada) == {"Closing": "given_up"}


def test_whoever_comes_along_is_told_and_comes_and_goes_with_their_host(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    dinner = event(acme, plus_ones=2, capacity=10)
    ada = advocate_guest(acme, dinner)
    client.post(path(ada), YES | {"plus_name-0": "Erik", "plus_email-0": "erik@wabtec.example"}, outside=True)
    run_jobs()
    told = mailbox.last("erik@wabtec.example")
    assert "Ada Lindqvist brings you along." in told.text
    assert entry(told)[0] == "REQUEST"
    assert acme.reload(dinner).seats_taken == 2
    client.post(path(ada), NO, outside=True)
    run_jobs()
    assert entry(mailbox.last("erik@wabtec.example"))[0] == "CANCEL"
    assert acme.reload(dinner).seats_taken == 0


def test_a_party_of_three_with_two_seats_left_waits_as_a_whole_and_one_alone_comes(
    acme: World, client: Client
) -> None:
    dinner = event(acme, plus_ones=2, capacity=2)
    ada = advocate_guest(acme, dinner)
    three = YES | {"plus_name-0": "Erik", "plus_name-1": "Eva"}
    page = client.follow(client.post(path(ada), three, outside=True)).text
    assert "You’re number 1 for Closing in three days" in page
    assert acme.reload(dinner).seats_taken == 0
    client.post(path(ada), YES, outside=True)
    assert states(acme, [ada]) == ["accepted"]
    refused = client.post(path(ada), three, outside=True)
    assert (refused.status_code, "aren’t enough seats" in refused.text) == (409, True)
    assert 'value="Eva"' in refused.text


def test_a_full_event_shows_the_place_in_line_and_an_offer_its_end_on_the_guests_clock(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    dinner = event(acme, capacity=1)
    first = contact(acme, dinner)
    bo = advocate_guest(acme, dinner, email="bo@wabtec.example", time_zone="Asia/Kolkata")
    client.post(path(first), YES, outside=True)
    client.post(path(bo), YES, outside=True)
    assert "You’re number 1 for" in client.get(path(bo), outside=True).text
    client.post(path(first), NO, outside=True)
    run_jobs()
    offer = mailbox.last("bo@wabtec.example")
    assert "A seat is kept for you" in offer.subject
    assert re.search(r"\d\d:\d\d IST", client.get(path(bo), outside=True).text)
    client.post(path(bo), {"answer": "yes"}, outside=True)
    assert states(acme, [first, bo]) == ["cancelled", "accepted"]


def test_answers_end_with_the_start(acme: World, client: Client) -> None:
    began = event(acme, starts_at=utc_now() - timedelta(minutes=1))
    ada = advocate_guest(acme, began)
    late = client.post(path(ada), YES, outside=True)
    assert (late.status_code, states(acme, [ada])) == (409, ["invited"])
    assert "answers are closed" in late.text


def test_a_link_that_was_passed_on_asks_whose_answer_it_is_and_shows_no_other_guest(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    dinner = event(acme, guest_list="guests", capacity=5)
    ada, cleo = advocate_guest(acme, dinner), contact(acme, dinner, name="Cleo Other", state="invited")
    client.post(path(cleo), YES | {"shows_name": "y"}, outside=True)
    page = client.get(path(ada), outside=True).text
    assert "You aren’t Ada?" in page
    assert "Cleo" not in page
    typed = {"name": "Bo Berg", "email": "bo@elsewhere.example", "company": "Elsewhere"}
    client.post(f"{path(ada)}/somebody-else", typed, outside=True)
    run_jobs()
    (confirm,) = mailbox.to("bo@elsewhere.example")
    assert states(acme, [ada]) == ["invited"]
    client.post(paths(confirm, "/event-registration/")[0], outside=True)
    bo = guests_of(acme, dinner)[-1]
    assert (bo.name, bo.source, bo.state) == ("Bo Berg", "forwarded", "requested")


def test_a_seat_goes_to_a_colleague_whose_page_is_their_own(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    dinner = event(acme, allows_delegates=True, capacity=1)
    ada = advocate_guest(acme, dinner, email="ada@wabtec.example")
    client.post(path(ada), YES, outside=True)
    run_jobs()
    taker = {"name": "Erik Nyström", "email": "erik@wabtec.example"}
    assert client.post(f"{path(ada)}/colleague", taker, outside=True).status_code == 200
    run_jobs()
    assert entry(mailbox.last("ada@wabtec.example"))[0] == "CANCEL"
    theirs = mailbox.last("erik@wabtec.example")
    assert entry(theirs)[0] == "REQUEST"
    old = client.get(path(ada), outside=True)
    assert (old.status_code, "Erik" in old.text) == (410, False)
    assert "You’re coming" in client.get(paths(theirs, "/event/")[0], outside=True).text
    assert acme.reload(dinner).seats_taken == 1


def test_a_large_pre_read_is_for_whoever_comes(acme: World, client: Client) -> None:
    with acme.session() as session:
        kept = files.store(session, "Pläne.pdf", "application/pdf", BytesIO(b"%PDF" * 700_000))
    here = event(acme)
    facts = {"title": "Plans", "file_id": kept.id, "moment": MaterialMoment.BEFORE}
    read = save(acme, EventMaterial(event_id=here.id, **facts))
    ada = advocate_guest(acme, here)
    file = f"{path(ada)}/files/{read.id}"
    assert client.get(file, outside=True).status_code == 404
    client.post(path(ada), YES, outside=True)
    answer = client.get(file, outside=True)
    assert (answer.data, answer.content_length) == (b"%PDF" * 700_000, kept.size)
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("form", [{}, {"answer": "perhaps"}, {"answer": "yes", "whole": "1", "slot1": "x"}])
def test_what_no_page_sends_costs_nothing(acme: World, client: Client, form: dict[str, str]) -> None:
    ada = advocate_guest(acme, event(acme))
    assert client.post(path(ada), form, outside=True).status_code in {303, 422}


def test_nobody_opens_the_page_of_another_workspace(acme: World, globex: World, client: Client) -> None:
    ada = advocate_guest(acme, event(acme))
    forged = EventGuest(id=ada.id, tenant_id=globex.tenant_id, link_version=1)
    assert client.get(path(forged), outside=True).status_code == 404
