"""Every refusal is a page: what happened, what was kept, what to do. None of them asks the database."""

import re
from pathlib import Path

import pytest
from flask import render_template

from portal.web.dispatch import Portal
from portal.web.errors import PAGES
from portal.web.refusal_pages import BodyRefusal
from tests.client import Client
from tests.strict_html import read_strictly
from tests.world import World

DRAWN = sorted(
    int(path.stem) for path in (Path(__file__).parents[2] / "templates/errors").glob("[0-9]*.html")
)


def test_every_status_has_its_page() -> None:
    assert set(DRAWN) == PAGES


@pytest.mark.parametrize("status", [*DRAWN, *BodyRefusal])
def test_it_is_drawn_without_a_workspace_or_a_database(app: Portal, status: int | str) -> None:
    with app.test_request_context("/anything"):
        page = render_template(f"errors/{status}.html", words="", number="", here="")
    read_strictly(page, whole=True)
    assert all(word in page for word in ("What’s kept", "What to do"))


@pytest.mark.parametrize("status", DRAWN)
def test_a_reason_is_told_as_it_was_given_and_harmless(app: Portal, status: int) -> None:
    with app.test_request_context("/anything"):
        page = render_template(
            f"errors/{status}.html", words="<b>Ada</b> is asked enough", number="7f3a", here=""
        )
    assert "<b>Ada" not in page


def test_a_stranger_and_a_member_get_a_way_on(client: Client, as_manager: Client, acme: World) -> None:
    lost = client.get("/no/such/page", outside=True)
    assert (lost.status_code, 'href="/"' in lost.text) == (404, True)
    mine = as_manager.get("/no-such-page")
    assert mine.status_code == 404
    assert "Go to your home page" in mine.text


def test_what_is_too_large_may_be_a_picture_or_a_text_as_well(app: Portal) -> None:
    with app.test_request_context("/anything"):
        page = render_template("errors/413.html", most="2 MB", here="")
    assert "The limit here is 2 MB" in page
    assert "a smaller image, a shorter text, or a table in parts" in page


def test_who_sent_much_and_is_signed_out_gets_a_way_to_sign_in(app: Portal) -> None:
    with app.test_request_context("/anything"):
        page = render_template("errors/too_large_signed_out.html", most="64 kB", here="")
    assert re.search(r'href="/sign-in" target="_blank"[^>]*>Sign in in a new tab', page)
