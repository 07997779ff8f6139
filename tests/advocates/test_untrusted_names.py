"""Whatever somebody types on the join page: no email shows it before approval, and none shows a link afterwards."""

from collections.abc import Iterable

import pytest
from sqlalchemy import select

from portal import links
from portal.advocates.models import Advocate, AdvocateState, JoinRequest
from tenants.models import MailboxEmail, Role
from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox
from tests.world import World

EVIL = {"name": "http://evil.test/win-500-EUR", "title": "[prize](evil.test)", "company": "evil.test"}
GRACE = {"name": "Grace Hopper", "title": "Rear Admiral", "company": "Harbour Ltd"}


def joins(client: Client, world: World, typed: dict[str, str]) -> tuple[str, str]:
    """Asks and confirms, as whoever owns the address."""
    email = f"grace@{world.slug}-harbour.example"
    assert client.post(f"/join/{world.slug}", typed | {"email": email}, outside=True).status_code == 303
    with world.session() as session:
        join_request = session.scalars(select(JoinRequest)).one()
    return (
        email,
        f"/join/confirm/{links.token(links.LinkPurpose.JOIN, join_request.tenant_id, join_request.id)}",
    )


def everything(emails: Iterable[MailboxEmail]) -> str:
    return "".join(one.subject + one.text + one.html for one in emails)


@pytest.mark.parametrize("typed", [EVIL, GRACE])
def test_before_approval_no_email_shows_a_word_of_it(
    client: Client, acme: World, mailbox: Mailbox, run_jobs: Jobs, typed: dict[str, str]
) -> None:
    manager = acme.member(Role.MANAGER)
    email, confirm = joins(client, acme, typed)
    run_jobs()
    client.post(confirm, outside=True)
    run_jobs()
    assert mailbox.last(email).text.startswith("Hello,\n")
    assert mailbox.last(manager.email).subject == "Someone would like to join Acme"
    sent = everything(mailbox.all())
    assert [words for words in (*typed.values(), typed["name"].split()[0]) if words in sent] == []


def test_the_page_behind_the_email_shows_no_link_that_somebody_typed(client: Client, acme: World) -> None:
    page = client.get(joins(client, acme, EVIL)[1], outside=True).text
    assert "Someone filled in the Acme join page" in page
    assert "evil" not in page


def test_the_manager_reads_all_of_it_on_the_page(client: Client, acme: World, as_manager: Client) -> None:
    client.post(joins(client, acme, EVIL)[1], outside=True)
    with acme.session() as session:
        waiting = session.scalars(select(Advocate).where(Advocate.state == AdvocateState.PENDING)).one()
    assert "http://evil.test/win-500-EUR" in as_manager.get(f"/advocates/{waiting.id}").text


@pytest.mark.parametrize(("typed", "greeting"), [(EVIL, "Hello,\n"), (GRACE, "Hello Grace,\n")])
def test_after_approval_a_name_is_greeted_and_a_link_is_not(
    client: Client,
    acme: World,
    as_manager: Client,
    mailbox: Mailbox,
    run_jobs: Jobs,
    typed: dict[str, str],
    greeting: str,
) -> None:
    email, confirm = joins(client, acme, typed)
    client.post(confirm, outside=True)
    with acme.session() as session:
        waiting = session.scalars(select(Advocate).where(Advocate.state == AdvocateState.PENDING)).one()
    approved = as_manager.post(f"/advocates/{waiting.id}/approval", {"version": waiting.version})
    assert approved.status_code == 303
    run_jobs()
    welcome = mailbox.last(email)
    assert welcome.subject.startswith("Welcome")
    assert welcome.text.startswith(greeting)
    client.post("/sign-in", {"email": email}, outside=True)
    run_jobs()
    assert mailbox.last(email).text.startswith(greeting)
    assert "evil" not in everything(mailbox.all())
