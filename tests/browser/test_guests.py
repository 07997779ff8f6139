"""A guest on a phone: from the email to “you’re coming”, and to another mind, with and without a script."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_accessibility import EVERYTHING, ONLY
from tests.chromium import PATIENCE
from tests.events.events import event, session_of, states
from tests.events.guests.guests import advocate_guest, path
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox, paths
from tests.world import World

Opener = Callable[..., Page]


@pytest.fixture
def stranger(chromium: Browser, address: str) -> Iterator[Opener]:
    """A browser in which nobody has signed in."""
    contexts = []

    def open_page(where: str, *, script: bool = True, phone: bool = True, dark: bool = False) -> Page:
        context = chromium.new_context(
            java_script_enabled=script,
            viewport=PHONE if phone else DESK,
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{address}{where}")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_two_taps_from_the_email_and_another_mind(
    stranger: Opener, acme: World, mailbox: Mailbox, run_jobs: Jobs, script: bool
) -> None:
    dinner = event(acme, capacity=10, plus_ones=1, asks_needs=True)
    session_of(acme, dinner, "Closing in three days", 10)
    ada = advocate_guest(acme, dinner, email="ada@wabtec.example")
    page = stranger(f"{path(ada)}?answer=yes", script=script)
    expect(page.get_by_role("radio", name="Yes")).to_be_checked()
    page.get_by_label("Closing in three days").check()
    page.get_by_label("Their name").fill("Erik Nyström")
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("You’re coming")
    expect(page.get_by_text("Erik Nyström")).to_be_visible()
    run_jobs()
    page.goto(page.url.partition("/event/")[0] + paths(mailbox.last("ada@wabtec.example"), "/event/")[0])
    page.get_by_role("button", name="Can’t come").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Noted: you can’t come")
    assert states(acme, [ada]) == ["cancelled"]


@pytest.mark.browser
@pytest.mark.parametrize("dark", [True, False])
def test_no_page_of_a_guest_keeps_anybody_out(stranger: Opener, acme: World, dark: bool) -> None:
    dinner = event(
        acme,
        capacity=10,
        plus_ones=2,
        asks_needs=True,
        guest_list="guests",
        registration="customers",
        slug="close",
    )
    for title, seats in (("Closing", 10), ("Moving", 1)):
        session_of(acme, dinner, title, seats)
    ada = advocate_guest(acme, dinner)
    for phone in (True, False):
        for where in (f"{path(ada)}?answer=yes", f"{path(ada)}/somebody-else", f"/e/{acme.slug}/close"):
            page = stranger(where, phone=phone, dark=dark)
            found = Axe().run(page, options=ONLY | {"runOnly": EVERYTHING})
            assert found.response["violations"] == [], where
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
