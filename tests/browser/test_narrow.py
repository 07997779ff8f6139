"""What a phone's width does to words and pictures."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Opened = Callable[..., Page]
LINES = """link => {
    link.textContent = "Conversation";
    const words = document.createRange();
    words.selectNodeContents(link);
    return words.getClientRects().length;
}"""
LOGO = """([wide, high]) => {
    const logo = new Image(wide, high);
    logo.className = "gw-mark gw-logo";
    logo.src = `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}"/>`;
    document.querySelector(".gw-main").prepend(logo);
    return logo.decode().then(() => [logo.clientWidth, logo.clientHeight]);
}"""


def test_a_word_of_twelve_emails_stays_whole_in_a_table(opened: Opened) -> None:
    page = opened("/emails/templates", phone=True)
    assert page.locator(".gw-table td > .gw-link").first.evaluate(LINES) == 1


@pytest.mark.parametrize(
    ("given", "shown"), [((26, 260), [12, 24]), ((256, 64), [24, 6]), ((256, 256), [24, 24])]
)
def test_a_tall_logo_is_no_sliver_and_a_wide_one_is_whole(
    opened: Opened, given: tuple[int, int], shown: list[int]
) -> None:
    assert opened("/", phone=True).evaluate(LOGO, given) == shown
