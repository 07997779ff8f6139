"""How long a browser stays signed in, and how it is signed out."""

import pytest

from portal.signin.next_url import safe_next_url
from portal.web.dispatch import SESSION_COOKIE
from tenants.models import Role
from tests.client import Client, new_client
from tests.fixture_types import Travel
from tests.signin.visitors import another_browser
from tests.world import World


def is_in(client: Client) -> bool:
    """The list of workspaces needs signing in."""
    return (
        not client.get("/workspaces?choose=1", outside=True)
        .headers.get("Location", "")
        .startswith("/sign-in")
    )


def test_staff_are_signed_out_twelve_hours_after_their_last_post(as_rep: Client, travel: Travel) -> None:
    travel(hours=11)
    assert is_in(as_rep)
    travel(hours=2)
    assert not is_in(as_rep)


def test_a_post_gives_staff_their_twelve_hours_again(acme: World, as_rep: Client, travel: Travel) -> None:
    travel(hours=11)
    as_rep.post(f"/workspaces/{acme.slug}/membership", outside=True)
    travel(hours=11)
    assert is_in(as_rep)


def test_an_advocate_stays_in_for_thirty_days(as_advocate: Client, travel: Travel) -> None:
    travel(days=29)
    assert is_in(as_advocate)
    travel(days=2)
    assert not is_in(as_advocate)


def test_signing_out_ends_this_browser_and_no_other(acme: World, as_rep: Client) -> None:
    other = new_client(acme.app, acme.slug)
    other.set_cookie(SESSION_COOKIE, as_rep.cookie(SESSION_COOKIE) + "x")
    assert not is_in(other)
    cookie = as_rep.cookie(SESSION_COOKIE)
    as_rep.post("/sign-out", outside=True)
    other.set_cookie(SESSION_COOKIE, cookie)
    assert not is_in(other), "a copied cookie is worth nothing after signing out"


def test_signing_out_everywhere_ends_every_browser(acme: World) -> None:
    rep = acme.member(Role.REP)
    phone, laptop = acme.signed_in(as_member=rep), another_browser(acme, rep)
    colleague = acme.signed_in(Role.REP)
    laptop.post("/sign-out/everywhere", outside=True)
    assert [is_in(each) for each in (phone, laptop, colleague)] == [False, False, True]


def test_a_get_never_signs_out(as_rep: Client) -> None:
    as_rep.get("/sign-out", outside=True)
    assert is_in(as_rep)


def test_without_the_forms_secret_nothing_is_posted(as_rep: Client) -> None:
    assert as_rep.open("/sign-out", method="POST").status_code == 400
    assert is_in(as_rep)


@pytest.mark.parametrize("page", ["/acme/requests?late=1", "/acme/", "/a%20b"])
def test_pages_of_ours_may_be_wanted(page: str) -> None:
    assert safe_next_url(page) == page


@pytest.mark.parametrize(
    "page",
    [
        "",
        None,
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\tx",
        "javascript:x",
        "/" * 600,
    ],
)
def test_after_signing_in_nobody_is_sent_to_another_site(page: str | None) -> None:
    assert safe_next_url(page) == ""
