"""A manager, from whom to invite to how many of them came."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.events import queries
from portal.events.guest_models import AttendanceSource, EventGuest
from portal.events.models import Event
from portal.events.seats import answers
from tenants.clock import utc_now
from tests.events.manage.pages import STARTS, switch_on, typed, work
from tests.world import World

PEOPLE, SEATS = 6, 3


def guests_of(world: World) -> list[EventGuest]:
    with world.session() as session:
        return list(session.scalars(select(EventGuest).order_by(EventGuest.id)))


def say_yes(world: World, guests: list[EventGuest]) -> None:
    for guest in guests:
        with world.session() as session:
            answers.say_yes(session, queries.lock_guest(session, guest.id))


def hold(world: World, came: int) -> None:
    """As if it had been yesterday, with so many of those who had a seat."""
    with world.session() as session:
        event = session.scalars(select(Event)).one()
        event.starts_at = utc_now() - timedelta(days=1)
        event.ends_at = event.starts_at + timedelta(hours=3)
        event.has_record = True
        coming = select(EventGuest).where(EventGuest.seats_held > 0).order_by(EventGuest.id)
        for guest in session.scalars(select(EventGuest)):
            guest.reached_at = guest.invited_at
        for guest in session.scalars(coming.limit(came)):
            guest.attended_at, guest.attendance_source = event.starts_at, AttendanceSource.DOOR


def test_a_manager_goes_from_an_audience_to_the_attendance_rate(
    opened: Callable[..., Page], acme: World
) -> None:
    switch_on(acme)
    for _ in range(PEOPLE):
        acme.advocate()
    page = opened("/events/new")
    page.get_by_label("Title").fill("Closing in three days")
    page.get_by_label("Starts").fill(typed(STARTS))
    page.get_by_label("Ends").fill(typed(STARTS + timedelta(hours=3)))
    page.locator("#venue").fill("Haus am Ufer, Berlin")
    page.get_by_label("Seats").fill(str(SEATS))
    page.get_by_label("Description").fill("Bring **one number**.")
    expect(page.locator("#description-preview strong")).to_have_text("one number")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Open the event").click()
    page.get_by_role("link", name="Invite people").click()
    page.get_by_role("button", name="See who gets it").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{PEOPLE} people can be invited")
    page.get_by_role("button", name=f"Invite {PEOPLE} people").click()
    expect(page.get_by_text(f"{PEOPLE} people get an invitation.")).to_be_visible()
    work(acme)
    say_yes(acme, guests_of(acme)[:4])
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{SEATS} of {SEATS} seats are taken")
    expect(page.get_by_role("img", name="1 waiting.")).to_be_visible()
    page.get_by_role("link", name="Change capacity").click()
    page.get_by_label("Seats").fill("2")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").first).to_contain_text("One guest who said yes would lose the seat")
    page.get_by_role("link", name="Leave it as it is").click()
    hold(acme, came=2)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 of 3 who said yes came")
    page.get_by_role("link", name="What came of it").click()  # who only waited was offered nothing
    expect(page.get_by_role("heading", level=1)).to_have_text("40% of those who were invited came")
