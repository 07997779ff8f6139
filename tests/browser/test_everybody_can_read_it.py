"""Axe over every GET page of every role, found from the URL map, light and dark, on a desk and on a phone."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from portal.web.dispatch import SESSION_COOKIE, Portal
from tenants.models import Role
from tests.client import Client
from tests.house import crawl
from tests.house.furnished import Rows, furnish
from tests.world import World

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
WALKS = [*Role, None]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def town(app: Portal) -> tuple[World, Rows]:
    world = World.build(app, "Acme")
    return world, furnish(world, world.slug)


def pages(world: World, rows: Rows, role: Role | None, client: Client) -> Iterator[str]:
    """Addresses of pages made of HTML that this visitor may open."""
    for stop in crawl.stops(world.app):
        if "GET" in stop.methods and stop.is_for(role):
            token = crawl.token(stop, world.tenant_id, rows)
            address = stop.address(world.slug, crawl.own_ids(stop, rows), token)
            answer = client.get(address, outside=True)
            if answer.mimetype == "text/html" and answer.status_code not in {302, 303}:
                yield address


@pytest.mark.browser
@pytest.mark.parametrize("role", WALKS, ids=str)
def test_no_page_keeps_anybody_out(
    chromium: Browser, address: str, town: tuple[World, Rows], role: Role | None
) -> None:
    world, rows = town
    client = visitor(world, role)
    context = chromium.new_context(viewport=DESK, reduced_motion="reduce")  # type: ignore[arg-type]
    if cookie := client.browser.get_cookie(SESSION_COOKIE):
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    page = context.new_page()
    problems = [
        problem for path in pages(world, rows, role, client) for problem in looks(page, address + path)
    ]
    context.close()
    assert problems == []


def visitor(world: World, role: Role | None) -> Client:
    if role is None:
        return Client(world.app, world.slug)
    return world.signed_in_advocate() if role == Role.ADVOCATE else world.signed_in(role)


def looks(page: Page, address: str) -> Iterator[str]:
    """Light on a desk and dark on a phone: axe's findings, scripts that fail, a page that scrolls sideways."""
    said: list[str] = []
    note = lambda message: said.append(message.text) if message.type == "error" else None  # noqa: E731
    page.on("console", note)
    for scheme, size in (("light", DESK), ("dark", PHONE), ("dark", DESK), ("light", PHONE)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        if page.url != address:
            page.goto(address)
        yield from (f"{urlsplit(address).path} {scheme} {size['width']}: {found}" for found in findings(page))
    page.remove_listener("console", note)
    yield from (
        f"{urlsplit(address).path}: {words}" for words in said if "the server responded with" not in words
    )


def findings(page: Page) -> Iterator[str]:
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
        yield "scrolls sideways"
    violations: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    for violation in violations:
        nodes = [node["html"][:160] for node in violation["nodes"][:3]]
        yield f"{violation['id']}: {violation['help']}: {nodes}"
