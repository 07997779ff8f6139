"""What a sender's domain says about its emails: asked by a worker, judged and explained on a page."""

import re
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from sqlalchemy import select

from jobs import dns, ticker
from jobs.worker_context import open_worker_context
from portal.gateways.dns import DnsResolver, TxtAnswer, TxtStatus
from portal.gateways.queue import JobQueue, WorkQueue
from portal.outreach.senders.actions import save_findings
from portal.outreach.senders.check_results import RecordStatus
from portal.outreach.senders.dns_lookup import DnsQuery
from portal.outreach.senders.models import Sender
from portal.settings import Settings
from tenants.database import system_session
from tenants.models import Role
from tests.client import Client
from tests.fakes.dns import Mood, NameServer, name_server
from tests.fixture_types import Travel
from tests.outreach.senders.sender_domain import HERE, looked_up, set_up_records, statuses
from tests.workers import schedule_of
from tests.world import World

SENDER = {"address": f"program@{HERE}", "name": "Ledgerworks", "dkim_selector": "s1", "seen": "0"}
KEY = "SG.abcdefghij.klmnopqrst"


@pytest.fixture
def names() -> Iterator[NameServer]:
    with name_server() as running:
        yield running


@pytest.fixture
def at_work(acme: World, names: NameServer) -> NameServer:
    """The workers of this process ask the name server on this machine."""
    own = Settings(**asdict(acme.settings) | {"dns_server": names.address})
    open_worker_context(own, JobQueue(own.redis_url))
    return names


def sender_of(world: World) -> Sender:
    with world.session() as session:
        return session.scalars(select(Sender)).one()


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_an_admin_saves_a_sender_and_reads_what_to_set(
    acme: World, as_admin: Client, at_work: NameServer
) -> None:
    as_admin.post("/settings/sender", SENDER)
    waiting = as_admin.get("/settings/sender/dns").text
    assert f"Checking the name servers of {HERE}" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "Checking" in as_admin.get("/settings/sender/dns/progress", headers={"HX-Request": "true"}).text

    assert acme.tenant_id in dns.due()
    dns.check_due()
    over = as_admin.get("/settings/sender/dns/progress", headers={"HX-Request": "true"})
    assert over.headers["HX-Redirect"] == f"/{acme.slug}/settings/sender/dns"
    page = as_admin.get("/settings/sender/dns").text
    assert f"4 records of {HERE} need fixing" in text_of(page)
    assert f'value="_dmarc.{HERE}"' in page
    assert f"v=DMARC1; p=none; rua=mailto:postmaster@{HERE}" in page
    assert "Checked on" in page
    assert "4 records to set" in as_admin.get("/settings?q=dkim").text


def test_a_domain_that_is_all_right_says_so(acme: World, as_admin: Client, at_work: NameServer) -> None:
    set_up_records(at_work)
    as_admin.post("/settings/sender", SENDER | {"sendgrid_key": KEY})
    dns.check_domain(acme.tenant_id)
    page = text_of(as_admin.get("/settings/sender/dns").text)
    assert f"{HERE} is set up for your emails" in page
    assert page.count("Valid") == 4
    assert "SendGrid is allowed to send for you." in page
    assert "All right" in as_admin.get("/settings?q=dkim").text


def test_a_look_is_asked_for_and_done_once(
    acme: World, as_manager: Client, as_admin: Client, at_work: NameServer
) -> None:
    as_admin.post("/settings/sender", SENDER)
    dns.check_domain(acme.tenant_id)
    asked = len(at_work.asked)
    assert acme.tenant_id not in dns.due()
    version = sender_of(acme).version

    for _ in range(2):
        assert as_manager.post("/settings/sender/dns/checks").status_code == 303
    with system_session(read_only=True) as session:
        assert ticker.has_work(session, WorkQueue.MESSAGES), "the ticker wakes a worker if nobody else did"
    dns.check_domain(acme.tenant_id)
    assert len(at_work.asked) == 2 * asked
    assert acme.tenant_id not in dns.due(), "asked for twice, looked at once"
    assert sender_of(acme).version == version, "an admin's open page is still good"


def test_every_day_the_domain_is_looked_at_again(
    acme: World, as_admin: Client, at_work: NameServer, travel: Travel
) -> None:
    again = schedule_of("senders' domains")
    as_admin.post("/settings/sender", SENDER | {"sendgrid_key": KEY})
    dns.check_domain(acme.tenant_id)
    again.turn(acme.tenant_id)
    assert not sender_of(acme).is_dns_being_checked
    travel(hours=23)
    again.turn(acme.tenant_id)
    assert not sender_of(acme).is_dns_being_checked
    travel(hours=2)
    again.turn(acme.tenant_id)
    assert sender_of(acme).is_dns_being_checked


def test_findings_about_the_domain_before_are_dropped(
    acme: World, as_admin: Client, at_work: NameServer
) -> None:
    as_admin.post("/settings/sender", SENDER)
    old = looked_up(at_work)
    seen = str(sender_of(acme).version)
    as_admin.post("/settings/sender", SENDER | {"address": "us@elsewhere.example", "seen": seen})
    with acme.session() as session:
        save_findings(session, DnsQuery(HERE, "s1"), old)
    assert sender_of(acme).is_dns_being_checked
    assert sender_of(acme).dns_findings == {}


