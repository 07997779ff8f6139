"""From an empty filter to a survey that has asked forty people: in under a minute."""

from collections.abc import Callable
from os import cpu_count, getloadavg
from time import monotonic

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from portal.asks.models import Ask, AskState
from tests.surveys.surveys import ask_everybody, switch_on
from tests.world import World

PEOPLE = 40
A_MINUTE = 60 * max(1.0, getloadavg()[0] / (cpu_count() or 1))  # seconds; longer where others work as well


def test_forty_people_are_asked_within_a_minute(opened: Callable[..., Page], acme: World) -> None:
    switch_on(acme)
    shop = acme.account("Shop", industry="Retail")
    for _ in range(PEOPLE):
        acme.advocate(account=shop)
    acme.advocate(account=acme.account("Bank", industry="Banking"))
    page, began = opened("/surveys/new"), monotonic()
    page.get_by_label("Title, for your team").fill("Shops, autumn")
    expect(page.locator("#audience-count")).to_contain_text("41 people fit now")
    page.get_by_role("button", name="Condition", exact=True).click()
    page.get_by_label("Attribute").select_option(label="Industry")
    page.get_by_label("Value").select_option("Retail")
    expect(page.locator("#audience-count")).to_contain_text("40 people fit now")
    expect(page.get_by_label("Title, for your team")).to_have_value("Shops, autumn")
    page.get_by_role("button", name="See who gets it").last.click()
    page.get_by_role("button", name="Send to 40 people").click()
    expect(page.get_by_role("heading", name="Sending")).to_be_visible()
    ask_everybody(acme)
    assert monotonic() - began < A_MINUTE
    with acme.session() as session:
        sent = select(func.count()).select_from(Ask).where(Ask.state == AskState.SENT)
        assert session.scalar(sent) == PEOPLE


def test_without_a_script_buttons_draw_the_conditions_and_nothing_typed_is_lost(
    opened: Callable[..., Page], acme: World
) -> None:
    switch_on(acme)
    acme.advocate(account=acme.account("Shop", industry="Retail"))
    page = opened("/surveys/new", script=False)
    page.get_by_label("Title, for your team").fill("Shops, autumn")
    page.get_by_role("button", name="Condition", exact=True).click()
    page.get_by_label("Attribute").select_option(label="Industry")
    page.get_by_role("button", name="Update").click()
    page.get_by_label("Value").select_option("Retail")
    page.get_by_role("button", name="See who gets it").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One person can be asked")
    expect(page.get_by_text("Industry is any of Retail")).to_be_visible()
