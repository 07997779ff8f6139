"""An admin gives the workspace a key for SendGrid and reads whether emails can leave by it."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from jobs import ticker
from jobs.keys import check_due, check_key, due
from jobs.schedule import HOUR
from jobs.worker_context import open_worker_context
from portal.gateways.queue import JobQueue, WorkQueue
from portal.gateways.sendgrid_key_check import KeyCheckResult, KeyResult
from portal.outreach.senders import queries
from portal.outreach.senders.actions import request_rechecks
from portal.outreach.senders.key_checks import pending_key_check, save_key_check
from portal.outreach.senders.models import Sender
from tenants.database import system_session
from tests.client import Client
from tests.fakes.sendgrid import Mood, SendGrid, sendgrid
from tests.fixture_types import Travel
from tests.outreach.senders.test_views import save
from tests.world import World

KEY, ANOTHER = "SG.abcdefghij.klmnopqrst", "SG.another-key.klmnopqrst"
HERE = "program@ledgerworks.example"


@pytest.fixture
def fake(acme: World, as_admin: Client) -> Iterator[SendGrid]:
    """Emails of this installation leave through SendGrid; its pages say so."""
    settings = acme.app.config["SETTINGS"]
    with sendgrid(key=KEY) as running:
        own = replace(
            settings, mail_url="sendgrid:", sendgrid_api_key="SG.house.key", sendgrid_url=running.url
        )
        acme.app.config["SETTINGS"] = own
        open_worker_context(own, JobQueue(own.redis_url))
        yield running
    acme.app.config["SETTINGS"] = settings
    assert (running.complaints, running.taken.total()) == ([], 0)


def said(client: Client) -> str:
    """What the page says of the key."""
    page = re.sub(r"<[^>]+>", " ", client.get("/settings/sender").text)
    return re.sub(r"\s+", " ", page)


def own(world: World) -> Sender:
    with world.session() as session:
        found = queries.get_sender(session)
    assert found is not None
    return found


def an_hour_passes(world: World, travel: Travel) -> None:
    travel(seconds=HOUR.total_seconds())
    with world.session() as session:
        request_rechecks(session)
    check_key(world.tenant_id)


def test_a_key_that_works_says_so(acme: World, as_admin: Client, fake: SendGrid) -> None:
    save(as_admin, sendgrid_key=KEY)
    assert "Checking this key with SendGrid" in said(as_admin)
    here = as_admin.get("/settings/sender/key/progress", headers={"HX-Request": "true"})
    assert 'hx-trigger="every 2s"' in here.text
    with system_session(read_only=True) as session:
        assert ticker.has_work(session, WorkQueue.MESSAGES)
    assert acme.tenant_id in due()
    check_due()
    assert acme.tenant_id not in due()
    over = as_admin.get("/settings/sender/key/progress", headers={"HX-Request": "true"})
    assert f"SendGrid accepts emails from {HERE} with this key." in over.text
    assert "your own SendGrid account. SendGrid confirmed this on" in said(as_admin)


def test_a_key_that_is_refused_is_tried_again_until_it_works(
    acme: World, as_admin: Client, fake: SendGrid, travel: Travel
) -> None:
    fake.script.key = "SG.not-yet.klmnopqrst"
    save(as_admin, sendgrid_key=KEY)
    check_key(acme.tenant_id)
    assert f"SendGrid rejects emails from {HERE} with this key" in said(as_admin)
    assert "invalid, expired, or revoked" in said(as_admin)
    fake.script.key = KEY
    an_hour_passes(acme, travel)
    assert "SendGrid confirmed this" in said(as_admin)


def test_a_sendgrid_that_is_away_bars_nobody_and_the_admin_may_ask_again(
    acme: World, as_admin: Client, fake: SendGrid
) -> None:
    fake.script.busy_for, fake.script.chances = 0.1, {Mood.BUSY: 1.0}
    save(as_admin, sendgrid_key=KEY)
    check_key(acme.tenant_id)
    assert "We couldn’t check this key with SendGrid: too many requests." in said(as_admin)
    fake.script.chances = {}
    assert as_admin.post("/settings/sender/key/trials").status_code == 303
    check_key(acme.tenant_id)
    assert "SendGrid confirmed this" in said(as_admin)


def test_what_was_said_of_the_former_key_or_address_does_not_count(
    acme: World, as_admin: Client, fake: SendGrid
) -> None:
    save(as_admin, sendgrid_key=KEY)
    with acme.session() as session:
        former = pending_key_check(session)
    save(as_admin, sendgrid_key=ANOTHER)
    with acme.session() as session:
        assert former is not None
        save_key_check(session, former, KeyCheckResult(KeyResult.WORKS))
    assert own(acme).key_result is None
    check_key(acme.tenant_id)
    assert own(acme).key_result == "refused"
    save(as_admin, address="other@ledgerworks.example")
    assert acme.tenant_id in due()


def test_without_a_key_there_is_nothing_to_try(acme: World, as_admin: Client, fake: SendGrid) -> None:
    save(as_admin, sendgrid_key=KEY)
    as_admin.post("/settings/sender/key/removal")
    assert acme.tenant_id not in due()
    answer = as_admin.post("/settings/sender/key/trials")
    assert answer.status_code == 409
    assert "There’s no key to check." in answer.text


def test_where_emails_stay_in_the_local_mailbox_nobody_is_asked(
    acme: World, as_admin: Client, fake: SendGrid
) -> None:
    settings = replace(acme.app.config["SETTINGS"], mail_url="mailbox:")
    open_worker_context(settings, JobQueue(settings.redis_url))
    save(as_admin, sendgrid_key=KEY)
    check_key(acme.tenant_id)
    assert (acme.tenant_id in due(), own(acme).key_result, fake.calls) == (False, None, 0)
