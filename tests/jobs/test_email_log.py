"""The log tells an email's life step by step, each with its id and how long it took."""

from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from jobs import mail, sequences
from jobs.worker_context import open_worker_context
from portal.declarations.email_content import Recipient
from portal.gateways.queue import JobQueue, WorkQueue
from portal.outreach.emails import NEW_LINK
from portal.outreach.messages import bulk_actions
from portal.outreach.messages.compose import compose
from portal.outreach.sequences import stopping
from portal.outreach.sequences.models import SequenceRun, StopReason
from portal.web.dispatch import Portal
from tenants.clock import utc_now
from tenants.models import Role
from tests.fakes.sendgrid import KEY, SendGrid, sendgrid
from tests.fakes.sendgrid import Mood as ProviderMood
from tests.fakes.smtp import MailServer, Mood, mail_server
from tests.jobs.emails import emails, write_emails
from tests.outreach.messages.stored_emails import email as stored_email
from tests.outreach.sequences.factory import a_sequence, on_the_way
from tests.webhooks.sendgrid_provider import about, provider_of, take_in
from tests.world import World

WRITTEN = ["emails composed", "emails queued"]
HANDED_OVER = ["emails claimed", "emails handed over"]
Lines = Sequence[MutableMapping[str, Any]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    with capture_logs() as found:
        yield found


@pytest.fixture
def provider(app: Portal, acme: World) -> Iterator[SendGrid]:
    with sendgrid(silence=3) as running:
        chosen = {"mail_url": "sendgrid:", "sendgrid_api_key": KEY, "sendgrid_url": running.url}
        open_worker_context(replace(acme.settings, **chosen), JobQueue(acme.settings.redis_url))
        yield running


@pytest.fixture
def server(acme: World) -> Iterator[MailServer]:
    with mail_server() as running:
        chosen = replace(acme.settings, mail_url=running.url)
        open_worker_context(chosen, JobQueue(acme.settings.redis_url))
        yield running


def send(world: World) -> None:
    mail.send_some(world.tenant_id, WorkQueue.MAIL)


def life(world: World, lines: Lines, email_id: UUID) -> list[str]:
    """What the log says of one email; each line has the workspace and a duration."""
    mine = [line for line in lines if str(email_id) in line.get("ids", "").split()]
    assert {line["workspace"] for line in mine} == {str(world.tenant_id)}
    assert all(line["seconds"] >= 0 for line in mine)
    return [line["event"] for line in mine]


def only_life(world: World, lines: Lines) -> list[str]:
    (email,) = emails(world)
    return life(world, lines, email.id)


@pytest.mark.parametrize(
    ("news", "end"),
    [("delivered", "emails delivered"), ("bounce", "emails bounced"), ("dropped", "emails failed")],
)
def test_from_the_first_line_to_the_last(
    app: Portal, acme: World, provider: SendGrid, lines: Lines, news: str, end: str
) -> None:
    write_emails(acme)
    send(acme)
    with provider_of(app) as told:
        told.tell(about(emails(acme)[0], news))
        take_in(acme)
    assert only_life(acme, lines) == [*WRITTEN, *HANDED_OVER, "emails accepted", end]


def test_an_unknown_delivery_that_news_resolves(
    app: Portal, acme: World, provider: SendGrid, lines: Lines
) -> None:
    provider.script.moods = [ProviderMood.GONE_AFTER]
    write_emails(acme)
    send(acme)
    with provider_of(app) as told:
        told.tell(about(emails(acme)[0], "delivered"))
        take_in(acme)
    assert only_life(acme, lines) == [*WRITTEN, *HANDED_OVER, "emails unknown", "emails delivered"]


def test_an_unknown_delivery_that_a_person_decides(acme: World, server: MailServer, lines: Lines) -> None:
    server.at_end = [Mood.HANG_UP_AFTER]
    write_emails(acme)
    send(acme)
    send(acme)
    resolved = ["emails unknown", "unknown emails held for a person"]
    assert only_life(acme, lines) == [*WRITTEN, *HANDED_OVER, *resolved]


@pytest.mark.parametrize(
    ("answer", "end"), [("550 no such mailbox", "emails failed"), ("450 later", "emails queued again")]
)
def test_an_email_that_the_mail_server_does_not_take(
    acme: World, server: MailServer, lines: Lines, answer: str, end: str
) -> None:
    server.at_recipient = [answer]
    write_emails(acme)
    send(acme)
    assert only_life(acme, lines) == [*WRITTEN, *HANDED_OVER, end]


def test_an_email_that_is_held(acme: World, server: MailServer, lines: Lines) -> None:
    over = utc_now() - timedelta(hours=1)
    held = stored_email(acme, valid_until=over, due_at=over)
    send(acme)
    assert life(acme, lines, held.id) == [*WRITTEN, "emails held"]


def test_emails_that_many_get_are_one_line_of_each_step(acme: World, lines: Lines) -> None:
    sequence, manager = a_sequence(acme, 0), acme.member(Role.MANAGER)
    for reader in ("ada@x.example", "bo@x.example"):
        on_the_way(acme, sequence, reader)
    sequences.run_due()
    with acme.session() as session:
        stopping.withdraw_emails(
            session, [stopping.emails_of_runs([SequenceRun.sequence_id == sequence.id])], StopReason.BY_HAND
        )
    with acme.session() as session:
        bulk_actions.give_up(session, [email.id for email in emails(acme)], by=manager)
    told = [*WRITTEN, "emails withdrawn", "emails given up"]
    assert [life(acme, lines, email.id) for email in emails(acme)] == [told, told]
    assert [line["event"] for line in lines if line.get("workspace") == str(acme.tenant_id)] == told


def fall_over_after_composing(world: World) -> None:
    with world.session() as session:
        compose(session, NEW_LINK, Recipient("ada@x.example"), "it")
        raise RuntimeError("fallen over")


def test_what_is_rolled_back_was_composed_and_never_queued(acme: World, lines: Lines) -> None:
    with pytest.raises(RuntimeError, match="fallen over"):
        fall_over_after_composing(acme)
    assert [line["event"] for line in lines if line.get("workspace") == str(acme.tenant_id)] == [
        "emails composed"
    ]
