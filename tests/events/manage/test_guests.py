"""What a manager sees of the guests of an event, and does about them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.events.guest_models import EventFeedback, EventGuest, GuestNeeds, GuestState
from portal.events.models import EventState
from portal.outreach.models import Email
from tenants.clock import utc_now
from tests.client import Client
from tests.events.events import contacts, event, save, say_yes, states
from tests.events.manage.pages import guest, page_of, past_event, switch_on
from tests.world import World


@pytest.fixture(autouse=True)
def _on(acme: World) -> None:
    switch_on(acme)


def written(world: World) -> list[str]:
    with world.session() as session:
        return list(session.scalars(select(Email.recipient_norm).where(Email.kind == "event_message")))


def test_the_page_says_who_has_a_seat_and_who_waits(acme: World, as_manager: Client) -> None:
    dinner = event(acme, capacity=3)
    guests = contacts(acme, dinner, 5)
    for one in guests[:4]:
        say_yes(acme, one)
    page = page_of(as_manager, dinner)
    for words in ("3 of 3 seats are taken", "3 taken, 0 offered, none free. 1 waiting.", "On the wait list"):
        assert words in page
    assert "Remind one silent guest" in page
    assert "80% of invited, 1 silent" in page


def test_a_list_of_guests_is_searched_and_downloaded_with_what_they_need(
    acme: World, as_manager: Client
) -> None:
    dinner = event(acme)
    ada = guest(acme, dinner, GuestState.ACCEPTED, name="Ada Vegan", company="Nordwind", seats_held=1)
    guest(acme, dinner, GuestState.ACCEPTED, name="Bo Otto", seats_held=1)
    save(acme, GuestNeeds(guest_id=ada.id, food=["vegan"], note="no nuts"))
    address = f"/events/guests?event={dinner.id}&view=coming"
    page = as_manager.get(address).text
    assert ("Ada Vegan" in page, "Vegan, no nuts" in page, "Bo Otto" in page) == (True, True, True)
    found = as_manager.get(f"{address}&q=nordwind").text
    assert ("Ada Vegan" in found, "Bo Otto" in found) == (True, False)
    assert as_manager.get("/events/guests?event=nonsense").status_code == 200


def test_fewer_seats_than_are_taken_are_refused_with_names_or_taken_back_knowingly(
    acme: World, as_manager: Client
) -> None:
    dinner = event(acme, capacity=3)
    guests = contacts(acme, dinner, 3)
    for one in guests:
        say_yes(acme, one)
    last = guests[-1]
    address = f"/events/{dinner.id}/capacity"
    refused = as_manager.post(address, {"capacity": "2"})
    assert (refused.status_code, last.name in refused.text) == (409, True)
    assert (acme.reload(dinner).capacity, states(acme, [last])) == (3, ["accepted"])
    as_manager.post(address, {"capacity": "2", "takes_seats_back": "y"})
    assert (acme.reload(dinner).capacity, states(acme, [last])) == (2, ["waitlisted"])
    as_manager.post(address, {"capacity": "5"})
    assert states(acme, [last]) == ["offered"]


def test_canceling_names_first_whom_it_touches(acme: World, as_manager: Client) -> None:
    dinner = event(acme)
    guest(acme, dinner, GuestState.ACCEPTED, seats_held=1)
    for _ in range(2):
        guest(acme, dinner, GuestState.INVITED)
    asked = as_manager.get(f"/events/{dinner.id}/cancellation").text
    assert ("Cancel “Closing in three days”?" in asked, "<b>2</b><span>Haven’t answered" in asked) == (
        True,
        True,
    )
    after = as_manager.follow(as_manager.post(f"/events/{dinner.id}/cancellation", {"note": "Storm."}))
    assert ("was canceled" in after.text, "Storm." in after.text) == (True, True)
    assert acme.reload(dinner).state is EventState.CANCELLED
    assert as_manager.post(f"/events/{dinner.id}/cancellation").status_code == 409


def test_a_message_reaches_those_who_come_once_and_nobody_who_said_no(
    acme: World, as_manager: Client
) -> None:
    dinner = event(acme)
    coming = guest(acme, dinner, GuestState.ACCEPTED, seats_held=1)
    no = guest(acme, dinner, GuestState.DECLINED)
    page = as_manager.get(f"/events/{dinner.id}/message?to=coming").text
    message_id = page.partition('name="message_id"')[2].partition('value="')[2].partition('"')[0]
    given = {"message_id": message_id, "to": "coming", "subject_line": "The door", "words": "Ring twice."}
    for _twice in range(2):
        as_manager.post(f"/events/{dinner.id}/message", given)
    assert written(acme) == [coming.email_norm]
    picked = as_manager.post("/events/guests/message", {"picked": [str(coming.id), str(no.id)]})
    assert (
        f"One guest gets nothing, because they said no, are silent or have no address: {no.name}"
        in picked.text
    )
    empty = as_manager.post(f"/events/{dinner.id}/message", given | {"words": ""})
    assert (empty.status_code, "Please write what you want to say." in empty.text) == (422, True)


def test_registrations_are_decided_one_by_one(acme: World, as_manager: Client) -> None:
    dinner = event(acme, capacity=1)
    first, second, third = (
        guest(acme, dinner, GuestState.REQUESTED, confirmed_at=utc_now()) for _ in range(3)
    )
    assert "Decide about 3 registrations" in page_of(as_manager, dinner)
    assert "3 registrations for “Closing in three days”" in as_manager.get("/").text
    as_manager.post(f"/events/guests/{first.id}/approval")
    as_manager.post(f"/events/guests/{second.id}/approval")
    as_manager.post(f"/events/guests/{third.id}/refusal")
    assert states(acme, [first, second, third]) == ["accepted", "waitlisted", "refused"]
    assert as_manager.post(f"/events/guests/{third.id}/approval").status_code == 409


def test_an_answer_by_phone_is_entered_and_says_by_whom(acme: World, as_manager: Client) -> None:
    dinner = event(acme)
    (someone,) = contacts(acme, dinner, 1)
    page = as_manager.follow(as_manager.post(f"/events/guests/{someone.id}/answer", {"answer": "yes"}))
    assert ("Answer entered for them" in page.text, as_manager.member.name in page.text) == (True, True)
    assert states(acme, [someone]) == ["accepted"]
    as_manager.post(f"/events/guests/{someone.id}/removal")
    assert states(acme, [someone]) == ["removed"]


def test_who_waits_is_put_first_with_a_reason_that_others_read(acme: World, as_manager: Client) -> None:
    dinner = event(acme, capacity=1)
    guests = contacts(acme, dinner, 3)
    for one in guests:
        say_yes(acme, one)
    assert as_manager.post(f"/events/guests/{guests[2].id}/priority", {"reason": ""}).status_code == 422
    as_manager.post(f"/events/guests/{guests[2].id}/priority", {"reason": "Came from Lagos"})
    assert "Priority: Came from Lagos" in page_of(as_manager, dinner)
    as_manager.post(f"/events/{dinner.id}/capacity", {"capacity": "2"})
    assert states(acme, guests) == ["accepted", "waitlisted", "offered"]


def test_an_event_without_a_record_waits_at_home_and_is_in_no_rate(acme: World, as_manager: Client) -> None:
    starts = utc_now() - timedelta(days=2)
    forgotten = event(acme, starts_at=starts, title="Forgotten dinner")
    guest(acme, forgotten, GuestState.ACCEPTED, seats_held=1)
    assert "Who was at “Forgotten dinner”?" in as_manager.get("/").text
    page = as_manager.get(f"/events/{forgotten.id}/results").text
    assert ("Nobody has said yet who was there" in page, "0%" in page) == (True, False)


def test_what_came_of_an_event_counts_as_the_metric_does(acme: World, as_manager: Client) -> None:
    past = past_event(acme, came=6, missed=2, silent=12, capacity=10)
    with acme.session() as session:
        there = session.scalars(select(EventGuest).where(EventGuest.attended_at.is_not(None))).all()
        for place, one in enumerate(there[:4]):
            facts = {
                "score": (10, 9, 8, 3)[place],
                "comment": "Good" if place else "",
                "changed_at": utc_now(),
            }
            session.add(EventFeedback(guest_id=one.id, **facts))
    page = as_manager.get(f"/events/{past.id}/results").text
    for words in (
        "30% of those who were invited came",
        "75%, 6 of 8",
        ">+25<",
        "“Good”",
        "6 people were there.",
    ):
        assert words in page
    assert ">30%<" in as_manager.get("/events?view=past").text
    assert "6 of 8 who said yes came" in page_of(as_manager, past)
