"""Emails of unknown delivery, at a provider that tells us afterwards: events settle them, silence sends none again."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from portal.declarations.email_content import Recipient, SignedLink
from portal.inbox import store_events
from portal.outreach.emails import NEW_LINK
from portal.outreach.messages import claim, send_results
from portal.outreach.messages.compose import compose
from portal.outreach.messages.resolve_unknown import resolve_unknown
from portal.outreach.models import Email, EmailState, HoldReason
from portal.references.link_purposes import CallLinkPurpose
from portal.signin.emails import SIGN_IN
from tenants.clock import utc_now
from tests.fixture_types import Travel
from tests.outreach.messages.stored_emails import email
from tests.present import present
from tests.world import World

EVENT_WAIT, MAX_EVENT_WAIT, LEASE = timedelta(minutes=15), timedelta(days=1), timedelta(seconds=60)


def queued(world: Any) -> Email:
    links = {"page": SignedLink(CallLinkPurpose.SLOT, uuid7())}
    with world.session() as session:
        to = Recipient(f"{uuid7()}@example.com")
        return compose(session, NEW_LINK, to, f"{uuid7()}", fields={"what": "it"}, links=links)


def sent_without_an_answer(world: Any) -> Email:
    """The provider never answered."""
    email = queued(world)
    send(world)
    return email


def send(world: Any) -> int:
    with world.session() as session:
        mine = claim.claim(session, "mail", lease=LEASE, limit=10, gateway="sendgrid")
        send_results.record_results(session, mine, [], event_wait=EVENT_WAIT)
    return len(mine.emails)


def heard_of_a_later_one(world: Any) -> None:
    """Another email leaves now, and the provider tells of it at once."""
    later = queued(world)
    with world.session() as session:
        claim.claim(session, "mail", lease=LEASE, limit=10, gateway="sendgrid")
        row = session.scalars(select(Email).where(Email.id == later.id)).one()
        row.state, row.lease_until, row.first_event_at = EmailState.DELIVERED, None, utc_now()


def settled(world: Any, email: Email) -> Email:
    with world.session() as session:
        resolve_unknown(session, "mail", event_wait=EVENT_WAIT, max_event_wait=MAX_EVENT_WAIT)
    found: Email = world.reload(email)
    return found


def test_while_the_provider_is_silent_it_waits_and_then_a_person_decides(acme: World, travel: Travel) -> None:
    email = sent_without_an_answer(acme)
    for hours in (1, 10, 12):
        travel(hours=hours)
        assert settled(acme, email).state is EmailState.UNKNOWN
    travel(hours=2)
    email = settled(acme, email)
    assert (email.state, email.hold_reason, email.due_at) == (
        EmailState.HELD,
        HoldReason.DELIVERY_UNKNOWN,
        None,
    )
    assert send(acme) == 0


def test_news_of_a_later_email_allows_one_more_try_and_not_a_second(acme: World, travel: Travel) -> None:
    email = sent_without_an_answer(acme)
    travel(minutes=16)
    heard_of_a_later_one(acme)
    email = settled(acme, email)
    assert (email.state, email.unknown_retries) == (EmailState.QUEUED, 1)
    assert send(acme) == 1
    travel(minutes=16)
    heard_of_a_later_one(acme)
    email = settled(acme, email)
    assert (email.state, email.hold_reason) == (EmailState.HELD, HoldReason.DELIVERY_UNKNOWN)


def test_news_that_came_too_early_proves_nothing(acme: World, travel: Travel) -> None:
    email = sent_without_an_answer(acme)
    travel(minutes=5)
    heard_of_a_later_one(acme)
    travel(minutes=11)
    assert settled(acme, email).state is EmailState.UNKNOWN
    travel(minutes=1)
    heard_of_a_later_one(acme)
    travel(minutes=1)
    assert settled(acme, email).state is EmailState.QUEUED


def test_news_that_came_and_was_not_read_yet_counts(acme: World, travel: Travel) -> None:
    email = sent_without_an_answer(acme)
    with acme.session() as session:
        store_events(session, "sendgrid", [("event-1", {"event": "delivered", "email_id": str(email.id)})])
    travel(minutes=16)
    heard_of_a_later_one(acme)
    assert settled(acme, email).state is EmailState.UNKNOWN


@pytest.mark.parametrize("gateway", ["smtp", "a gateway of yesterday"])
def test_where_no_news_can_come_a_person_decides_at_once(acme: World, travel: Travel, gateway: str) -> None:
    email = queued(acme)
    with acme.session() as session:
        claim.claim(session, "mail", lease=LEASE, limit=10, gateway=gateway)
    travel(seconds=61)
    assert settled(acme, email).hold_reason is HoldReason.DELIVERY_UNKNOWN


def test_a_worker_that_fell_leaves_its_emails_to_the_news(acme: World, travel: Travel) -> None:
    email = queued(acme)
    with acme.session() as session:
        claim.claim(session, "mail", lease=LEASE, limit=10, gateway="sendgrid")
    travel(seconds=61)
    email = settled(acme, email)
    assert (email.state, email.outcome_unknown) == (EmailState.UNKNOWN, True)
    assert abs(present(email.due_at) - utc_now() - EVENT_WAIT) < timedelta(minutes=5)


@pytest.mark.parametrize("gateway", ["sendgrid", "smtp", "a gateway of yesterday"])
def test_a_link_to_sign_in_in_doubt_ends_by_itself(acme: World, travel: Travel, gateway: str) -> None:
    """Nobody on the staff ever sees it, and it is stale long before doubt is settled."""
    asked = email(acme, SIGN_IN, queue="sign_in", due_at=utc_now())
    with acme.session() as session:
        mine = claim.claim(session, "sign_in", lease=LEASE, limit=10, gateway=gateway)
        send_results.record_results(session, mine, [], event_wait=EVENT_WAIT)
    travel(minutes=16)
    with acme.session() as session:
        resolve_unknown(session, "sign_in", event_wait=EVENT_WAIT, max_event_wait=MAX_EVENT_WAIT)
        assert claim.claim(session, "sign_in", lease=LEASE, limit=10, gateway=gateway).checked == 0
    asked = acme.reload(asked)
    assert (asked.state, asked.due_at) == (EmailState.FAILED, None)
    assert asked.given_up_at, "it needs nobody"


def test_a_link_to_sign_in_leaves_again_where_a_second_copy_is_impossible(
    acme: World, travel: Travel
) -> None:
    asked = email(acme, SIGN_IN, queue="sign_in", due_at=utc_now())
    with acme.session() as session:
        claim.claim(session, "sign_in", lease=LEASE, limit=10, gateway="mailbox")
    travel(seconds=61)
    with acme.session() as session:
        resolve_unknown(session, "sign_in", event_wait=EVENT_WAIT, max_event_wait=MAX_EVENT_WAIT)
    assert acme.reload(asked).state is EmailState.QUEUED
