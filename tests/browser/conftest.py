"""The application of the tests, answering on a port of this machine."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from portal.web.dispatch import SESSION_COOKIE, Portal
from tenants.models import Role
from tests.world import World

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def address(app: Portal) -> Iterator[str]:
    """The application of the tests, answering over HTTP."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def opened(chromium: Browser, address: str, acme: World) -> Iterator[Callable[..., Page]]:
    """opened("/requests", Role.REP): a page of acme in a browser of its own; `script=False` for one that runs none."""
    contexts = []

    def open_page(path: str, role: Role = Role.MANAGER, *, script: bool = True, phone: bool = False) -> Page:
        context = chromium.new_context(java_script_enabled=script, viewport=PHONE if phone else DESK)  # type: ignore[arg-type]
        contexts.append(context)
        cookie = acme.signed_in(role).browser.get_cookie(SESSION_COOKIE)
        assert cookie is not None
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/{acme.slug}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
