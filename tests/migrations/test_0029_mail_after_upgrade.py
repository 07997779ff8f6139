"""The queues run on an upgraded database: the provider gets nothing twice, and nothing is lost."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import func, select

from jobs import mail, outbox_worker, sequences
from jobs.worker_context import open_worker_context
from portal.gateways import email_ids
from portal.gateways.queue import JobQueue, WorkQueue
from portal.outbox import Envelope
from portal.outreach.lifecycles import EmailState
from portal.outreach.models import Email
from portal.settings import Settings
from portal.web.dispatch import Portal
from tenants.clock import utc_now
from tenants.database import read_clock, system_session, tenant_session
from tenants.models import ClockOffset, Tenant
from tests.fakes.sendgrid import KEY, SendGrid, sendgrid
from tests.migrations.conftest import after_upgrade, superuser_url

ROUNDS = 3  # of all queues: what one round writes, the next one sends
LIKE_THE_WELCOME = """INSERT INTO letters SELECT (jsonb_populate_record(l, %s)).* FROM letters l
    WHERE l.occasion LIKE 'any:%%'"""
MAYBE_ARRIVED = {"gateway": "sendgrid", "in_doubt": True}
WELCOME_FIELDS = {
    "fields": {"purposes": ["Reference calls"], "from_name": "Acme", "from_title": ""}
}  # as that release wrote them
LEAVE, STAY = 1, 0  # how often the provider gets it from now on


def emails_of_before(now: datetime) -> dict[str, tuple[dict[str, Any], int]]:
    """An email in each state that the release before could leave it in."""
    past, claimed = (now - timedelta(minutes=1)).isoformat(), (now - timedelta(minutes=5)).isoformat()
    taken = {"gateway": "sendgrid", "claimed_at": claimed, "tries": 1}
    return {
        "queued": ({"state": "queued", "due_at": past}, LEAVE),
        "held until now": ({"state": "held", "held_for": "quiet", "due_at": past}, LEAVE),
        "accepted": ({"state": "accepted", "sent_at": claimed} | taken, STAY),
        "being sent": ({"state": "sending", "due_at": past, "lease_until": past} | taken, STAY),
        "unknown": ({"state": "unknown", "due_at": past} | taken | MAYBE_ARRIVED, STAY),
        "for a person": ({"state": "held", "held_for": "doubt"} | taken | MAYBE_ARRIVED, STAY),
        "failed": ({"state": "failed", "why": "No such mailbox."} | taken, STAY),
    }


@pytest.fixture
def expected(old_database: Settings, postgres: str, release_before: dict[str, Any]) -> dict[UUID, int]:
    """By the ids of these emails, which both workspaces have."""
    ids = {}
    with psycopg.connect(superuser_url(postgres)) as connection:
        connection.execute("UPDATE senders SET sendgrid_key = ''")  # they send by the installation's account
        for name, (values, times) in emails_of_before(datetime.fromisoformat(release_before["now"])).items():
            ids[email_id := uuid4()] = times
            plain = WELCOME_FIELDS | {"held_for": "", "why": "", "due_at": None, "in_doubt": False}
            changed = plain | {"id": str(email_id), "occasion": f"before:{name}"} | values
            connection.execute(LIKE_THE_WELCOME, [Jsonb(changed)])
    return ids


@pytest.fixture
def provider() -> Iterator[SendGrid]:
    with sendgrid() as running:
        yield running


@pytest.fixture
def workspaces(
    app: Portal,
    expected: dict[UUID, int],
    old_database: Settings,
    release_before: dict[str, Any],
    provider: SendGrid,
) -> Iterator[list[UUID]]:
    """After the upgrade, with workers whose emails leave by the provider."""
    chosen = {"mail_url": "sendgrid:", "sendgrid_api_key": KEY, "sendgrid_url": provider.url}
    with after_upgrade(old_database, release_before):
        open_worker_context(replace(old_database, **chosen), JobQueue(old_database.redis_url))
        with system_session(read_only=True) as session:
            ids = list(session.scalars(select(Tenant.id)))
        yield ids


def run_queues() -> None:
    for _ in range(ROUNDS):
        for queue in (WorkQueue.SIGN_IN, WorkQueue.MESSAGES):
            outbox_worker.drain(queue)
        sequences.run_due()
        for queue in (WorkQueue.SIGN_IN, WorkQueue.MAIL):
            mail.send(queue)


def go_ahead(time: timedelta) -> None:
    with system_session() as session:
        session.scalars(select(ClockOffset)).one().seconds += int(time.total_seconds())
    read_clock()


def deliveries(provider: SendGrid) -> Counter[tuple[UUID, UUID]]:
    """Workspace and email, and how often the provider took it."""
    taken: Counter[tuple[UUID, UUID]] = Counter()
    for word, times in provider.taken.items():
        key = email_ids.decode(word)
        assert key is not None
        taken[key] += times
    return taken


def test_what_had_left_never_leaves_again_and_what_waited_leaves_once(
    workspaces: list[UUID], expected: dict[UUID, int], provider: SendGrid
) -> None:
    run_queues()
    go_ahead(timedelta(days=2))
    run_queues()
    taken = deliveries(provider)
    assert {(each, email): taken[each, email] for each in workspaces for email in expected} == {
        (each, email): times for each in workspaces for email, times in expected.items()
    }
    assert set(taken.values()) == {1}, "an email left twice"
    assert provider.complaints == []


def test_every_email_of_before_arrived_or_says_why_not(workspaces: list[UUID], provider: SendGrid) -> None:
    had_left = {email.id for each in workspaces for email in emails(each) if is_accepted(email)}
    before = {(each, email.id) for each in workspaces for email in emails(each)}
    run_queues()
    go_ahead(timedelta(days=2))
    run_queues()
    now = {(each, email.id): email for each in workspaces for email in emails(each)}
    assert set(now) >= before
    arrived = {key for key, email in now.items() if is_accepted(email) and email.id not in had_left}
    assert arrived == set(deliveries(provider))
    silent = [
        email
        for email in now.values()
        if not is_accepted(email) and not (email.status_code or email.hold_reason)
    ]
    assert silent == [], "an email neither left nor says why"


def test_every_message_of_before_is_taken_up(workspaces: list[UUID]) -> None:
    assert sum(map(untouched_messages, workspaces)) > 0
    go_ahead(timedelta(hours=3))
    run_queues()
    assert [untouched_messages(each) for each in workspaces] == [0] * len(workspaces)


def emails(tenant_id: UUID) -> list[Email]:
    with tenant_session(tenant_id, read_only=True) as session:
        return list(session.scalars(select(Email)))


def is_accepted(email: Email) -> bool:
    return email.sent_at is not None or email.state is EmailState.ACCEPTED


def untouched_messages(tenant_id: UUID) -> int:
    waiting = (Envelope.handled_at.is_(None), Envelope.parked_at.is_(None), Envelope.tries == 0)
    with tenant_session(tenant_id, read_only=True) as session:
        count = select(func.count(Envelope.id)).where(
            *waiting, Envelope.due_at <= utc_now() + timedelta(days=1)
        )
        return session.scalars(count).one()
