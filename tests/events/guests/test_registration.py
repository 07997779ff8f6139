"""The public page, and people who register themselves, or somebody else."""

import re

import pytest
from sqlalchemy import select

from portal.events.agenda_models import EventSpeaker
from portal.events.models import Event
from portal.outreach.models import Email
from tests.client import Client, new_client
from tests.events.events import contact, event, save, say_yes, session_of, states
from tests.events.guests.guests import advocate_guest, entry, guests_of
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox, paths
from tests.world import World, again

BO = {"name": "Bo Berg", "email": "bo@elsewhere.example", "company": "Elsewhere"}


def address(world: World, of: Event) -> str:
    return f"/e/{world.slug}/{of.slug}"


def public(world: World, **facts: object) -> Event:
    return event(world, **{"registration": "customers", "slug": "closing", "capacity": 10} | facts)


def test_everybody_sees_the_page_and_nobody_the_guests(acme: World, globex: World, client: Client) -> None:
    here = public(acme, description="**Three teams** show it.\n\n* A close calendar")
    advocate_guest(acme, here)
    page = client.get(address(acme, here), outside=True)
    assert (page.status_code, "Lindqvist" in page.text) == (200, False)
    assert "<strong>Three teams</strong> show it." in page.text
    assert "10 of 10 places left" in page.text
    assert client.get(f"/e/{globex.slug}/closing", outside=True).status_code == 404


@pytest.mark.parametrize("facts", [{"registration": "invited_only"}, {"state": "draft", "opened_at": None}])
def test_an_event_that_is_not_public_has_no_page(
    acme: World, client: Client, facts: dict[str, object]
) -> None:
    here = public(acme, **facts)
    assert client.get(address(acme, here), outside=True).status_code == 404
    assert client.post(address(acme, here), BO, outside=True).status_code == 404


def test_a_registration_counts_from_the_press_behind_the_email(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    here = public(acme, registration="everybody")
    client.get(f"{address(acme, here)}?utm_source=newsletter&utm_campaign=spring", outside=True)
    typed = BO | {"utm_source": "newsletter", "utm_campaign": "spring", "note": "How long did it take?"}
    assert client.post(address(acme, here), typed, outside=True).status_code == 303
    run_jobs()
    (bo,) = guests_of(acme, here)
    assert (bo.state, bo.utm_source, bo.utm_campaign, bo.is_prospect) == (
        "unconfirmed",
        "newsletter",
        "spring",
        False,
    )
    link = paths(mailbox.last(BO["email"]), "/event-registration/")[0]
    client.get(link, outside=True)
    assert states(acme, [bo]) == ["unconfirmed"]
    page = client.follow(client.post(link, outside=True))
    assert "You’re coming to Closing in three days, Bo" in page.text
    assert client.post(link, outside=True).status_code == 303
    run_jobs()
    assert entry(mailbox.last(BO["email"]))[0] == "REQUEST"
    assert acme.reload(bo).is_prospect
    assert acme.reload(here).seats_taken == 1


def test_customers_are_in_at_once_and_others_wait_for_a_manager(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    here = public(acme)
    acme.advocate(email="ada@wabtec.example")
    for email in ("erik@wabtec.example", BO["email"]):
        client.post(address(acme, here), BO | {"email": email}, outside=True)
    run_jobs()
    for email in ("erik@wabtec.example", BO["email"]):
        client.post(paths(mailbox.last(email), "/event-registration/")[0], outside=True)
    assert [guest.state for guest in guests_of(acme, here)] == ["accepted", "requested"]
    run_jobs()
    assert "We got your registration" in mailbox.last(BO["email"]).subject


def test_page_and_email_are_alike_for_a_guest_a_person_of_the_program_and_a_stranger(
    acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    here = public(acme)
    advocate_guest(acme, here, email="guest@wabtec.example")
    acme.advocate(email="known@wabtec.example")
    told = []
    for email in ("guest@wabtec.example", "known@wabtec.example", "bo@wabtec.example"):
        client = new_client(acme.app)
        answer = client.post(address(acme, here), BO | {"email": email}, outside=True)
        page = client.follow(answer).text
        run_jobs()
        (sent,) = mailbox.to(email)
        words = re.sub(r"http\S+", "", sent.text)
        told.append((answer.status_code, re.sub(r'(nonce|value)="[^"]*"', "", page), sent.subject, words))
    assert told[0] == told[1] == told[2]


def test_whoever_types_an_address_again_and_again_causes_one_email(
    acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    here = public(acme)
    for _ in range(4):
        client = new_client(acme.app)  # from another network
        assert client.post(address(acme, here), BO, outside=True).status_code == 303
        run_jobs()
    assert len(mailbox.to(BO["email"])) == 1
    with acme.session() as session:
        assert len(session.scalars(select(Email)).all()) == 1


def test_somebody_of_the_program_registers_as_themselves(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    here = public(acme)
    ada = acme.advocate(email="ada@wabtec.example")
    client.post(address(acme, here), BO | {"email": "ada@wabtec.example"}, outside=True)
    run_jobs()
    client.post(paths(mailbox.last("ada@wabtec.example"), "/event-registration/")[0], outside=True)
    (guest,) = guests_of(acme, here)
    assert (guest.advocate_id, guest.email, guest.state) == (ada.id, "", "accepted")


def test_a_registration_for_a_full_event_waits_in_line(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    here = public(acme, registration="everybody", capacity=1, seats_taken=0)
    for email in ("one@elsewhere.example", "two@elsewhere.example"):
        client.post(address(acme, here), BO | {"email": email}, outside=True)
        run_jobs()
        client.post(paths(mailbox.last(email), "/event-registration/")[0], outside=True)
    assert [guest.state for guest in guests_of(acme, here)] == ["accepted", "waitlisted"]
    assert "Join the wait list" in client.get(address(acme, here), outside=True).text


def test_everybody_reads_one_drawing_of_the_page_with_a_form_of_their_own(acme: World) -> None:
    here = public(acme)
    for number in range(3):
        client = new_client(acme.app)
        page = client.get(address(acme, here), outside=True)
        nonce = re.search(r"nonce-([^']+)'", page.headers["Content-Security-Policy"])
        assert nonce is not None
        assert f'nonce="{nonce.group(1)}"' in page.text
        typed = BO | {"email": f"bo{number}@elsewhere.example"}
        assert client.post(address(acme, here), typed, outside=True).status_code == 303


def test_whatever_changes_on_the_page_is_seen_at_once(acme: World, client: Client) -> None:
    here = public(acme)
    assert "10 of 10 places left" in client.get(address(acme, here), outside=True).text
    say_yes(acme, contact(acme, here))
    save(acme, EventSpeaker(event_id=here.id, name="Mei Tanaka", title="Head of Accounting"))
    session_of(acme, here, "What the auditors said", 5)
    page = client.get(address(acme, here), outside=True).text
    for words in ("9 of 10 places left", "Mei Tanaka", "What the auditors said"):
        assert words in page
    with acme.session() as session:
        again(session, here).title = "Closing in two days"
    assert "Closing in two days" in client.get(address(acme, here), outside=True).text