def test_without_an_address_there_is_nothing_to_look_at(
    as_admin: Client, as_manager: Client, as_rep: Client
) -> None:
    assert "Set up the sender" in as_admin.get("/settings/sender/dns").text
    assert "An admin of your workspace can set it up" in as_manager.get("/settings/sender/dns").text
    assert as_manager.post("/settings/sender/dns/checks").status_code == 409
    assert as_rep.get("/settings/sender/dns").status_code == 403


def test_a_free_mail_address_is_warned_of(acme: World, as_admin: Client, at_work: NameServer) -> None:
    as_admin.post("/settings/sender", SENDER | {"address": "ada@gmail.com"})
    page = as_admin.get("/settings/sender").text
    assert "replies go to ada@gmail.com" in page
    assert "Only gmail.com itself can send for its addresses" in page
    assert "_goodword." not in page, "nobody can prove that one"
    assert "Mailbox providers don’t trust mail from gmail.com" in as_admin.get("/settings/sender/dns").text
    assert "Not your domain" in as_admin.get("/settings?q=dkim").text
    assert as_admin.post("/settings/sender/dns/checks").status_code == 409
    assert dns.check_domain(acme.tenant_id) == 0, "there is nothing of theirs to look at"
    assert acme.tenant_id not in dns.due()


def test_a_look_that_breaks_down_is_over_all_the_same(
    acme: World, as_admin: Client, at_work: NameServer
) -> None:
    as_admin.post("/settings/sender", SENDER)
    open_worker_context(
        Settings(**asdict(acme.settings) | {"dns_server": "[not a server"}), JobQueue("redis://127.0.0.1:9/0")
    )
    assert dns.check_domain(acme.tenant_id, seconds=0.2) == 1
    assert f"We couldn’t check {HERE}" in as_admin.get("/settings/sender/dns").text


def test_servers_that_fail_or_are_silent_say_nothing_about_the_records(names: NameServer) -> None:
    set_up_records(names)
    names.is_(Mood.FAILS, f"_dmarc.{HERE}")
    del names.texts[f"_dmarc.{HERE}"]
    names.is_(Mood.SILENT, HERE)
    names.is_(Mood.LOOPS, f"s1._domainkey.{HERE}")
    found = statuses(looked_up(names, seconds=1))
    assert found == [
        RecordStatus.NO_ANSWER,
        RecordStatus.NO_ANSWER,
        RecordStatus.VALID,
        RecordStatus.NO_ANSWER,
    ]


def test_all_that_is_silent_costs_three_time_outs_at_most(names: NameServer) -> None:
    asking = DnsResolver(names.address, seconds=0.1)
    names.is_(Mood.SILENT, *(f"n{number}.example" for number in range(9)))
    said = [asking.txt_records(f"n{number}.example").status for number in range(9)]
    assert said == [TxtStatus.SILENT] * 9
    assert len(set(names.asked)) <= 4


def test_a_long_list_of_texts_comes_by_another_way_and_whole(names: NameServer) -> None:
    set_up_records(names)
    names.says(HERE, "v=spf1 include:sendgrid.net -all", *(f"verification-{n}={'x' * 90}" for n in range(40)))
    assert statuses(looked_up(names))[0] is RecordStatus.VALID
    assert HERE in names.by_tcp


def test_whatever_stands_in_a_text_record_can_be_kept_and_shown(
    acme: World, as_admin: Client, at_work: NameServer
) -> None:
    at_work.says(HERE, b"v=spf1 \0\xff\xfe\x1b[31m <script>alert(1)</script> ~all")
    at_work.says(f"_dmarc.{HERE}", "x" * 30_000, "v=DMARC1;p=perhaps", b"", "\u202ev=DMARC1")
    as_admin.post("/settings/sender", SENDER)
    assert dns.check_domain(acme.tenant_id) == 1
    page = as_admin.get("/settings/sender/dns").text
    assert "&lt;script&gt;" in page
    assert "\N{REPLACEMENT CHARACTER}" in page
    assert len(page) < 40_000


def test_names_of_every_length_are_asked(names: NameServer) -> None:
    long = ".".join(["a" * 60] * 4)
    assert DnsResolver(names.address).txt_records(f"s1._domainkey.{long}").status is TxtStatus.SILENT
    assert DnsResolver(names.address).txt_records("nobody.example") == TxtAnswer(
        "nobody.example", TxtStatus.NOTHING
    )
    names.is_(Mood.EMPTY, "known.example")
    assert DnsResolver(names.address).txt_records("known.example") == TxtAnswer(
        "known.example", TxtStatus.NOTHING
    )


def test_managers_and_admins_read_the_records_and_nobody_else(acme: World, at_work: NameServer) -> None:
    for role, expected in {Role.MANAGER: 200, Role.ADMIN: 200, Role.OWNER: 403, Role.ADVOCATE: 403}.items():
        assert acme.signed_in(role).get("/settings/sender/dns").status_code == expected


def test_a_domain_in_other_emails_is_asked_for_as_name_servers_know_it(names: NameServer) -> None:
    names.says("_goodword.xn--strae-oqa.example", "here")
    assert DnsResolver(names.address).txt_records("_goodword.straße.example").texts == ("here",)
    assert DnsResolver(names.address).txt_records("_goodword.strasse.example").status is TxtStatus.NOTHING
