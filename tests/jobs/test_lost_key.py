"""A workspace whose own SendGrid key cannot be read any more: its letters wait and say why, the others go on."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from jobs import mail
from jobs.office import open_office
from portal import secrets
from portal.gateways.bell import Bell, Worker
from portal.outreach.sender import sender as installation
from portal.outreach.senders.models import Sender
from portal.outreach.standstill import UNREADABLE
from portal.secrets import seal
from tenants.models import Role
from tests.fakes.smtp import MailServer, mail_server
from tests.jobs.letters import letters, states, write_letters


@pytest.fixture
def server(acme: Any) -> Iterator[MailServer]:
    """Letters leave by SMTP, to a server on this machine."""
    with mail_server() as running:
        open_office(replace(acme.settings, mail_url=running.url), Bell(acme.settings.redis_url))
        yield running


@pytest.fixture
def lost(acme: Any) -> Sender:
    """Acme's key was kept with another DATA_KEY."""
    secrets.configure("e" * 40)
    sealed = seal("SG.abcdefghij.klmnopqrst")
    secrets.configure(acme.settings.data_key)
    with acme.session() as session:
        session.add(own := Sender(address="programme@ledgerworks.example", sendgrid_key=sealed))
    return own


def test_one_workspaces_lost_key_stops_only_its_own_letters(acme, globex, server, lost, travel):
    write_letters(acme, 3)
    write_letters(globex, 2)
    mail.send(Worker.MAIL)
    assert states(globex) == {"accepted": 2}
    assert {(letter.state, letter.why, letter.tries) for letter in letters(acme)} == {
        ("queued", UNREADABLE, 0)
    }
    assert acme.tenant_id not in mail.due(Worker.MAIL)

    travel(minutes=11)
    write_letters(globex, 1)
    mail.send(Worker.MAIL)
    assert states(acme) == {"queued": 3}
    assert states(globex) == {"accepted": 3}


def test_a_manager_reads_why_and_an_admin_mends_it(acme, server, lost):
    acme.advocate()
    write_letters(acme, 2)
    mail.send(Worker.MAIL)
    page = acme.signed_in(Role.MANAGER).get("/letters?view=waiting").text
    assert "The next try is" in page
    assert UNREADABLE in page
    for path in ("/letters", "/"):
        assert "An admin should enter it again, under Settings" in acme.signed_in(Role.MANAGER).get(path).text

    admin = acme.signed_in(Role.ADMIN)
    admin.post("/settings/sender/key/removal")
    mail.send(Worker.MAIL)
    assert states(acme) == {"accepted": 2}, "at once, without waiting for the next look"
    assert "cannot be read" not in admin.get("/letters").text


def test_links_to_sign_in_leave_all_the_same(acme, server, lost):
    write_letters(acme, 1, Worker.SIGN_IN)
    write_letters(acme, 1)
    mail.send(Worker.SIGN_IN)
    mail.send(Worker.MAIL)
    assert states(acme) == {"accepted": 1, "queued": 1}
    assert f"<{installation.address}>" in str(server.taken[0]), "nobody vouches for the workspace's own"


def test_the_local_mailbox_needs_no_key(acme, mailbox, lost):
    open_office(acme.settings, Bell(acme.settings.redis_url))
    write_letters(acme)
    mail.send(Worker.MAIL)
    assert states(acme) == {"accepted": 1}
