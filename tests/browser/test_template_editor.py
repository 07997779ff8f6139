"""Writing an email's text with the email beside it: with our script, and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.world import World

pytestmark = pytest.mark.browser
Opened = Callable[..., Page]
ASK = "/emails/templates/ask"
FRAME = "iframe:not(.is-coming)"


@pytest.fixture(autouse=True)
def _somebody_to_write_to(acme: World) -> None:
    acme.advocate(first_name="Ada", last_name="Lindqvist", email="ada@nordbank.example")


def test_the_email_follows_the_words_and_stays_when_they_are_wrong(opened: Opened) -> None:
    page = opened(ASK)
    title = page.frame_locator(FRAME).locator("h1")
    expect(title).to_have_text("Could you talk to Initech for 20 minutes?")
    page.get_by_label("Subject", exact=True).fill("Would you, {{first_name}}?")
    expect(title).to_have_text("Would you, Ada?")
    page.get_by_label("Subject", exact=True).fill("Would you, {{first_nam}}?")
    expect(page.get_by_role("status").filter(has_text="Did you mean “first_name”?")).to_be_visible()
    expect(title).to_have_text("Would you, Ada?")


def test_enter_shows_the_email_and_saves_nothing(opened: Opened) -> None:
    page = opened(ASK)
    page.get_by_label("Subject", exact=True).fill("Would you?")
    page.keyboard.press("Enter")
    expect(page.frame_locator(FRAME).locator("h1")).to_have_text("Would you?")
    expect(page.get_by_text("Default text").first).to_be_visible()
    assert len(page.context.pages) == 1


def test_a_field_is_put_where_the_writer_was(opened: Opened) -> None:
    page = opened(ASK)
    page.get_by_label("Subject", exact=True).fill("For ")
    page.get_by_text("Insert a field").click()
    page.locator(".gw-put").get_by_text("{{prospect}}").click()
    expect(page.get_by_label("Subject", exact=True)).to_have_value("For {{prospect}}")
    page.get_by_role("textbox", name="Body").fill("Hello")
    page.get_by_text("Insert a field").click()
    page.locator(".gw-put").get_by_text("{{answer_link}}").click()
    expect(page.get_by_role("textbox", name="Body")).to_have_value("Hello\n\n[Button text]({{answer_link}})")


def test_a_test_leaves_and_the_words_stay(opened: Opened) -> None:
    page = opened(ASK)
    page.get_by_label("Subject", exact=True).fill("Would you?")
    page.get_by_role("button", name="Send a test to myself").click()
    expect(page.get_by_text("A test is on its way")).to_be_visible()
    expect(page.get_by_label("Subject", exact=True)).to_have_value("Would you?")


def test_without_a_script_a_button_shows_the_email(opened: Opened) -> None:
    page = opened(ASK, script=False)
    page.get_by_label("Subject", exact=True).fill("Would you?")
    page.get_by_label("Plain text").check()
    page.get_by_role("button", name="Update the preview").click()
    expect(page.frame_locator(FRAME).locator("pre")).to_contain_text("Hello Ada,")
    expect(page.frame_locator(FRAME).locator("h1")).to_have_text("Would you?")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as version 2.").first).to_be_visible()
