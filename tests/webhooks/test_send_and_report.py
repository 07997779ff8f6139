"""An email's whole way: claimed, sent over HTTP, told of over HTTP, taken in. Provider and portal are real servers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from werkzeug.serving import make_server

from jobs import mail
from jobs.worker_context import open_worker_context
from portal.gateways.queue import JobQueue, WorkQueue
from portal.web.dispatch import Portal
from tests.fakes.sendgrid import KEY, Mood, SendGrid, sendgrid
from tests.fakes.sendgrid_events import News
from tests.jobs.emails import emails, states, write_emails
from tests.waiting import eventually
from tests.webhooks.sendgrid_provider import days, kept, take_in
from tests.world import World


@contextmanager
def serving(app: Portal, port: int) -> Iterator[None]:
    server = make_server("127.0.0.1", port, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def fake(app: Portal, acme: World, free_port: int) -> Iterator[SendGrid]:
    """SendGrid tells each event 46 times, in any order."""
    news = News(url=f"http://127.0.0.1:{free_port}/hooks/sendgrid", repeats=46, delay=0.05, spread=0.5)
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, sendgrid_webhook_key=news.signer.public_key)
    with sendgrid(news=news, silence=3) as running:
        chosen = {"mail_url": "sendgrid:", "sendgrid_api_key": KEY, "sendgrid_url": running.url}
        open_worker_context(replace(before, **chosen), JobQueue(before.redis_url))
        yield running
    app.config["SETTINGS"] = before
    assert running.complaints == []


def all_is_told(fake: SendGrid, emails: int) -> None:
    """Of each email that it was processed and that it was delivered, 46 times."""
    told = emails * 2 * 46
    eventually(lambda: fake.news.posted >= told, f"{told} events")
    assert fake.news.posted == told


def test_what_is_told_46_times_in_any_order_to_a_portal_that_was_away_counts_once(
    app: Portal, acme: World, fake: SendGrid, free_port: int
) -> None:
    write_emails(acme, 20)
    mail.send_some(acme.tenant_id, WorkQueue.MAIL)
    assert states(acme) == {"accepted": 20}
    eventually(lambda: fake.news.refused, "event that was told to nobody")
    with serving(app, free_port):
        all_is_told(fake, 20)
    assert len(kept(acme)) == 40
    take_in(acme)
    assert states(acme) == {"delivered": 20}
    assert days(acme) == {"accepted": 20, "delivered": 20}


@pytest.mark.parametrize("mood", [Mood.BROKEN_AFTER, Mood.GONE_AFTER])
def test_an_email_in_doubt_is_settled_by_news_and_never_sent_twice(
    app: Portal, acme: World, fake: SendGrid, free_port: int, mood: Mood
) -> None:
    write_emails(acme, 3)
    fake.script.moods = [mood]
    mail.send_some(acme.tenant_id, WorkQueue.MAIL)
    assert states(acme) == {"unknown": 3}
    with serving(app, free_port):
        all_is_told(fake, 3)
    take_in(acme)
    mail.send_some(acme.tenant_id, WorkQueue.MAIL)
    assert states(acme) == {"delivered": 3}
    assert [email.outcome_unknown for email in emails(acme)] == [False] * 3
    assert set(fake.taken.values()) == {1}
