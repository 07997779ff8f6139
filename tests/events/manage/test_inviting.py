"""A manager invites people wave by wave: who would get it is shown first, and who isn't written to, and why."""

from io import BytesIO

import pytest
from sqlalchemy import select

from portal.campaigns.policies import APPROVAL_ABOVE
from portal.events.guest_models import EventGuest, GuestSource, GuestState
from portal.events.models import Event, EventState, EventWave
from portal.policies import change
from tenants.models import Role
from tests.client import Client
from tests.events.events import event
from tests.events.manage.pages import guest, past_event, switch_on, work
from tests.world import World


@pytest.fixture(autouse=True)
def _on(acme: World) -> None:
    switch_on(acme)


def guests_of(world: World, of: Event) -> list[EventGuest]:
    with world.session() as session:
        return list(session.scalars(select(EventGuest).where(EventGuest.event_id == of.id)))


def previewed(client: Client, of: Event, **given: str) -> str:
    return str(client.post(f"/events/{of.id}/invite", {"source": "audience", "who": "came"} | given).text)


def seen_of(page: str) -> str:
    return page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]


def test_who_gets_it_and_who_does_not_is_shown_before_anybody_is_invited(
    acme: World, as_manager: Client
) -> None:
    roundtable = event(acme, capacity=2)
    for _ in range(3):
        acme.advocate()
    acme.advocate(consents=["calls"])
    page = previewed(as_manager, roundtable)
    assert ("3 people can be invited" in page, "Invite 3 people" in page) == (True, True)
    assert "agreed to" in page  # of the one who didn't
    assert guests_of(acme, roundtable) == []
    sent = as_manager.post(
        f"/events/{roundtable.id}/waves", {"source": "audience", "who": "came", "seen": seen_of(page)}
    )
    assert "3 people get an invitation." in as_manager.follow(sent).text
    work(acme)
    assert [one.state for one in guests_of(acme, roundtable)] == [GuestState.INVITED] * 3
    again = previewed(as_manager, roundtable)
    assert "Are guests of this event already" in again
    assert "Nobody can be invited right now" in again


def test_a_wave_that_was_previewed_for_others_is_shown_again_instead_of_sent(
    acme: World, as_manager: Client
) -> None:
    roundtable = event(acme)
    acme.advocate()
    seen = seen_of(previewed(as_manager, roundtable))
    other = {"source": "audience", "who": "came", "seen": seen, "size": "1"}
    shown = as_manager.post(f"/events/{roundtable.id}/waves", other)
    assert (shown.status_code, "so nothing was sent" in shown.text) == (409, True)
    with acme.session() as session:
        assert session.scalars(select(EventWave)).all() == []


def test_people_are_invited_by_address_and_strangers_are_named_and_not_written_to(
    acme: World, as_manager: Client
) -> None:
    roundtable, ada = event(acme), acme.advocate(email="ada@nordwind.example")
    given = {"source": "addresses", "addresses": "Ada@Nordwind.example, stranger@elsewhere.example"}
    page = previewed(as_manager, roundtable, **given)
    assert ("One person can be invited" in page, "stranger@elsewhere.example" in page) == (True, True)
    as_manager.post(f"/events/{roundtable.id}/waves", given | {"who": "came", "seen": seen_of(page)})
    work(acme)
    assert [one.advocate_id for one in guests_of(acme, roundtable)] == [ada.id]


def test_who_was_at_a_past_event_is_invited_again(acme: World, as_manager: Client) -> None:
    past, roundtable = past_event(acme, came=0, missed=0, silent=0), event(acme)
    came, missed = acme.advocate(), acme.advocate()
    for person, there in ((came, past.starts_at), (missed, None)):
        source = "door" if there else None
        facts = {"name": "", "email": "", "email_norm": None, "advocate_id": person.id}
        guest(acme, past, GuestState.DECLINED, attended_at=there, attendance_source=source, **facts)
    given = {"source": "event", "past_event": str(past.id)}
    assert "One person can be invited" in previewed(as_manager, roundtable, **given)
    assert "2 people can be invited" in previewed(as_manager, roundtable, **(given | {"who": "invited"}))
    assert "Please choose an event." in previewed(as_manager, roundtable, source="event", past_event="x")


def test_more_people_than_one_may_ask_alone_need_a_second_person(acme: World, as_manager: Client) -> None:
    roundtable, other = event(acme), acme.member(Role.MANAGER, name="Second Person")
    for _ in range(2):
        acme.advocate()
    with acme.session() as session:
        change(session, APPROVAL_ABOVE, 1, by=acme.member(Role.ADMIN))
    page = previewed(as_manager, roundtable)
    assert "Second Person" in page
    sent = {"source": "audience", "who": "came", "seen": seen_of(page)}
    refused = as_manager.post(f"/events/{roundtable.id}/waves", sent)
    assert "Please choose one." in refused.text
    as_manager.post(f"/events/{roundtable.id}/waves", sent | {"approver": str(other.id)})
    work(acme)
    assert guests_of(acme, roundtable) == []
    assert "Second Person has to approve this." in as_manager.get(f"/events/{roundtable.id}").text


CSV = """Email;Name;Company
ada@nordwind.example;Ada Lindqvist;Nordwind
stranger@elsewhere.example;Sam Stranger;Elsewhere
STRANGER@elsewhere.example;Sam again;Elsewhere
no address;Nobody;
"""


def read_file(client: Client, of: Event, content: bytes) -> tuple[int, str]:
    answer = client.post(f"/events/{of.id}/contacts", {"file": (BytesIO(content), "guests.csv")})
    return answer.status_code, answer.text


def test_contacts_of_a_file_are_listed_and_only_people_of_the_program_can_be_invited(
    acme: World, as_manager: Client, run_jobs: object
) -> None:
    roundtable = event(acme)
    acme.advocate(email="ada@nordwind.example")
    status, page = read_file(as_manager, roundtable, CSV.encode())
    assert (status, "One of them can be invited" in page, "Lines 5" in page) == (200, True, True)
    read_file(as_manager, roundtable, CSV.encode())
    (listed,) = guests_of(acme, roundtable)
    assert (listed.name, listed.state, listed.source) == ("Sam Stranger", GuestState.LISTED, GuestSource.FILE)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"Name\nAda\n", "No column is called"),
        (b"PK\x03\x04\x00\x00", "This is no CSV file."),
        (b"Email\n" + b"a@b.example\n" * 10_001, "more than 10,000 lines"),
        (b"x" * 2_100_000, "larger than 2 MB"),
    ],
)
def test_a_file_that_is_none_or_too_large_is_refused_kindly(
    acme: World, as_manager: Client, content: bytes, words: str
) -> None:
    status, page = read_file(as_manager, event(acme), content)
    assert (status, words in page) == (422, True)


def test_nobody_is_invited_to_a_draft_or_to_what_is_over(acme: World, as_manager: Client) -> None:
    draft = event(acme, state=EventState.DRAFT, opened_at=None)
    over = past_event(acme, came=1, missed=0, silent=0)
    for each in (draft, over):
        assert as_manager.get(f"/events/{each.id}/invite").status_code == 409
