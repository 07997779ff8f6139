"""A person asks for an email and comes in with it, once, in time, in the browser that asked."""

import pytest

from portal.web.dispatch import SESSION_COOKIE, Portal
from tenants.models import Role
from tests.client import Client, new_client
from tests.fixture_types import Travel
from tests.signin.sign_in_emails import newest, newest_request
from tests.signin.visitors import also_in
from tests.world import World


def ask(client: Client, email: str, place: str = "", **more: str) -> None:
    at = f"/sign-in/{place}" if place else "/sign-in"
    answer = client.post(at, {"email": email} | more, outside=True)
    assert answer.status_code == 303, answer.text


def test_the_link_of_the_email_opens_the_workspace(acme: World, client: Client) -> None:
    rep = acme.member(Role.REP)
    ask(client, rep.email.upper(), acme.slug)
    link = newest(rep.email).link

    page = client.get(link, outside=True)
    assert rep.email in page.text
    assert SESSION_COOKIE not in page.headers.get("Set-Cookie", "")

    inside = client.post(link, outside=True)
    assert inside.status_code == 303
    assert inside.location == f"/{acme.slug}/"
    cookie = next(each for each in inside.headers.getlist("Set-Cookie") if each.startswith(SESSION_COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert client.get("/workspaces", outside=True).location == f"/{acme.slug}/"


def test_a_second_click_is_told_that_the_link_was_used(acme: World, client: Client) -> None:
    rep = acme.member(Role.REP)
    ask(client, rep.email)
    link = newest(rep.email).link
    client.post(link, outside=True)

    again = client.post(link, outside=True)
    assert again.status_code == 410
    assert "already been used" in again.text
    assert client.get(link, outside=True).status_code == 410


def test_another_browser_needs_the_code(app: Portal, acme: World, client: Client) -> None:
    rep, elsewhere = acme.member(Role.REP), new_client(app)
    ask(client, rep.email)
    email = newest(rep.email)

    assert "Code from the email" in elsewhere.get(email.link, outside=True).text
    assert elsewhere.post(email.link, {"code": email.wrong_code}, outside=True).location == email.link
    written = f"{email.code[:4].lower()} - {email.code[4:]}"
    assert elsewhere.post(email.link, {"code": written}, outside=True).status_code == 303
    assert elsewhere.get("/workspaces", outside=True).location == f"/{acme.slug}/"


def test_the_asking_browser_may_type_the_code(acme: World, client: Client) -> None:
    rep = acme.member(Role.REP)
    ask(client, rep.email)
    page = client.get("/check-your-email", outside=True)
    assert rep.email in page.text

    client.post("/check-your-email", {"code": newest(rep.email).code}, outside=True)
    assert client.get("/workspaces", outside=True).location == f"/{acme.slug}/"


def test_five_wrong_codes_close_the_email(app: Portal, acme: World, client: Client) -> None:
    rep, thief = acme.member(Role.REP), new_client(app)
    ask(client, rep.email)
    email = newest(rep.email)
    for _ in range(5):
        thief.post(email.link, {"code": email.wrong_code}, outside=True)

    assert thief.post(email.link, {"code": email.code}, outside=True).status_code == 410
    assert thief.get("/workspaces", outside=True).location.startswith("/sign-in")
    assert client.post(email.link, outside=True).status_code == 410


def test_what_cannot_be_a_code_costs_no_try(app: Portal, acme: World, client: Client) -> None:
    rep, elsewhere = acme.member(Role.REP), new_client(app)
    ask(client, rep.email)
    email = newest(rep.email)
    for typed in ("", " - ", email.code[:7], f"{email.code}X", "B", "BB"):
        for browser, page in ((client, "/check-your-email"), (elsewhere, email.link)):
            told = browser.post(page, {"code": typed}, outside=True)
            assert (told.status_code, told.location) == (303, page)
            assert "this try didn’t count" in browser.get(page, outside=True).text
    assert newest_request(rep.email).tries == 0
    client.post("/check-your-email", {"code": email.code}, outside=True)
    assert client.get("/workspaces", outside=True).location == f"/{acme.slug}/"


def test_half_a_code_is_answered_alike_whoever_asked_for_what(
    app: Portal, acme: World, client: Client
) -> None:
    nobody, unknown = new_client(app), new_client(app)
    ask(client, acme.member(Role.REP).email)
    ask(unknown, "nobody@nowhere.example")
    told = [
        each.post("/check-your-email", {"code": "AB"}, outside=True) for each in (client, nobody, unknown)
    ]
    assert {(one.status_code, one.location) for one in told} == {(303, "/check-your-email")}


def test_the_fifth_try_may_still_be_right(app: Portal, acme: World, client: Client) -> None:
    rep, elsewhere = acme.member(Role.REP), new_client(app)
    ask(client, rep.email)
    email = newest(rep.email)
    for _ in range(4):
        elsewhere.post(email.link, {"code": email.wrong_code}, outside=True)
    elsewhere.post(email.link, {"code": email.code}, outside=True)
    assert elsewhere.get("/workspaces", outside=True).location == f"/{acme.slug}/"


def test_after_ten_minutes_the_page_offers_a_new_email(acme: World, client: Client, travel: Travel) -> None:
    rep = acme.member(Role.REP)
    ask(client, rep.email)
    travel(minutes=11)

    late = client.get(newest(rep.email).link, outside=True)
    assert late.status_code == 410
    assert "Send a new link" in late.text
    assert rep.email in late.text
    assert client.post(newest(rep.email).link, outside=True).status_code == 410


def test_a_link_that_was_tampered_with_says_so(acme: World, client: Client) -> None:
    rep = acme.member(Role.REP)
    ask(client, rep.email)
    assert client.get(newest(rep.email).link[:-3] + "AAA", outside=True).status_code == 410


def test_the_wanted_page_opens_after_signing_in(acme: World, client: Client) -> None:
    rep = acme.member(Role.REP)
    stopped = client.get(f"/{acme.slug}/requests", outside=True)
    if stopped.status_code == 303:  # once there is such a page
        assert f"next_url=/{acme.slug}/requests" in stopped.location
    ask(client, rep.email, next_url=f"/{acme.slug}/requests?late=1")
    assert client.post(newest(rep.email).link, outside=True).location == f"/{acme.slug}/requests?late=1"


def test_another_site_is_never_the_wanted_page(acme: World, client: Client) -> None:
    rep = acme.member(Role.REP)
    ask(client, rep.email, next_url="//evil.example/")
    assert client.post(newest(rep.email).link, outside=True).location == "/workspaces"


def test_a_member_of_two_workspaces_chooses(acme: World, globex: World, client: Client) -> None:
    rep = acme.member(Role.REP)
    also_in(globex, rep)
    ask(client, rep.email)
    client.post(newest(rep.email).link, outside=True)
    page = client.get("/workspaces", outside=True).text
    assert f'href="/{acme.slug}/"' in page
    assert f'href="/{globex.slug}/"' in page


def test_whoever_asked_at_a_workspace_goes_there(acme: World, globex: World, client: Client) -> None:
    rep = acme.member(Role.REP)
    also_in(globex, rep)
    ask(client, rep.email, globex.slug)
    assert client.post(newest(rep.email).link, outside=True).location == f"/{globex.slug}/"


def test_the_start_page_leads_to_the_right_page(acme: World, client: Client, as_rep: Client) -> None:
    assert client.get("/", outside=True).location == "/sign-in"
    assert as_rep.get("/", outside=True).location == "/workspaces"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_pages_of_the_release_before_find_the_new_address(acme: World, client: Client, method: str) -> None:
    moved = client.open(f"/check-your-mail/{acme.slug}", method=method)
    assert (moved.status_code, moved.location) == (308, f"http://localhost/check-your-email/{acme.slug}")
