"""The great renaming: whatever the release before had written lives on, on the way up and on the way down."""

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from sqlalchemy import select

from portal import policies
from portal.advocates import consent_queries, consent_verification
from portal.advocates.models import JoinRequest
from portal.advocates.profile import JoinSubmission
from portal.cli import alembic_config, owner_connection, upgrade_database
from portal.demo.servers import pg_program
from portal.outbox import Envelope, Message
from portal.outreach.models import Email
from portal.outreach.senders.dns_lookup import DnsFindings
from portal.outreach.senders.models import Sender
from portal.outreach.sequences.models import SequenceRun
from portal.outreach.templates.models import TemplateVersion
from portal.settings import Settings
from portal.web.dispatch import Portal
from tenants.database import system_session, tenant_session
from tenants.models import Tenant
from tests.client import new_client
from tests.migrations.conftest import after_upgrade

OLD = "0028"
NEW_NAMES = {
    "outreach.hours_from": "outreach.send_from_hour",
    "outreach.hours_until": "outreach.send_until_hour",
    "outreach.letters_a_week": "outreach.emails_per_week",
    "outreach.letters_a_month": "outreach.emails_per_month",
    "outreach.letters_a_day": "outreach.emails_per_day",
    "references.first_answer_days": "references.first_response_days",
    "references.named_days": "references.first_ask_days",
    "references.held_days": "references.delivery_days",
    "references.silent_days": "references.feedback_wait_days",
    "metrics.fulfilment_target": "metrics.fulfillment_target",
}
HELD = {
    ("held", reason)
    for reason in (
        *("quiet_hours", "frequency_cap", "daily_limit", "left_program", "obsolete", "delivery_unknown"),
        *("complaints", "paused", "suppressed", "consent"),
    )
}


@pytest.fixture
def upgraded(app: Portal, old_database: Settings, release_before: dict[str, Any]) -> Iterator[Portal]:
    with after_upgrade(old_database, release_before) as other:
        yield other


def workspaces() -> list[Tenant]:
    with system_session(read_only=True) as session:
        return list(session.scalars(select(Tenant)))


def test_every_link_of_before_opens_as_it_did(upgraded: Portal, release_before: dict[str, Any]) -> None:
    client = new_client(upgraded)
    answers = {path: client.get(path, outside=True).status_code for _, path, _ in release_before["links"]}
    assert answers == {path: status for _, path, status in release_before["links"]}
    assert len({purpose for purpose, _, _ in release_before["links"]}) == 13


def test_every_limit_is_kept(upgraded: Portal, release_before: dict[str, Any]) -> None:
    for tenant in workspaces():
        before = release_before["policies"][tenant.slug]
        with tenant_session(tenant.id, read_only=True) as session:
            now = policies.values(session)
            past = policies.values_at(
                session, policies.POLICIES["outreach.emails_per_week"], [tenant.created_at]
            )
        kept = {NEW_NAMES.get(name, name): value for name, value in before.items()}
        assert kept.items() <= now.items()
        assert past == [50], "the history of a limit is found by its new name"


def test_every_chain_verifies(upgraded: Portal) -> None:
    lines = 0
    for tenant in workspaces():
        with tenant_session(tenant.id, read_only=True) as session:
            for record in consent_queries.all_records(session):
                assert consent_verification.faults(record) == []
                lines += len(record.entries)
    assert lines > 0


def test_emails_messages_templates_and_runs_speak_the_new_words(upgraded: Portal) -> None:
    for tenant in workspaces():
        with tenant_session(tenant.id, read_only=True) as session:
            emails = set(session.execute(select(Email.state, Email.hold_reason)))
            assert emails >= HELD | {("queued", ""), ("unknown", ""), ("accepted", "")}
            parked = session.scalars(select(Envelope).where(Envelope.parked_at.is_not(None))).all()
            assert {envelope.queue for envelope in parked if envelope.tries} == {"messages"}
            assert {envelope.topic for envelope in parked} <= set(Message.topics)
            assert session.scalars(select(TemplateVersion.reason)).all()
            (run,) = session.scalars(select(SequenceRun))
            assert (run.subject_type, run.next_at is not None) == ("advocates", True)


def test_what_is_kept_as_json_is_still_read(upgraded: Portal) -> None:
    for tenant in workspaces():
        with tenant_session(tenant.id, read_only=True) as session:
            (sender,) = session.scalars(select(Sender))
            found = DnsFindings.from_json(sender.dns_findings)
            assert found
            assert found.spf.texts[0].startswith("v=spf1")
            (request,) = session.scalars(select(JoinRequest))
            assert JoinSubmission.from_json(request.submission).contact.email == request.email


def test_down_again_everything_is_as_it_was(old_database: Settings, postgres: str) -> None:
    before = contents(postgres)
    upgrade_database(old_database)
    with owner_connection(old_database) as owner:
        command.downgrade(alembic_config(owner), OLD)
    assert contents(postgres) == before


def contents(postgres: str) -> list[str]:
    url = f"{postgres.rsplit('/', 1)[0]}/before"
    dump = [
        str(pg_program("pg_dump")),
        "--data-only",
        "--inserts",
        "--disable-triggers",
        "--schema=public",
        url,
    ]
    rows = subprocess.run(dump, check=True, capture_output=True, text=True).stdout.splitlines()
    return sorted(row for row in rows if row.startswith("INSERT"))
