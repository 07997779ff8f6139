"""The door on a phone: with the network cut, the page opened again, and everything sent once it is back."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal.events.models import Event
from tenants.clock import utc_now
from tests.browser.camera_film import film_of_code
from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import LOOKS, findings
from tests.chromium import CHROMIUM, PATIENCE, QUIET
from tests.events.door.doors import Door, coming, evening, ticket_of
from tests.world import World

pytestmark = pytest.mark.browser
KEPT = """async () => {
    const open = indexedDB.open("goodword-door");
    const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
    const all = (name) => new Promise((done) => {
        const asked = db.transaction(name).objectStore(name).getAll();
        asked.onsuccess = () => done(asked.result);
    });
    return JSON.stringify([await all("doors"), await all("queue"), await caches.keys()]);
}"""
HAS_WORKER = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"


@pytest.fixture
def dinner(acme: World) -> Event:
    return evening(acme, capacity=10)


@pytest.fixture
def phone(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def opened(context: BrowserContext, address: str, door: Door) -> Page:
    page = context.new_page()
    page.goto(f"{address}{door.address}")
    page.get_by_role("button", name="Open the door").click()
    expect(page.get_by_text("Guest list from")).to_be_visible()
    page.wait_for_function(HAS_WORKER)
    return page


def test_the_door_goes_on_without_a_connection_and_sends_everything_when_it_is_back(
    acme: World, address: str, phone: BrowserContext, dinner: Event
) -> None:
    ada, ben = (coming(acme, dinner, name, company="Nordwind") for name in ("Ada Lindqvist", "Ben Amari"))
    cleo, sam = coming(acme, dinner, "Cleo Rossi"), Door(acme, dinner)
    page = opened(phone, address, sam)
    phone.set_offline(True)
    page.get_by_role("button", name="Check in Ada Lindqvist").click()
    expect(page.get_by_text("No connection since")).to_be_visible()
    page.reload()
    expect(page.get_by_text("1 check-in is saved on this phone")).to_be_visible()
    expect(page.get_by_role("button", name="Undo Ada L., Nordwind")).to_be_visible()
    page.get_by_role("button", name="Check in Ben A., Nordwind").click()
    page.get_by_role("button", name="Check in Cleo R.").click()
    page.get_by_role("button", name="Undo Cleo R.").click()
    expect(page.get_by_role("button", name="Check in Cleo R.")).to_be_visible()
    page.get_by_role("button", name="Walk-in").click()
    page.get_by_label("Name", exact=True).fill("Otto Vogt")
    page.locator("#walk-in").get_by_role("button", name="Check in").click()
    expect(page.get_by_text("3 check-ins are saved on this phone")).to_be_visible()
    doors, queue, _ = json.loads(page.evaluate(KEPT))
    assert "Lindqvist" not in json.dumps([doors, queue])
    assert sam.address.rpartition("/")[2] not in json.dumps([doors, queue]), "the link itself is not kept"
    sam_says_first = Door(acme, dinner, "Dana").check_in(ben)
    assert sam_says_first["outcome"] == "done"
    phone.set_offline(False)
    page.get_by_role("button", name="Try now").click()
    expect(page.locator("#door-here-list").get_by_text("Already in at")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 of 3 guests are in")
    assert acme.reload(ada).attended_by == "Sam"
    assert acme.reload(ben).attended_by == "Dana"
    assert acme.reload(cleo).attended_at is None
    assert "Otto Vogt" in sam.page()


def test_what_another_door_does_shows_and_closing_leaves_nothing_on_the_phone(
    acme: World, address: str, phone: BrowserContext, dinner: Event
) -> None:
    ada, sam = coming(acme, dinner, "Ada Lindqvist"), Door(acme, dinner)
    page = opened(phone, address, sam)
    Door(acme, dinner, "Dana").check_in(ada)
    expect(page.get_by_text(", by Dana")).to_be_visible()
    page.get_by_role("button", name="Close the door on this phone").click()
    expect(page.get_by_role("button", name="Open the door")).to_be_visible()
    assert json.loads(page.evaluate(KEPT)) == [[], [], []]


def test_a_ticket_is_read_and_one_of_another_workspace_says_so_without_a_connection(
    acme: World, globex: World, address: str, phone: BrowserContext, dinner: Event
) -> None:
    ada, stranger = coming(acme, dinner, "Ada Lindqvist"), coming(globex, evening(globex), "Cleo Rossi")
    page = opened(phone, address, Door(acme, dinner))
    phone.set_offline(True)
    page.get_by_role("button", name="Scan a ticket").click()
    code, dialog = page.get_by_label("Or type the number under the code"), page.locator("#scan")
    for scanned, said in (
        (ticket_of(stranger), "This ticket is for an event of another organizer."),
        ("nothing", "This code isn’t a ticket."),
        (ticket_of(ada), "Ada Lindqvist is in."),
        (ticket_of(ada), "Ada Lindqvist is already in."),
    ):
        code.fill(scanned)
        dialog.get_by_role("button", name="Check in").click()
        expect(dialog.get_by_role("status")).to_contain_text(said)


def test_names_are_gone_after_twelve_hours(
    acme: World, address: str, phone: BrowserContext, dinner: Event
) -> None:
    coming(acme, dinner, "Ada Lindqvist", company="Nordwind")
    page = opened(phone, address, Door(acme, dinner))
    phone.set_offline(True)
    page.clock.install(time=utc_now() + timedelta(hours=13))
    page.reload()
    expect(page.get_by_text("The guest list isn’t saved on this phone.")).to_be_visible()
    assert json.loads(page.evaluate(KEPT))[0] == []


def test_the_door_keeps_nobody_out_with_and_without_a_connection(
    acme: World, address: str, chromium: Browser, dinner: Event
) -> None:
    ada, sam = coming(acme, dinner, "Ada Lindqvist", company="Nordwind"), Door(acme, dinner)
    coming(acme, dinner, "Ben Amari")
    sam.check_in(ada)
    problems: list[str] = []
    for scheme, size in LOOKS:
        context = chromium.new_context(viewport=size, color_scheme=scheme)
        context.set_default_timeout(PATIENCE)
        page = opened(context, address, sam)
        problems += findings(page)
        context.set_offline(True)
        page.reload()
        expect(page.get_by_text("No connection since")).to_be_visible()
        problems += findings(page)
        context.close()
    assert problems == []


def test_the_camera_reads_a_ticket(
    acme: World, address: str, chromium: Browser, dinner: Event, tmp_path: Path
) -> None:
    ada = coming(acme, dinner, "Ada Lindqvist")
    film = film_of_code(ticket_of(ada), tmp_path / "ticket.y4m")
    camera = ("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}")
    with_camera = chromium.browser_type.launch(
        executable_path=str(CHROMIUM), args=[*QUIET, *camera, "--use-fake-ui-for-media-stream"]
    )
    context = with_camera.new_context(viewport=PHONE, permissions=["camera"])
    context.set_default_timeout(PATIENCE)
    page = opened(context, address, Door(acme, dinner))
    page.get_by_role("button", name="Scan a ticket").click()
    expect(page.locator("#scan").get_by_role("status")).to_contain_text("Ada Lindqvist is in.")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 1 guests are in")
    with_camera.close()
