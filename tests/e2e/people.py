"""A person with a browser of their own: a desk or a phone, and a mailbox."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from icalendar import Calendar
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, expect
from playwright.sync_api import TimeoutError as TooLate

from tests.chromium import PATIENCE

PRESS = 10_000
DESK = {"viewport": {"width": 1440, "height": 900}, "timezone_id": "Europe/Berlin", "locale": "en-GB"}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "timezone_id": "Europe/Stockholm",
    "locale": "en-GB",
    "is_mobile": True,
    "has_touch": True,
}
Words = str | re.Pattern[str]
EMAIL = re.compile(r'href="(/mailbox/[0-9a-f-]{36})"')


@dataclass
class Person:
    name: str
    email: str
    page: Page
    read: set[str] = field(default_factory=set)  # emails opened so far, by their address

    @property
    def first(self) -> str:
        return self.name.partition(" ")[0]

    def goes_to(self, path: str) -> None:
        self.page.goto(path)

    def follows(self, words: Words) -> None:
        self.page.get_by_role("link", name=words, exact=True).first.click()

    def presses(self, words: Words) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}(\s+optional)?\s*$"))

    def fills(self, label: str, value: str) -> None:
        self.field(label).fill(value)

    def chooses(self, label: str, choice: str) -> None:
        self.field(label).select_option(choice)

    def ticks(self, *labels: str) -> None:
        """A box or a choice by how its words begin."""
        for label in labels:
            self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}")).check()

    def unfolds(self, words: str) -> None:
        self.page.locator("summary", has_text=words).click()

    def sees(self, heading: Words) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def reads(self, *words: Words) -> None:
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each)

    def never_reads(self, *words: str) -> None:
        """Not on the page, nor hidden in it."""
        content = self.page.content()
        assert not [each for each in words if each in content]

    def row(self, words: str) -> Locator:
        return self.page.get_by_role("row").filter(has_text=words)

    # emails

    def finds_email(self, subject: Words) -> None:
        """The newest email with these words that was not read yet; emails take a moment."""
        known: set[str] = set()
        deadline = time.monotonic() + PATIENCE / 1000
        while not (fresh := self._unread(subject)):
            while not (arrived := self._mailbox() - known):
                assert time.monotonic() < deadline, f"no email “{subject}” to {self.email}"
                self.page.wait_for_timeout(300)
            known |= arrived
        self.read.add(fresh[0])
        self.goes_to(fresh[0])

    def _mailbox(self) -> set[str]:
        """Emails by their address: asking costs a tenth of drawing the page again and again."""
        return set(EMAIL.findall(self.page.request.get(f"/mailbox?to={self.email}").text()))

    def _unread(self, subject: Words) -> list[str]:
        self.goes_to(f"/mailbox?to={self.email}")
        found = self.page.locator("#emails").get_by_role("link", name=subject).all()
        return [href for one in found if (href := one.get_attribute("href") or "") not in self.read]

    def answers_email(self, subject: Words, button: str) -> None:
        """Open the email and press its button: the page behind it opens in a tab of its own."""
        self.finds_email(subject)
        opened = self._presses(button) or self._presses(button)
        assert opened, f"“{button}” opens nothing"
        self.page.close()
        self.page = opened
        self.page.wait_for_load_state()

    def _presses(self, button: str) -> Page | None:
        """A browser short of breath may lose a press inside a frame; a person presses again."""
        try:
            with self.page.expect_popup(timeout=PRESS) as opened:
                self.page.frame_locator("iframe").get_by_role("link", name=button, exact=True).click()
        except TooLate:
            return None
        return opened.value

    def takes_calendar_file(self, begins: str) -> Calendar:
        with self.page.expect_download() as file:
            self.page.get_by_role("link", name=re.compile(f"^{re.escape(begins)}")).first.click()
        return Calendar.from_ical(Path(file.value.path()).read_bytes())


class Crowd:
    """Everybody in the story, each with cookies of their own; whatever broke on any page is kept."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.contexts: list[BrowserContext] = []
        self.broken: list[str] = []

    def at_a_desk(self, name: str, email: str) -> Person:
        return self._with(DESK, name, email)

    def on_a_phone(self, name: str, email: str) -> Person:
        return self._with(PHONE, name, email)

    def _with(self, device: dict[str, Any], name: str, email: str) -> Person:
        context = self.browser.new_context(base_url=self.address, **device)
        context.set_default_timeout(PATIENCE)
        context.on("response", self._note)
        context.on("weberror", lambda error: self.broken.append(str(error.error)))
        self.contexts.append(context)
        return Person(name, email, context.new_page())

    def _note(self, response: Response) -> None:
        if response.status >= 500:
            self.broken.append(f"{response.status} {response.url}")

    def leaves(self) -> None:
        for context in self.contexts:
            context.close()


@contextmanager
def crowd(browser: Browser, address: str) -> Iterator[Crowd]:
    made = Crowd(browser, address)
    try:
        yield made
        assert not made.broken
    finally:
        made.leaves()
