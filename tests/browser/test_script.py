"""What our one script adds, and that the pages do their work without it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.advocates.models import AdvocateState
from tenants.models import Role
from tests.world import World

pytestmark = pytest.mark.browser
Opened = Callable[..., Page]


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_the_menu_of_a_phone_opens(opened: Opened, script: bool) -> None:
    page = opened("/", script=script, phone=True)
    expect(page.get_by_role("link", name="Metrics", exact=True)).to_be_hidden()
    page.locator(".navbar-toggler").click()
    expect(page.get_by_role("link", name="Metrics", exact=True)).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_the_reader_signs_out_from_the_menu_below(opened: Opened, script: bool) -> None:
    page = opened("/", script=script)
    page.locator(".gw-me > summary").click()
    home = page.url
    with page.expect_navigation(url="**/sign-in*"):
        page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto(home)
    assert "/sign-in" in page.url


def test_escape_closes_a_menu_and_gives_the_focus_back(opened: Opened) -> None:
    page = opened("/metrics")
    menu = page.locator(".gw-head details")
    menu.locator("summary").click()
    expect(menu.get_by_role("link", name="Last quarter")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Last quarter")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_another_period_is_one_click_away(opened: Opened, script: bool) -> None:
    page = opened("/metrics", script=script)
    page.locator(".gw-head details summary").click()
    page.get_by_role("link", name="Last quarter").click()
    assert "period=last-quarter" in page.url


def test_a_refused_form_takes_the_focus_to_what_is_wrong(opened: Opened) -> None:
    page = opened("/requests/new", Role.REP)
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


def test_picked_rows_are_counted_and_let_go(opened: Opened, acme: World) -> None:
    for name in ("Ada", "Grace"):
        acme.advocate(first_name=name, state=AdvocateState.CANDIDATE, enrolled_at=None)
    page = opened("/advocates?view=candidates")
    bar = page.get_by_role("region", name="Selected rows")
    expect(bar).to_be_hidden()
    page.locator("[data-pick-all]").check()
    expect(bar).to_contain_text("2 selected")
    page.locator("tbody input[type=checkbox]").first.uncheck()
    expect(bar).to_contain_text("1 selected")
    bar.get_by_role("button", name="Clear").click()
    expect(bar).to_be_hidden()


def test_a_press_is_one_act_however_often_it_is_pressed(opened: Opened) -> None:
    page = opened("/nominations", Role.REP)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    button = page.get_by_role("button", name="Nominate", exact=True)
    with page.expect_navigation():
        button.evaluate("button => { button.click(); button.click(); button.click(); }")
    assert len(sent) == 1
    expect(page.get_by_role("alert")).to_be_visible()
