"""A manager plans an event, changes it, and makes the next ones of a series; nothing that was typed is lost."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from portal import files
from portal.events.agenda_models import EventMaterial, EventSession
from portal.events.guest_models import GuestState
from portal.events.manage.details import fingerprint
from portal.events.models import Event, EventMoved, EventState
from portal.outbox import Envelope
from tests.client import Client
from tests.events.events import event, session_of
from tests.events.manage.pages import BERLIN, GIVEN, STARTS, created, guest, switch_on, typed
from tests.rules.query_counter import statements
from tests.world import World


@pytest.fixture(autouse=True)
def _on(acme: World) -> None:
    switch_on(acme)


def only_event(world: World) -> Event:
    with world.session() as session:
        return session.scalars(select(Event)).one()


def messages_of(world: World, kind: type) -> int:
    with world.session() as session:
        topics = session.scalars(select(Envelope.topic)).all()
    return sum(topic == kind.__name__ for topic in topics)


def test_a_manager_plans_an_event_and_opens_it(acme: World, as_manager: Client) -> None:
    draft = as_manager.follow(created(as_manager))
    assert ("“Closing in three days” is a draft" in draft.text, "Open the event" in draft.text) == (
        True,
        True,
    )
    planned = only_event(acme)
    assert planned.starts_at.astimezone(BERLIN).replace(tzinfo=None) == STARTS
    assert (planned.records_close_at - planned.ends_at, planned.budget_cents) == (timedelta(days=10), 420000)
    opened = as_manager.follow(as_manager.post(f"/events/{planned.id}/open"))
    assert "0 of 18 seats are taken" in opened.text
    assert "Closing in three days" in as_manager.get("/events").text
    assert as_manager.get("/events?view=draft").text.count("Closing in three days") == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "Please give the event a title."),
        ({"venue": ""}, "Please say where it is"),
        ({"ends": typed(STARTS)}, "Please choose an end after the start."),
        ({"ends": typed(STARTS + timedelta(days=20))}, "two weeks at most"),
        ({"starts": "tomorrow"}, "Please choose a day and a time."),
        ({"join_url": "javascript:alert(1)"}, "Please enter an address that begins with https://."),
        ({"plus_ones": "9"}, "Please choose a number from 0 to 5."),
        ({"host": "nobody"}, "Please choose an option from the list."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    as_manager: Client, wrong: dict[str, str], words: str
) -> None:
    refused = created(as_manager, **({"address": "Uferstraße 8"} | wrong))
    assert (refused.status_code, words in refused.text) == (422, True)
    assert "Uferstraße 8" in refused.text


def test_a_time_that_clocks_skip_is_refused_and_one_that_comes_twice_is_asked_about(
    acme: World, as_manager: Client
) -> None:
    skipped = created(as_manager, starts="2027-03-28T02:30", ends="2027-03-28T05:00")
    assert "There is no 02:30 on Sun 28 Mar 2027 in Berlin: clocks go forward over it." in skipped.text
    twice = {"starts": "2027-10-31T02:30", "ends": "2027-10-31T05:00"}
    asked = created(as_manager, **twice)
    assert (asked.status_code, "02:30 comes twice on Sun 31 Oct 2027 in Berlin" in asked.text) == (422, True)
    assert "Start: which of the two" in asked.text
    created(as_manager, **twice, starts_which="second")
    assert f"{only_event(acme).starts_at:%H:%M}" == "01:30"  # 02:30 CET, not 02:30 CEST


def test_the_description_is_shown_without_what_could_run(as_manager: Client) -> None:
    preview = as_manager.post(
        "/events/preview", {"description": GIVEN["description"]}, headers={"HX-Request": "true"}
    )
    assert "<strong>show</strong>" in preview.text
    assert ("<script>alert" in preview.text, "&lt;script&gt;" in preview.text) == (False, True)


def test_a_picture_is_written_anew_and_what_is_none_is_refused_beside_its_field(
    acme: World, as_manager: Client
) -> None:
    large = BytesIO()
    Image.new("RGB", (2400, 1200), "navy").save(large, "PNG")
    picture = as_manager.post("/events", GIVEN | {"picture": (BytesIO(large.getvalue()), "x.png")})
    assert picture.status_code == 303
    planned = only_event(acme)
    with acme.session() as session:
        assert planned.picture_id is not None
        kept = Image.open(BytesIO(files.read(session, planned.picture_id)))
    assert (kept.format, kept.size) == ("WEBP", (1600, 800))
    shown = as_manager.get(f"/events/{planned.id}/picture/{planned.picture_id}")
    assert shown.headers["Content-Type"] == "image/webp"
    refused = as_manager.post("/events", GIVEN | {"picture": (BytesIO(b"not a picture"), "x.png")})
    assert (refused.status_code, "We can’t read this image." in refused.text) == (422, True)


def test_moving_an_event_names_who_is_told_and_tells_them_once(acme: World, as_manager: Client) -> None:
    planned = as_manager.follow(created(as_manager)).request.path
    as_manager.post(f"{planned}/open", outside=True)
    opened = only_event(acme)
    own = GIVEN | {"seen": fingerprint(opened)}
    later = own | {"starts": typed(STARTS + timedelta(hours=1)), "ends": typed(STARTS + timedelta(hours=4))}
    asked = as_manager.post(planned, later, outside=True)
    assert (asked.status_code, "This moves the event. Please say who is told." in asked.text) == (422, True)
    assert acme.reload(opened).starts_at == opened.starts_at
    told = as_manager.post(planned, later | {"tell": "everybody"}, outside=True)
    assert told.status_code == 303
    moved = acme.reload(opened)
    assert (moved.starts_at - opened.starts_at, moved.calendar_sequence) == (timedelta(hours=1), 1)
    assert messages_of(acme, EventMoved) == 1
    typo = own | {"seen": fingerprint(moved), "title": "Closing in 3 days"}
    typo |= {"starts": later["starts"], "ends": later["ends"]}
    as_manager.post(planned, typo, outside=True)
    assert (acme.reload(opened).title, messages_of(acme, EventMoved)) == ("Closing in 3 days", 1)


def test_two_managers_do_not_overwrite_each_other(acme: World, as_manager: Client) -> None:
    address = as_manager.follow(created(as_manager)).request.path
    old = fingerprint(only_event(acme))
    as_manager.post(address, GIVEN | {"seen": old, "title": "First"}, outside=True)
    second = as_manager.post(address, GIVEN | {"seen": old, "title": "Second"}, outside=True)
    assert (second.status_code, "Somebody else changed this event meanwhile" in second.text) == (409, True)
    assert only_event(acme).title == "First"


def test_the_next_ones_of_a_series_keep_their_hour_when_clocks_change(
    acme: World, as_manager: Client
) -> None:
    starts = datetime(2027, 9, 15, 18, tzinfo=BERLIN)  # the third Wednesday
    first = event(acme, starts_at=starts, state=EventState.DRAFT, opened_at=None)
    session_of(acme, first, "Intercompany", 9, starts_at=starts + timedelta(hours=1))
    made = as_manager.post(
        f"/events/{first.id}/clone", {"first": "2027-10-20T18:00", "times": "3", "rhythm": "monthly"}
    )
    assert made.status_code == 303
    with acme.session() as session:
        copies = session.scalars(select(Event).where(Event.series_id == first.id).order_by(Event.starts_at))
        local = [copy.starts_at.astimezone(BERLIN).isoformat() for copy in copies]
        talks = session.scalars(select(EventSession).order_by(EventSession.starts_at)).all()
    assert local == ["2027-10-20T18:00:00+02:00", "2027-11-17T18:00:00+01:00", "2027-12-15T18:00:00+01:00"]
    assert [talk.starts_at.astimezone(BERLIN).hour for talk in talks] == [19, 19, 19, 19]


def test_a_pre_read_of_forty_megabytes_is_refused_with_the_limit(acme: World, as_manager: Client) -> None:
    planned = event(acme)
    form = {"title": "Pre-read", "moment": "before"}
    small = form | {"file": (BytesIO(b"%PDF-1.7 hello"), "read.pdf")}
    assert as_manager.post(f"/events/{planned.id}/parts/materials", small).status_code == 303
    huge = form | {"file": (BytesIO(b"x" * 40_000_000), "read.pdf")}
    refused = as_manager.post(f"/events/{planned.id}/parts/materials", huge)
    assert (refused.status_code, "That’s too large" in refused.text) == (413, True)
    assert "Up to 25 MB." in as_manager.get(f"/events/{planned.id}/parts/materials").text
    with acme.session() as session:
        assert len(session.scalars(select(EventMaterial)).all()) == 1


def test_agenda_questions_and_costs_are_added_changed_and_removed(acme: World, as_manager: Client) -> None:
    created(as_manager)
    planned = only_event(acme)
    parts = f"/events/{planned.id}/parts"
    at = typed(STARTS + timedelta(hours=1))
    as_manager.post(f"{parts}/sessions", {"title": "Talk", "starts": at, "is_chosen": "y", "capacity": "9"})
    outside = as_manager.post(
        f"{parts}/sessions", {"title": "Early", "starts": typed(STARTS - timedelta(days=1))}
    )
    assert "between start and end of the event" in outside.text
    as_manager.post(f"{parts}/questions", {"question": "Which tool?", "kind": "choice", "choices": "A\nB"})
    one = as_manager.post(f"{parts}/questions", {"question": "Which tool?", "kind": "choice", "choices": "A"})
    assert "Please write 2 to 12 answers" in one.text
    as_manager.post(f"{parts}/costs", {"label": "Dinner", "quantity": "18", "unit": "95"})
    page = as_manager.get(f"/events/{planned.id}").text
    assert ("€1,710" in page, "0 of 9 places" in page, "40% of €4,200." in page.replace(" ", " ")) == (
        True,
    ) * 3
    shown = as_manager.get(f"{parts}/costs").text
    row = shown.partition(f"{parts}/costs/")[2].partition('"')[0]
    assert "Dinner" in as_manager.get(f"{parts}/costs/{row}").text
    as_manager.post(f"{parts}/costs/{row}/removal")
    assert "No costs yet." in as_manager.get(f"{parts}/costs").text


def test_lists_and_pages_ask_few_statements(acme: World, as_manager: Client) -> None:
    opened = event(acme, capacity=20)
    for state in (GuestState.INVITED, GuestState.MAYBE, GuestState.DECLINED):
        for _ in range(9):
            guest(acme, opened, state)
    for address in ("/events", f"/events/{opened.id}", f"/events/guests?event={opened.id}&view=silent"):
        with statements() as sent:
            assert as_manager.get(address).status_code == 200
        assert len(sent) <= 8, [address, len(sent), *sent]


def test_reps_and_advocates_see_no_events(as_rep: Client, as_advocate: Client) -> None:
    for browser in (as_rep, as_advocate):
        assert browser.get("/events").status_code == 403
        assert browser.get("/events/new").status_code == 403


def test_before_the_first_event_the_page_of_metrics_says_what_to_do(as_manager: Client) -> None:
    page = as_manager.get("/metrics").text
    found = page[page.index('aria-labelledby="attendance"') :]
    said = found[: found.index("</section>")]
    assert ("No events yet" in said, "/events/new" in said, "Plan an event" in said) == (True, True, True)
