"""Whoever was signed out while they wrote loses nothing: the form stays on a page and is sent from there."""

import re
from html import unescape

from portal.outreach.suppressions import queries
from portal.web.dispatch import SESSION_COOKIE
from tenants.models import Role
from tests.client import Client
from tests.world import World

OURS, THEIRS = {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "cross-site"}
TYPED = {"address": "gone@nordbank.example", "note": "\nShe left\nin May & wrote so."}
FORM = "/emails/suppressed"


def signed_out(world: World) -> tuple[Client, str]:
    """Their browser, and the cookie that signs it in again."""
    client = world.signed_in(Role.MANAGER)
    client.get("/emails")
    cookie = client.cookie(SESSION_COOKIE)
    client.delete_cookie(SESSION_COOKIE)
    return client, cookie


def kept_in(page: str) -> dict[str, str]:
    """What the page would send, as a browser reads it."""
    fields = re.findall(r'<textarea name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return {name: unescape(value) for name, value in fields}


def test_what_was_typed_is_sent_again_after_signing_in(acme: World) -> None:
    client, cookie = signed_out(acme)
    late = client.post(FORM, TYPED, headers=OURS)
    assert late.status_code == 400
    assert "You were signed out" in late.text
    assert f'action="/{acme.slug}{FORM}"' in late.text
    assert kept_in(late.text) == TYPED
    client.set_cookie(SESSION_COOKIE, cookie)
    assert client.post(FORM, kept_in(late.text), headers=OURS).status_code == 303
    with acme.session() as session:
        assert queries.suppressions_of(session, TYPED["address"])


def test_a_secret_of_another_visit_keeps_the_form_as_well(acme: World) -> None:
    client, _ = signed_out(acme)
    late = client.post(FORM, TYPED | {"csrf_token": "of yesterday"}, headers=OURS)
    assert (late.status_code, kept_in(late.text)) == (400, TYPED)


def test_a_form_of_another_site_is_not_offered_again(acme: World) -> None:
    client = acme.signed_in(Role.MANAGER)
    for headers in (THEIRS, {}):
        refused = client.post(FORM, TYPED | {"csrf_token": "a guess"}, headers=headers)
        assert (refused.status_code, kept_in(refused.text)) == (400, {})
    with acme.session() as session:
        assert not queries.suppressions_of(session, TYPED["address"])


def test_a_bare_button_leads_to_signing_in(acme: World) -> None:
    client, _ = signed_out(acme)
    assert client.post("/settings/sender/dns/checks", headers=OURS).location.startswith("/sign-in")
