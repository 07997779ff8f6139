"""Emails on their way out: two workers, dead workers, slow servers. None is lost, none is doubled."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy.exc import OperationalError

from jobs import mail
from jobs.pipelined_sender import PipelinedSender
from jobs.retry import with_retries
from jobs.time_budget import TimeBudget, round_robin
from jobs.worker_context import WorkerContext, open_worker_context, worker_context
from portal.gateways.mail import Bundle, SendOutcome, SendResult, UnknownResolution
from portal.gateways.queue import JobQueue, WorkQueue
from portal.outreach.messages import claim as claiming
from portal.outreach.messages import send_results
from portal.outreach.messages.resolve_unknown import resolve_unknown
from portal.outreach.status_codes import StatusCode
from tests.fakes.smtp import MailServer, Mood, mail_server
from tests.fixture_types import Travel
from tests.jobs.emails import emails, states, write_emails
from tests.mailbox import Mailbox
from tests.world import World

LEASE = timedelta(seconds=60)


@pytest.fixture(autouse=True)
def at(acme: Any) -> WorkerContext:
    return open_worker_context(acme.settings, JobQueue(acme.settings.redis_url))


@pytest.fixture
def server(acme: Any, at: WorkerContext) -> Iterator[MailServer]:
    """Emails leave by SMTP, to a server on this machine."""
    with mail_server() as running:
        open_worker_context(replace(acme.settings, mail_url=running.url), at.queues)
        yield running


def send(world: Any) -> int:
    return mail.send_some(world.tenant_id, WorkQueue.MAIL)


def claim(session: Any, most: int, gateway: str = "mailbox") -> claiming.ClaimedEmails:
    return claiming.claim(session, "mail", lease=LEASE, limit=most, gateway=gateway)


def fall_over(world: Any, *, after_sending: bool) -> None:
    """A worker that is killed between its claim and the mark."""
    batch = mail.claim_batch(world.tenant_id, WorkQueue.MAIL, worker_context())
    if after_sending:
        mail.call_gateway(batch, mail.group_emails(batch)[0])


def test_two_workers_at_once_never_claim_the_same_email(acme: World) -> None:
    write_emails(acme, 40)

    def take(_: int) -> list[UUID]:
        with acme.session() as session:
            return [email.id for email in claim(session, most=7).emails]

    with ThreadPoolExecutor(6) as workers:
        claimed = [email_id for batch in workers.map(take, range(6)) for email_id in batch]
    assert len(claimed) == len(set(claimed)) == 40
    assert states(acme) == {"sending": 40}


@pytest.mark.parametrize("after_sending", [False, True])
def test_a_worker_killed_while_sending_neither_loses_nor_doubles(
    acme: World, mailbox: Mailbox, travel: Travel, after_sending: bool
) -> None:
    write_emails(acme, 3)
    fall_over(acme, after_sending=after_sending)
    assert send(acme) == 0
    travel(seconds=61)
    assert send(acme) == 3
    assert states(acme) == {"accepted": 3}
    assert len(mailbox.all()) == 3


def test_by_smtp_an_email_of_unknown_delivery_waits_for_a_person(
    acme: World, server: MailServer, travel: Travel
) -> None:
    write_emails(acme)
    fall_over(acme, after_sending=True)
    travel(seconds=61)
    send(acme)
    (email,) = emails(acme)
    assert (email.state, email.status_code) == ("held", StatusCode.LEASE_EXPIRED)
    travel(days=1)
    send(acme)
    assert len(server.taken) == 1


@pytest.mark.parametrize("mood", [Mood.HANG_UP_AFTER])
def test_a_server_that_hangs_up_after_the_content_leaves_delivery_unknown(
    acme: World, server: MailServer, mood: Mood
) -> None:
    write_emails(acme, 2)
    server.at_end = [mood]
    send(acme)
    send(acme)
    assert states(acme) == {"accepted": 1, "held": 1}
    assert len(server.taken) == 2


def test_good_news_counts_even_from_a_worker_whose_lease_lapsed(
    acme: World, server: MailServer, travel: Travel
) -> None:
    write_emails(acme)
    with acme.session() as session:
        slow = claim(session, most=1, gateway="smtp")
    travel(seconds=61)
    send(acme)
    assert states(acme) == {"held": 1}
    for verdict, state in (
        (SendOutcome.RETRY, "held"),
        (SendOutcome.REFUSED, "held"),
        (SendOutcome.ACCEPTED, "accepted"),
    ):
        with acme.session() as session:
            send_results.record_results(session, slow, [SendResult(slow.emails[0].id, verdict, "late")])
        assert states(acme) == {state: 1}


def test_a_refused_email_fails_with_the_servers_words(acme: World, server: MailServer) -> None:
    write_emails(acme, 2)
    server.at_recipient = ["550 no such mailbox"]
    send(acme)
    assert sorted((email.state.value, email.status_params.get("text", "")) for email in emails(acme)) == [
        ("accepted", ""),
        ("failed", "The mail server said: 550 no such mailbox"),
    ]


def test_an_email_put_off_is_tried_again_later_and_later_until_it_fails(
    acme: World, server: MailServer, travel: Travel
) -> None:
    write_emails(acme)
    server.at_recipient = ["451 try again"] * 20
    waits = 0
    while states(acme) == {"queued": 1} and waits < 20:
        travel(hours=12, minutes=1)
        send(acme)
        waits += 1
    (email,) = emails(acme)
    assert (email.state, waits) == ("failed", len(send_results.RETRY_DELAYS) + 1)
    assert email.status == (
        StatusCode.RETRIES_EXHAUSTED,
        {"tries": 9, "text": "The mail server said: 451 try again"},
    )


def test_a_server_that_is_away_costs_no_email(acme: World, at: WorkerContext, travel: Travel) -> None:
    with mail_server() as gone:
        open_worker_context(replace(acme.settings, mail_url=gone.url), at.queues)
    write_emails(acme, 2)
    send(acme)
    assert states(acme) == {"queued": 2}
    open_worker_context(acme.settings, at.queues)
    travel(minutes=2)
    send(acme)
    assert states(acme) == {"accepted": 2}


class Broken:
    """A gateway that takes the emails and then breaks down."""

    name, account, unknown_resolution, max_batch = "broken", "", UnknownResolution.PERSON, 10

    def send(self, bundle: Bundle, *, seconds: float) -> Sequence[SendResult]:
        raise OSError("the disk is gone")


def test_a_gateway_that_breaks_down_leaves_its_emails_unknown(acme: World, at: WorkerContext) -> None:
    write_emails(acme, 2)
    at.mail = Broken()
    send(acme)
    assert states(acme) == {"unknown": 2}


def test_an_email_that_brings_every_worker_down_is_held_in_the_end(
    acme: World, at: WorkerContext, travel: Travel
) -> None:
    write_emails(acme)
    for _ in send_results.RETRY_DELAYS:
        fall_over(acme, after_sending=False)
        travel(seconds=61)
        with acme.session() as session:
            resolve_unknown(session, "mail", event_wait=at.event_wait, max_event_wait=at.max_event_wait)
    fall_over(acme, after_sending=False)
    travel(seconds=61)
    assert send(acme) == 0
    assert states(acme) == {"held": 1}


def test_an_email_that_cannot_be_written_fails_alone_and_says_why(acme: World, mailbox: Mailbox) -> None:
    write_emails(acme)
    write_emails(acme, what="your call\r\nBcc: everybody@example.com")
    write_emails(acme)
    send(acme)
    assert states(acme) == {"accepted": 2, "failed": 1}
    (failed,) = [email for email in emails(acme) if email.status_code]
    assert failed.status_params["text"].startswith("This email couldn’t be created: ")
    assert len(mailbox.all()) == 2


def test_workspaces_take_turns(acme: World, globex: World, mailbox: Mailbox) -> None:
    write_emails(acme, 250)
    write_emails(globex, 1)
    turns: list[UUID] = []

    def turn(one: UUID) -> int:
        turns.append(one)
        return mail.send_some(one, WorkQueue.MAIL)

    round_robin("emails", lambda: mail.due(WorkQueue.MAIL), turn, TimeBudget())
    mine = [turn for turn in turns if turn in (acme.tenant_id, globex.tenant_id)]
    assert mine.index(globex.tenant_id) <= 1
    assert mine.count(acme.tenant_id) == 3
    assert states(acme) == {"accepted": 250}


def test_whoever_is_not_reached_in_one_shift_comes_first_in_the_next() -> None:
    """Three workspaces that always have work, and budgets that end after two turns."""
    everybody = sorted(uuid4() for _ in range(3))
    turns: list[UUID] = []
    for _ in range(3):
        budget = TimeBudget()

        def turn(one: UUID, budget: TimeBudget = budget) -> int:
            turns.append(one)
            budget.ends_at = 0 if len(turns) % 2 == 0 else budget.ends_at
            return 1

        round_robin("anything", lambda: everybody, turn, budget)
    assert turns == everybody * 2


def test_a_workspace_whose_emails_cannot_be_claimed_keeps_nobody_elses(
    acme: World, globex: World, mailbox: Mailbox, superuser: psycopg.Connection
) -> None:
    """Its time zone is none that this machine knows."""
    write_emails(acme)
    write_emails(globex)
    superuser.execute("UPDATE tenants SET time_zone = 'Europe/Atlantis' WHERE id = %s", (acme.tenant_id,))
    superuser.commit()
    mail.send(WorkQueue.MAIL)
    assert (states(acme), states(globex)) == ({"queued": 1}, {"accepted": 1})


def test_sign_in_emails_do_not_wait_behind_others(acme: World, mailbox: Mailbox) -> None:
    write_emails(acme, 5)
    write_emails(acme, 1, WorkQueue.SIGN_IN)
    mail.send(WorkQueue.SIGN_IN)
    assert len(mailbox.all()) == 1


def test_a_batch_that_could_not_be_written_down_does_not_keep_the_next_one_from_leaving() -> None:
    """It began already, and what went wrong with the first is still said."""
    done: list[str] = []

    def fails() -> None:
        raise OSError("the disk is full")

    def carries_two() -> None:
        with PipelinedSender() as sender:
            sender.submit(fails)
            sender.submit(lambda: done.append("second"))

    with pytest.raises(OSError, match="the disk is full"):
        carries_two()
    assert done == ["second"]


def test_what_lost_a_race_is_written_down_by_another_try() -> None:
    tries: list[int] = []

    def wins_the_third_time() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("UPDATE", {}, DeadlockDetected())

    with_retries(wins_the_third_time)
    assert len(tries) == 3
