"""A workspace gives up its account at SendGrid: emails nobody tells of any more go to a person, none leaves twice."""

from datetime import timedelta
from typing import Any

import pytest

from portal.declarations.email_kinds import EmailKind
from portal.gateways.sendgrid import SendGridGateway
from portal.outreach.emails import NEW_LINK
from portal.outreach.messages import claim
from portal.outreach.messages.resolve_unknown import resolve_unknown
from portal.outreach.models import Email, EmailState, HoldReason
from portal.signin.emails import SIGN_IN
from tenants.clock import utc_now
from tests.client import Client
from tests.outreach.messages.stored_emails import email
from tests.outreach.senders.test_views import KEY, SEEN, save
from tests.present import present
from tests.world import World

ANOTHER = KEY.replace("abc", "xyz")
DOUBT, SILENCE = timedelta(minutes=15), timedelta(days=1)
SOME_TIME = timedelta(hours=1)


def outcome_unknown(world: World, to: str = "ada@example.com", kind: EmailKind = NEW_LINK) -> Email:
    """SendGrid never answered, and may still tell of it."""
    return email(
        world,
        kind,
        to,
        state=EmailState.UNKNOWN,
        outcome_unknown=True,
        gateway="sendgrid",
        claimed_at=utc_now(),
        due_at=utc_now() + SOME_TIME,
    )


def given_up(client: Client, how: str) -> str:
    """The page that says so."""
    path, typed = "/settings/sender/key/removal", {}
    if how == "changed":
        seen = SEEN.search(client.get("/settings/sender").text)
        assert seen
        path, typed = "/settings/sender", {"seen": seen[1], "sendgrid_key": ANOTHER}
    return client.follow(client.post(path, typed)).text


@pytest.mark.parametrize("how", ["changed", "removed"])
def test_emails_in_doubt_are_a_persons_as_soon_as_their_account_is_gone(
    acme: World, as_admin: Client, how: str
) -> None:
    save(as_admin, sendgrid_key=KEY)
    waits, secret = (
        outcome_unknown(acme),
        outcome_unknown(acme, kind=SIGN_IN),
    )  # which no manager ever sees
    by_smtp = email(acme, to="eve@example.com", state=EmailState.UNKNOWN, gateway="smtp", due_at=utc_now())
    page = given_up(as_admin, how)
    assert "One email was sent through the previous account, and we can’t tell whether it arrived." in page
    waits, secret = acme.reload(waits), acme.reload(secret)
    assert (waits.state, waits.hold_reason, waits.due_at) == (
        EmailState.HELD,
        HoldReason.DELIVERY_UNKNOWN,
        None,
    )
    assert present(secret.due_at) <= utc_now(), "settled with the next look"
    assert acme.reload(by_smtp).state is EmailState.UNKNOWN
    page = as_admin.get("/emails").text
    assert "One email needs you" in page
    assert "It was sent through the previous SendGrid account, which no longer reports to us." in page


def test_an_email_on_its_way_meanwhile_is_not_sent_again_by_the_new_account(
    acme: World, as_admin: Client
) -> None:
    """What leaves later by the new account, and is heard of, says nothing about the old one."""
    save(as_admin, sendgrid_key=KEY)
    lapsed = utc_now() - timedelta(seconds=1)
    facts: dict[str, Any] = {"lease_until": lapsed, "due_at": lapsed, "claimed_at": utc_now() - SOME_TIME}
    leaves = email(acme, state=EmailState.SENDING, gateway="sendgrid", **facts)
    assert "previous account" not in given_up(as_admin, "changed"), "it may be taken yet"
    assert acme.reload(leaves).state is EmailState.SENDING
    told: dict[str, Any] = {"claimed_at": utc_now(), "first_event_at": utc_now()}
    email(acme, to="eve@example.com", state=EmailState.DELIVERED, gateway="sendgrid", **told)
    with acme.session() as session:
        resolve_unknown(session, "mail", event_wait=DOUBT, max_event_wait=SILENCE)
    found = acme.reload(leaves)
    assert (found.state, found.hold_reason) == (EmailState.HELD, HoldReason.DELIVERY_UNKNOWN)


def test_the_first_key_and_the_same_key_leave_emails_to_the_news(acme: World, as_admin: Client) -> None:
    waits = outcome_unknown(acme)
    for _ in range(2):
        save(as_admin, sendgrid_key=KEY)
        assert "previous account" not in as_admin.get("/settings/sender").text
        assert acme.reload(waits).state is EmailState.UNKNOWN


def test_news_of_another_account_says_nothing_of_an_email(acme: World) -> None:
    """It left by the installation's account, which fell silent; the workspace has a key of its own now."""
    left: dict[str, Any] = {
        "gateway": "sendgrid",
        "account": "ours",
        "claimed_at": utc_now() - SOME_TIME,
        "due_at": utc_now(),
    }
    waits = email(acme, state=EmailState.UNKNOWN, outcome_unknown=True, **left)
    told: dict[str, Any] = {
        "account": "theirs",
        "claimed_at": utc_now() - SOME_TIME / 2,
        "first_event_at": utc_now(),
    }
    email(acme, to="eve@example.com", state=EmailState.DELIVERED, gateway="sendgrid", **told)
    with acme.session() as session:
        resolve_unknown(session, "mail", event_wait=DOUBT, max_event_wait=SILENCE)
    assert acme.reload(waits).state is EmailState.UNKNOWN
    with acme.session() as session:
        session.get_one(Email, (acme.tenant_id, waits.id)).due_at = utc_now()
        session.flush()
        resolve_unknown(session, "mail", event_wait=DOUBT, max_event_wait=SOME_TIME / 2)
    found = acme.reload(waits)
    assert (found.state, found.hold_reason) == (EmailState.HELD, HoldReason.DELIVERY_UNKNOWN)


def test_an_email_says_by_which_account_it_left(acme: World, as_admin: Client) -> None:
    """Told by a print of the key that leads back to none."""
    first, second = SendGridGateway(KEY), SendGridGateway(ANOTHER)
    assert first.account != second.account == SendGridGateway(ANOTHER).account
    assert first.account not in KEY
    sent = email(acme)
    with acme.session() as session:
        claim.claim(session, "mail", lease=DOUBT, limit=1, gateway="sendgrid", account=first.account)
    assert acme.reload(sent).account == first.account


def test_another_workspace_keeps_waiting(acme: World, globex: World, as_admin: Client) -> None:
    save(as_admin, sendgrid_key=KEY)
    theirs = outcome_unknown(globex)
    given_up(as_admin, "removed")
    assert globex.reload(theirs).state is EmailState.UNKNOWN
