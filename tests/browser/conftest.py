"""The application of the tests, answering on a port of this machine.

pytest-flask's `live_server` is enough for pages: it serves what the test wrote, without workers. Tests of what happens
between processes start their own: the server of production (tests/web/web_server.py), workers (tests/jobs/conftest.py),
the whole stack (tests/e2e/stack.py).
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_flask.live_server import LiveServer

from portal.web.dispatch import SESSION_COOKIE, Portal
from tenants.database import database
from tenants.models import Role
from tests.chromium import PATIENCE
from tests.world import World

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def address(app: Portal, live_server: LiveServer) -> str:
    """The fixture names a server, and the test client would no longer ask for localhost. What it starts is a fork
    of this process: the two must not talk to the database on one connection.
    """
    app.config["SERVER_NAME"] = None
    database.engine.dispose()
    live_server.start()
    return str(live_server.url())


@pytest.fixture
def opened(chromium: Browser, address: str, acme: World) -> Iterator[Callable[..., Page]]:
    """opened("/requests", Role.REP): a page of acme in a browser of its own; `script=False` for one that runs none."""
    contexts = []

    def open_page(path: str, role: Role = Role.MANAGER, *, script: bool = True, phone: bool = False) -> Page:
        context = chromium.new_context(java_script_enabled=script, viewport=PHONE if phone else DESK)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        cookie = acme.signed_in(role).cookie(SESSION_COOKIE)
        context.add_cookies([{"name": SESSION_COOKIE, "value": cookie, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/{acme.slug}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
