"""Axe over every GET page of every role, found from the URL map, light and dark, on a desk and on a phone."""

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, ViewportSize

from portal.web.dispatch import Portal
from tenants.models import Role
from tests.browser.conftest import DESK, PHONE
from tests.browser.filled_site import FilledSite, build
from tests.client import Client
from tests.rules import site_crawler

EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
POLICY = "content-security-policy"
ONLY = {"resultTypes": ["violations"], "iframes": False}
Look = tuple[Literal["light", "dark"], ViewportSize]
LOOKS: tuple[Look, ...] = (
    ("light", DESK),
    ("dark", PHONE),
)  # colors follow the light alone, and layout the width


@pytest.fixture(scope="module")
def town(app: Portal) -> FilledSite:
    return build(app)


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """What was looked at in one role need not be looked at in the next."""
    return set()


def pages(town: FilledSite, role: Role | None, client: Client) -> Iterator[tuple[str, str]]:
    """Address and content of the pages made of HTML that this visitor may open; each has something to show."""
    for stop in site_crawler.stops(town.world.app):
        if "GET" in stop.methods and stop.is_for(role):
            answer = client.get(address := town.address(stop, role), outside=True)
            if answer.mimetype == "text/html" and not answer.location:
                assert answer.status_code == 200, (address, answer.status_code)
                yield address, site_crawler.settled(answer.text).partition("<main")[2]


def not_seen_yet(town: FilledSite, role: Role | None, client: Client, seen: set[str]) -> Iterator[str]:
    """Much is there for several roles: the first page of each role is looked at for its frame, the others once."""
    for number, (address, content) in enumerate(pages(town, role, client)):
        if number == 0 or content not in seen:
            seen.add(content)
            yield address


@pytest.mark.browser
@pytest.mark.parametrize("role", [*Role, None], ids=str)
def test_no_page_keeps_anybody_out(
    chromium: Browser, address: str, town: FilledSite, seen: set[str], role: Role | None
) -> None:
    client = town.visitor(role)
    context = chromium.new_context(viewport=DESK, reduced_motion="reduce")
    for cookie in client.cookies():
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    page = context.new_page()
    paths = not_seen_yet(town, role, client, seen)
    problems = [problem for path in paths for problem in looks(page, address + path)]
    context.close()
    assert problems == []


def looks(page: Page, address: str) -> Iterator[str]:
    """Two looks: axe's findings, scripts that fail, a page that scrolls sideways."""
    said: list[str] = []
    note = lambda message: said.append(message.text) if message.type == "error" else None  # noqa: E731
    page.on("console", note)
    from_the_last = LOOKS if page.viewport_size == LOOKS[0][1] else LOOKS[::-1]  # one change of size a page
    for scheme, size in from_the_last:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        if page.url != address:
            opens(page, address)
        yield from (f"{urlsplit(address).path} {scheme} {size['width']}: {f}" for f in findings(page))
    page.remove_listener("console", note)
    yield from (
        f"{urlsplit(address).path}: {words}" for words in said if "the server responded with" not in words
    )


def opens(page: Page, address: str) -> None:
    """An email's own page lets no script run, not even axe's: for axe it is opened without that rule."""
    answer = page.goto(address)
    if answer and "sandbox" in answer.headers.get(POLICY, ""):
        page.route(address, unboxed)
        page.goto(address)


def unboxed(route: Route) -> None:
    answer = route.fetch()
    kept = {name: value for name, value in answer.headers.items() if name != POLICY}
    route.fulfill(response=answer, headers=kept)


def findings(page: Page) -> Iterator[str]:
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
        yield "scrolls sideways"
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    violations = page.evaluate(
        "given => axe.run(given).then(found => found.violations)", {"runOnly": EVERYTHING} | ONLY
    )
    for violation in violations:
        nodes = [node["html"][:160] for node in violation["nodes"][:3]]
        yield f"{violation['id']}: {violation['help']}: {nodes}"
