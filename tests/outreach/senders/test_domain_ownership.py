"""Emails come from a workspace's own address once its domain says that it is the workspace's own."""

from collections.abc import Iterator
from dataclasses import asdict

import pytest

from jobs import dns, mail
from jobs.worker_context import open_worker_context
from portal.gateways.queue import JobQueue, WorkQueue
from portal.outreach.senders import domain_ownership, queries
from portal.outreach.senders.default_sender import default_sender as installation
from portal.outreach.senders.models import Sender
from portal.settings import Settings
from tenants.models import Role
from tests.client import Client
from tests.fakes.dns import Mood, NameServer, name_server
from tests.fixture_types import Travel
from tests.jobs.emails import write_emails
from tests.mailbox import Mailbox
from tests.outreach.senders.sender_domain import HERE, set_up_records
from tests.workers import schedule_of
from tests.world import World

PROGRAM, PLACE = f"program@{HERE}", f"_goodword.{HERE}"
SENDER = {"address": PROGRAM, "name": "Ledgerworks", "dkim_selector": "s1"}


@pytest.fixture
def names(acme: World) -> Iterator[NameServer]:
    """The workers of this process ask the name server on this machine."""
    with name_server() as running:
        own = Settings(**asdict(acme.settings) | {"dns_server": running.address})
        open_worker_context(own, JobQueue(own.redis_url))
        yield running


def own(world: World) -> Sender | None:
    with world.session() as session:
        return queries.get_sender(session)


def set_sender(world: World, admin: Client, **changed: str) -> None:
    seen = str(getattr(own(world), "version", 0))
    assert admin.post("/settings/sender", SENDER | {"seen": seen} | changed).status_code == 303


def token(world: World, domain: str = HERE) -> str:
    return domain_ownership.ownership_token(world.tenant_id, domain)


def address(world: World) -> tuple[str, str]:
    """Where emails come from and where answers go."""
    with world.session() as session:
        found = queries.sender_identity(session)
    return found.address, found.reply_to


def proven(world: World, admin: Client, names: NameServer) -> None:
    names.says(PLACE, token(world))
    set_sender(world, admin)
    dns.check_domain(world.tenant_id)
    assert address(world) == (PROGRAM, "")


def test_a_domain_speaks_for_the_workspace_it_names_and_for_no_other(
    acme: World, globex: World, as_admin: Client, names: NameServer
) -> None:
    thief = globex.signed_in(Role.ADMIN)
    for world, admin in ((acme, as_admin), (globex, thief)):
        set_sender(world, admin)
        assert address(world) == (installation.address, PROGRAM)

    names.says(PLACE, token(acme), "another thing that stands there")
    for world in (acme, globex):
        dns.check_domain(world.tenant_id)
    assert address(acme) == (PROGRAM, "")
    assert address(globex) == (installation.address, PROGRAM)
    assert "belongs to another workspace" in thief.get("/settings/sender/dns").text

    names.says(PLACE, *(token(acme, f"{n}.example") for n in range(20)), token(acme), token(globex))
    for world in (acme, globex):
        dns.check_domain(world.tenant_id)
        assert address(world) == (PROGRAM, ""), "both may write in its name when it says so of both"


def test_emails_say_whom_they_come_from(
    acme: World, as_admin: Client, names: NameServer, mailbox: Mailbox
) -> None:
    set_sender(acme, as_admin)
    write_emails(acme)
    mail.send_some(acme.tenant_id, WorkQueue.MAIL)
    proven(acme, as_admin, names)
    write_emails(acme)
    mail.send_some(acme.tenant_id, WorkQueue.MAIL)
    assert [email.sender for email in mailbox.all()] == [
        f"Ledgerworks <{installation.address}>",
        f"Ledgerworks <{PROGRAM}>",
    ]


