"""What guests hear when an event changes, before it and after it, and how long what they said is kept."""

from datetime import timedelta

from sqlalchemy import select

from portal.events import actions, queries
from portal.events.guest_models import AttendanceSource, EventFeedback, EventGuest, GuestNeeds
from portal.events.link_purposes import EventLinkPurpose
from portal.events.models import Event, EventMoved
from portal.outbox import publish
from portal.outreach.models import Email
from tenants.clock import utc_now
from tenants.models import Role
from tests.client import Client
from tests.events.events import contact, event, save
from tests.events.guests.guests import advocate_guest, entry, path, switch_on
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox
from tests.world import World

YES, MAYBE = {"answer": "yes", "whole": "1"}, {"answer": "maybe"}


def moved(world: World, of: Event, by: timedelta) -> None:
    """As a manager's form does."""
    with world.session() as session:
        here = queries.lock_event(session, of.id)
        here.starts_at, here.ends_at = here.starts_at + by, here.ends_at + by
        here.calendar_sequence += 1
        publish(session, EventMoved(here.id))


def test_another_time_reaches_all_who_answered_with_a_file_of_a_higher_sequence(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    here = event(acme)
    ada, bo = advocate_guest(acme, here, email="ada@wabtec.example"), contact(acme, here)
    silent = contact(acme, here)
    client.post(path(ada), YES, outside=True)
    client.post(path(bo), MAYBE, outside=True)
    run_jobs()
    before = entry(mailbox.last("ada@wabtec.example"))[1]
    moved(acme, here, timedelta(days=1))
    run_jobs()
    method, after = entry(mailbox.last("ada@wabtec.example"))
    assert (method, after["UID"], after["SEQUENCE"]) == ("REQUEST", before["UID"], before["SEQUENCE"] + 1)
    assert after.start - before.start == timedelta(days=1)
    told = mailbox.last(bo.email)
    assert (told.subject.startswith("New: "), told.calendar) == (True, "")
    assert mailbox.to(silent.email) == []


def test_an_event_that_is_off_is_told_to_all_who_need_it(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    here = event(acme)
    ada, bo, silent = (contact(acme, here) for _ in range(3))
    client.post(path(ada), YES, outside=True)
    client.post(path(bo), MAYBE, outside=True)
    run_jobs()
    before = entry(mailbox.last(ada.email))[1]
    with acme.session() as session:
        actions.cancel(session, here.id, "Our speaker is ill.", by=acme.member(Role.MANAGER))
    run_jobs()
    method, off = entry(mailbox.last(ada.email))
    assert (method, off["UID"], off["STATUS"]) == ("CANCEL", before["UID"], "CANCELLED")
    assert off["SEQUENCE"] > before["SEQUENCE"]
    assert "Our speaker is ill." in mailbox.last(bo.email).text
    assert mailbox.to(silent.email) == []
    assert "doesn’t take place" in client.get(path(silent), outside=True).text


def test_whoever_comes_is_reminded_and_whoever_cannot_any_more_is_not(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs, travel: Travel
) -> None:
    switch_on(acme)
    here = event(acme, starts_at=utc_now() + timedelta(days=10))
    ada, bo = contact(acme, here), contact(acme, here)
    for guest in (ada, bo):
        client.post(path(guest), YES, outside=True)
    run_jobs()
    client.post(path(bo), {"answer": "no"}, outside=True)
    run_jobs()
    for _ in range(5):
        travel(days=2)
        run_jobs()
    subjects = [email.subject for email in mailbox.to(ada.email)]
    assert sum("Closing in three days" in one and "coming" not in one for one in subjects) >= 1
    assert len(mailbox.to(bo.email)) == 2  # the confirmation, and what clears the calendar


def test_after_it_whoever_came_is_asked_once_and_whoever_missed_it_is_told(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs, travel: Travel
) -> None:
    switch_on(acme)
    here = event(acme, starts_at=utc_now() + timedelta(days=1), has_record=True)
    came, missed, never = (contact(acme, here) for _ in range(3))
    for guest in (came, missed):
        client.post(path(guest), YES, outside=True)
    run_jobs()
    travel(days=1, hours=1)
    with acme.session() as session:
        row = session.scalars(select(EventGuest).where(EventGuest.id == came.id)).one()
        row.attended_at, row.attendance_source = utc_now(), AttendanceSource.DOOR
    for _ in range(3):
        travel(hours=20)
        run_jobs()
    assert [email.subject for email in mailbox.to(came.email)][-1] == "How was it? Closing in three days"
    assert [email.subject for email in mailbox.to(missed.email)][-1] == "We missed you: Closing in three days"
    assert sum("How was it" in email.subject for email in mailbox.to(came.email)) == 1
    assert mailbox.to(never.email) == []


def test_feedback_may_be_given_twice_and_the_last_counts(acme: World, client: Client) -> None:
    here = event(acme, starts_at=utc_now() - timedelta(hours=5))
    ada = contact(acme, here, state="accepted", seats_held=1, attended_at=utc_now(), attendance_source="door")
    page = path(ada, EventLinkPurpose.FEEDBACK)
    for score, comment in (("9", "Great."), ("3", "Too long.")):
        assert client.post(page, {"score": score, "comment": comment}, outside=True).status_code == 303
    assert client.post(page, {"score": "11"}, outside=True).status_code == 422
    with acme.session() as session:
        (given,) = session.scalars(select(EventFeedback))
        assert (given.score, given.comment) == (3, "Too long.")


def test_food_goes_after_two_weeks_and_contacts_after_ninety_days(
    acme: World, client: Client, run_jobs: Jobs, travel: Travel
) -> None:
    switch_on(acme)
    here = event(acme, asks_needs=True)
    bo, ada = contact(acme, here), advocate_guest(acme, here)
    for guest in (bo, ada):
        client.post(path(guest), YES | {"food": "vegan"}, outside=True)
    run_jobs()
    travel(days=21 + 13)
    run_jobs()
    with acme.session() as session:
        assert len(session.scalars(select(GuestNeeds)).all()) == 2
    travel(days=2)
    run_jobs()
    with acme.session() as session:
        assert session.scalars(select(GuestNeeds)).all() == []
    travel(days=76)
    run_jobs()
    gone = acme.reload(bo)
    assert (gone.name, gone.email, gone.email_norm, gone.state) == ("", "", None, "accepted")
    assert acme.reload(ada).advocate_id is not None
    with acme.session() as session:
        left = session.scalars(select(Email.recipient).where(Email.subject_id == bo.id)).all()
        assert set(left) == {""}


def test_a_feed_of_a_calendar_is_made_read_and_revoked(acme: World, client: Client) -> None:
    as_ada = acme.signed_in_advocate()
    here = event(acme, title="Roundtable; with, signs")
    save(
        acme,
        guest := EventGuest(
            event_id=here.id, advocate_id=as_ada.advocate.id, source="asked", state="invited"
        ),
    )
    client.post(path(guest), YES, outside=True)
    as_ada.post("/my/calendar-feed")
    page = as_ada.get("/my/coming-up").text
    assert "One event is coming up" in page
    address = page.partition('value="http')[2].partition('"')[0].partition("/event-feed/")[2]
    feed = client.get(f"/event-feed/{address}", outside=True)
    assert (feed.status_code, feed.mimetype) == (200, "text/calendar")
    assert "SUMMARY:Roundtable\\; with\\, signs" in feed.text
    as_ada.post("/my/calendar-feed/revocation")
    assert client.get(f"/event-feed/{address}", outside=True).status_code == 410
