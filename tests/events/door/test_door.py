"""At the door: who is let in, by whom, and what a phone that was away may still say."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from portal.events.door.tickets import ticket_number
from portal.events.guest_models import AttendanceSource, EventGuest, GuestSource, GuestState
from portal.events.models import Event
from portal.history import HistoryEntry
from tenants.clock import utc_now
from tests.client import Client
from tests.events.door.doors import Door, change, coming, evening, ticket_of
from tests.events.events import contact, say_yes
from tests.fixture_types import Travel
from tests.rules.query_counter import statements
from tests.world import World


@pytest.fixture
def dinner(acme: World) -> Event:
    return evening(acme, capacity=10, plus_ones=1)


def seen_at(world: World, guest: EventGuest) -> datetime:
    at = world.reload(guest).attended_at
    assert at is not None
    return at


def test_whoever_has_the_link_checks_a_guest_in_and_the_name_at_the_door_stays_with_it(
    acme: World, dinner: Event
) -> None:
    ada, sam = coming(acme, dinner, "Ada Lindqvist", company="Nordwind"), Door(acme, dinner)
    assert "Who is at the door?" in sam.client.get(sam.address, outside=True).text
    page = sam.page()
    assert "0 of 1 guests are in" in page
    assert "Ada Lindqvist" in page
    assert "Nine seats are free" in page
    form = {"guest_id": str(ada.id), "by": "Sam"}
    after = sam.client.follow(sam.client.post(f"{sam.address}/check-ins", form, outside=True)).text
    assert "1 of 1 guests are in" in after
    assert ", by Sam" in after
    seen = acme.reload(ada)
    assert (seen.attended_by, seen.attendance_source) == ("Sam", AttendanceSource.DOOR)
    assert acme.reload(dinner).has_record


def test_of_two_doors_at_once_one_checks_in_and_the_other_is_told_who_did(acme: World, dinner: Event) -> None:
    ada = coming(acme, dinner, "Ada Lindqvist")
    doors = [Door(acme, dinner, name) for name in ("Sam", "Dana")]
    with ThreadPoolExecutor(2) as hands:
        said = list(hands.map(lambda door: door.check_in(ada), doors))
    assert sorted(each["outcome"] for each in said) == ["already_in", "done"]
    first = acme.reload(ada).attended_by
    late = next(each["words"] for each in said if each["outcome"] == "already_in")
    assert late.startswith("Ada Lindqvist: already in at ")
    assert late.endswith(f" by {first}")


def test_a_check_in_that_arrives_twice_or_after_it_was_undone_changes_nothing(
    acme: World, dinner: Event
) -> None:
    ada, sam, dana = coming(acme, dinner, "Ada"), Door(acme, dinner), Door(acme, dinner, "Dana")
    at = (utc_now() - timedelta(hours=1)).isoformat()
    assert [sam.check_in(ada, at=at)["outcome"] for _ in range(2)] == ["done", "done"]
    assert seen_at(acme, ada).isoformat() == at
    assert dana.undo(ada)["outcome"] == "done"
    assert sam.check_in(ada, at=at)["outcome"] == "undone"
    assert acme.reload(ada).attended_at is None
    assert sam.check_in(ada)["outcome"] == "done"
    assert dana.undo(ada, undoes=at)["outcome"] == "already_in", "another check-in stands"


def test_a_clock_that_is_wrong_by_days_counts_as_now(acme: World, dinner: Event) -> None:
    ada, sam = coming(acme, dinner, "Ada"), Door(acme, dinner)
    sam.check_in(ada, at="2001-01-01T00:00:00+00:00")
    assert utc_now() - seen_at(acme, ada) < timedelta(minutes=5)


def test_a_walk_in_sent_twice_is_one_guest_and_holds_no_seat(acme: World, dinner: Event) -> None:
    sam, key, at = Door(acme, dinner), uuid7(), utc_now().isoformat()
    said = [
        sam.send("walk-ins", key=key, name="Otto Vogt", company="Hafen", email="no address", at=at)
        for _ in "12"
    ]
    assert [each["outcome"] for each in said] == ["done", "done"]
    with acme.session() as session:
        otto = session.scalars(select(EventGuest).where(EventGuest.event_id == dinner.id)).one()
    assert (otto.id, otto.source, otto.state) == (UUID(str(key)), GuestSource.WALK_IN, GuestState.LISTED)
    assert otto.note == "no address", "nothing that was typed is lost"
    assert acme.reload(dinner).seats_taken == 0
    assert "One person came without a seat." in sam.page()


def test_a_walk_in_with_the_address_of_a_guest_is_that_guest(acme: World, dinner: Event) -> None:
    ada = contact(acme, dinner, name="Ada", state=GuestState.DECLINED)
    said = Door(acme, dinner).send("walk-ins", key=uuid7(), name="A. L.", email=ada.email.upper())
    assert said["guest"]["id"] == str(ada.id)
    assert acme.reload(ada).attended_at
    assert acme.reload(ada).state is GuestState.DECLINED


def test_who_comes_along_is_a_guest_of_their_own(acme: World, dinner: Event) -> None:
    elena, sam = contact(acme, dinner, name="Elena Duarte"), Door(acme, dinner)
    say_yes(acme, elena, party=2)
    assert "One of the 2 is a plus-one." in sam.page()
    assert "with Elena Duarte" in sam.page()
    said = sam.send("walk-ins", guest_id=elena.id, key=uuid7(), name="Carlos Mejía")
    assert said["guest"]["from"] == "with Elena Duarte"


def test_a_ticket_of_another_event_or_workspace_says_so(acme: World, globex: World, dinner: Event) -> None:
    sam, other = Door(acme, dinner), evening(acme, title="Breakfast")
    ada = coming(acme, dinner, "Ada Lindqvist")
    assert sam.send("scans", code=ticket_of(ada))["outcome"] == "done"
    at_breakfast, stranger = coming(acme, other, "Ben"), coming(globex, evening(globex), "Cleo")
    assert sam.send("scans", code=ticket_of(at_breakfast))["words"] == (
        "This ticket is for another event: “Breakfast”."
    )
    assert "another organizer" in sam.send("scans", code=ticket_of(stranger))["words"]
    assert "isn’t a ticket" in sam.send("scans", code="https://example.com/menu")["words"]
    assert acme.reload(at_breakfast).attended_at is None
    assert globex.reload(stranger).attended_at is None


def test_the_search_finds_names_companies_and_ticket_numbers_whatever_they_answered(
    acme: World, dinner: Event
) -> None:
    ada = contact(acme, dinner, name="Ada 100%", company="Nordwind", state=GuestState.DECLINED)
    sam = Door(acme, dinner)
    assert "Ada" not in sam.page()
    for typed in ("nordw", "100% ada", ticket_number(ada.id).lower()):
        assert "Ada 100%" in sam.page(q=typed), typed
    assert "Ada 100%" not in sam.page(q="Ada_100")


def test_a_link_that_was_taken_back_or_ran_out_opens_nothing_but_what_happened_before_is_taken(
    acme: World, dinner: Event, travel: Travel
) -> None:
    ada, sam, dana = coming(acme, dinner, "Ada"), Door(acme, dinner), Door(acme, dinner, "Dana")
    at = utc_now().isoformat()
    travel(hours=6)
    assert sam.client.get(sam.address, outside=True).status_code == 410
    assert sam.check_in(ada)["status"] == 410
    assert sam.check_in(ada, at=at)["outcome"] == "done"
    change(acme, dana.link, revoked_at=utc_now())
    assert dana.undo(ada, at=at)["status"] == 410


def test_a_manager_makes_links_takes_them_back_and_prints_the_list(
    acme: World, dinner: Event, as_manager: Client, as_rep: Client
) -> None:
    coming(acme, dinner, "Ada #[x] *b*")
    door = f"/events/{dinner.id}/door"
    made = as_manager.follow(as_manager.post(f"{door}/links", {"name": "Sam", "hours": "2"}))
    assert "/door/" in made.text
    refused = as_manager.post(f"{door}/links", {"name": "", "hours": "2"})
    assert refused.status_code == 422
    for paper in ("list.pdf", "badges.pdf"):
        assert as_manager.get(f"{door}/{paper}").data.startswith(b"%PDF")
    assert as_rep.get(door).status_code == 403
    sam = Door(acme, dinner)
    as_manager.follow(as_manager.post(f"{door}/links/{sam.link.id}/revocation"))
    assert sam.client.get(sam.address, outside=True).status_code == 410


def test_phones_learn_what_changed_and_keep_no_more_of_a_name_than_they_show(
    acme: World, dinner: Event
) -> None:
    ada, sam = coming(acme, dinner, "Ada Lindqvist", company="Nordwind"), Door(acme, dinner)
    said = sam.guests()
    (row,) = said["guests"]
    assert row["short"] == "Ada L., Nordwind"
    assert len(row["ticket"]) == 32
    assert said["expected"] == 1
    sam.check_in(ada)
    assert sam.guests()["here"] == 1


def test_whoever_checks_in_later_than_the_records_closed_corrects_them(acme: World, dinner: Event) -> None:
    ada, sam = coming(acme, dinner, "Ada"), Door(acme, dinner)
    now = utc_now()
    change(
        acme,
        dinner,
        starts_at=now - timedelta(hours=5),
        ends_at=now - timedelta(hours=2),
        records_close_at=now - timedelta(hours=1),
    )
    sam.check_in(ada)
    with acme.session() as session:
        lines = select(func.count()).select_from(HistoryEntry)
        lines = lines.where(HistoryEntry.action == "attendance_corrected", HistoryEntry.subject_id == ada.id)
        assert session.scalar(lines) == 1


def test_the_page_asks_the_same_few_things_for_three_guests_and_for_ninety(
    acme: World, dinner: Event
) -> None:
    sam, asked = Door(acme, evening(acme)), []
    for number in (3, 87):
        for each in range(number):
            contact(acme, sam.event, name=f"Guest {number} {each}", state=GuestState.LISTED)
        for typed in ("", "guest"):
            with statements() as sent:
                sam.page(q=typed)
            asked.append(len(sent))
    assert len(set(asked)) == 1
    assert asked[0] <= 8