def test_pages_say_what_is_missing_and_what_is_in_force(
    acme: World, as_admin: Client, as_manager: Client, names: NameServer
) -> None:
    saved = as_admin.post("/settings/sender", SENDER | {"seen": "0"}, follow_redirects=True)
    assert f"Emails still come from {installation.address}" in saved.text
    for client, page in ((as_admin, "/settings/sender"), (as_manager, "/settings/sender/dns")):
        shown = client.get(page).text
        assert f"Emails come from {installation.address}, and replies go to {PROGRAM}." in shown
        assert f'value="{PLACE}"' in shown
        assert f'value="{token(acme)}"' in shown

    names.is_(Mood.SILENT, PLACE)
    dns.check_domain(acme.tenant_id, seconds=0.2)
    assert f'value="{token(acme)}"' in as_manager.get("/settings/sender/dns").text, "also when nobody answers"

    names.is_(Mood.EMPTY, PLACE)
    names.says(PLACE, token(acme).upper())
    dns.check_domain(acme.tenant_id)
    for client, page in ((as_admin, "/settings/sender"), (as_manager, "/settings/sender/dns")):
        assert installation.address not in client.get(page).text.partition("<form")[0]
    assert f"Emails come from {PROGRAM}." in as_manager.get("/settings/sender/dns").text


def test_a_domain_that_is_not_proven_yet_is_asked_by_the_hour(
    acme: World, as_admin: Client, names: NameServer, travel: Travel
) -> None:
    again = schedule_of("senders' domains")
    set_sender(acme, as_admin)
    dns.check_domain(acme.tenant_id)
    names.says(PLACE, token(acme))
    travel(hours=1)
    again.turn(acme.tenant_id)
    dns.check_due()
    assert address(acme) == (PROGRAM, "")


def test_an_account_of_ones_own_needs_no_record(acme: World, as_admin: Client, names: NameServer) -> None:
    set_up_records(names)
    set_sender(acme, as_admin, sendgrid_key="SG.abcdefghij.klmnopqrst")
    dns.check_domain(acme.tenant_id)
    assert address(acme) == (PROGRAM, "")
    page = as_admin.get("/settings/sender/dns").text
    assert "Not needed" in page
    assert f"{HERE} is set up for your emails" in page
    as_admin.post("/settings/sender/key/removal")
    assert address(acme) == (installation.address, PROGRAM)


def test_only_days_without_the_record_take_the_proof_away(
    acme: World, as_admin: Client, names: NameServer, travel: Travel
) -> None:
    proven(acme, as_admin, names)
    names.says(PLACE, "it was cleaned up")
    for hours in (0, 24, 24, 23):
        travel(hours=hours)
        dns.check_domain(acme.tenant_id)
        assert address(acme) == (PROGRAM, "")
    assert "unless we find it again before" in acme.signed_in(Role.MANAGER).get("/settings/sender/dns").text

    names.says(PLACE, token(acme))
    dns.check_domain(acme.tenant_id)
    names.says(PLACE, "cleaned up again")
    travel(hours=100)
    dns.check_domain(acme.tenant_id)
    assert address(acme) == (PROGRAM, ""), "counted anew since it was seen again"
    travel(hours=72)
    dns.check_domain(acme.tenant_id)
    assert address(acme) == (installation.address, PROGRAM)


def test_a_name_server_that_falls_silent_takes_no_proof_away(
    acme: World, as_admin: Client, names: NameServer, travel: Travel
) -> None:
    proven(acme, as_admin, names)
    names.texts.clear()
    dns.check_domain(acme.tenant_id)
    for mood in (Mood.FAILS, Mood.SILENT, Mood.LOOPS):
        names.is_(mood, PLACE)
        travel(days=30)
        dns.check_domain(acme.tenant_id, seconds=0.2)
        assert address(acme) == (PROGRAM, "")


def test_the_proof_belongs_to_the_domain(acme: World, as_admin: Client, names: NameServer) -> None:
    proven(acme, as_admin, names)
    set_sender(acme, as_admin, address=f"emails@{HERE}", dkim_selector="k2")
    assert address(acme)[0] == f"emails@{HERE}", "another key or mailbox is no other domain"
    for other in (f"emails@news.{HERE}", "emails@elsewhere.example"):
        set_sender(acme, as_admin, address=other)
        assert address(acme) == (installation.address, other)
        dns.check_domain(acme.tenant_id)
        assert address(acme) == (installation.address, other)
