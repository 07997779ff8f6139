"""A workspace whose own SendGrid key cannot be read any more: its emails wait and say why, the others go on."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from jobs import mail
from jobs.worker_context import open_worker_context
from portal import secrets
from portal.gateways.queue import JobQueue, WorkQueue
from portal.outreach.labels import STATUS_TEXTS
from portal.outreach.senders.default_sender import default_sender as installation
from portal.outreach.senders.models import Sender
from portal.outreach.status_codes import StatusCode
from portal.secrets import encrypt
from tenants.models import Role
from tests.fakes.smtp import MailServer, mail_server
from tests.fixture_types import Travel
from tests.jobs.emails import emails, states, write_emails
from tests.mailbox import Mailbox
from tests.world import World


@pytest.fixture
def server(acme: Any) -> Iterator[MailServer]:
    """Emails leave by SMTP, to a server on this machine."""
    with mail_server() as running:
        open_worker_context(replace(acme.settings, mail_url=running.url), JobQueue(acme.settings.redis_url))
        yield running


@pytest.fixture
def lost(acme: Any) -> Sender:
    """Acme's key was kept with another DATA_KEY."""
    secrets.configure("e" * 40)
    sealed = encrypt("SG.abcdefghij.klmnopqrst")
    secrets.configure(acme.settings.data_key)
    with acme.session() as session:
        session.add(own := Sender(address="program@ledgerworks.example", sendgrid_key=sealed))
    return own


def test_one_workspaces_lost_key_stops_only_its_own_emails(
    acme: World, globex: World, server: MailServer, lost: Sender, travel: Travel
) -> None:
    write_emails(acme, 3)
    write_emails(globex, 2)
    mail.send(WorkQueue.MAIL)
    assert states(globex) == {"accepted": 2}
    assert {(email.state, email.status_code, email.tries) for email in emails(acme)} == {
        ("queued", StatusCode.UNREADABLE_KEY, 0)
    }
    assert acme.tenant_id not in mail.due(WorkQueue.MAIL)

    travel(minutes=11)
    write_emails(globex, 1)
    mail.send(WorkQueue.MAIL)
    assert states(acme) == {"queued": 3}
    assert states(globex) == {"accepted": 3}


def test_a_manager_reads_why_and_an_admin_mends_it(acme: World, server: MailServer, lost: Sender) -> None:
    acme.advocate()
    write_emails(acme, 2)
    mail.send(WorkQueue.MAIL)
    page = acme.signed_in(Role.MANAGER).get("/emails?view=waiting").text
    assert "Next try: " in page
    assert STATUS_TEXTS[StatusCode.UNREADABLE_KEY] in page
    for path in ("/emails", "/"):
        assert (
            "An admin needs to enter it again under Settings" in acme.signed_in(Role.MANAGER).get(path).text
        )

    admin = acme.signed_in(Role.ADMIN)
    admin.post("/settings/sender/key/removal")
    mail.send(WorkQueue.MAIL)
    assert states(acme) == {"accepted": 2}, "at once, without waiting for the next look"
    assert "can’t be read" not in admin.get("/emails").text


def test_links_to_sign_in_leave_all_the_same(acme: World, server: MailServer, lost: Sender) -> None:
    write_emails(acme, 1, WorkQueue.SIGN_IN)
    write_emails(acme, 1)
    mail.send(WorkQueue.SIGN_IN)
    mail.send(WorkQueue.MAIL)
    assert states(acme) == {"accepted": 1, "queued": 1}
    assert f"<{installation.address}>" in str(server.taken[0]), "nobody vouches for the workspace's own"


def test_the_local_mailbox_needs_no_key(acme: World, mailbox: Mailbox, lost: Sender) -> None:
    open_worker_context(acme.settings, JobQueue(acme.settings.redis_url))
    write_emails(acme)
    mail.send(WorkQueue.MAIL)
    assert states(acme) == {"accepted": 1}
