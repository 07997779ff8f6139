"""The email itself, as it arrives through the real workers."""

from sqlalchemy import text

from tenants.models import Role
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox, paths
from tests.signin.sign_in_emails import newest
from tests.world import World


def test_one_email_arrives_with_the_link_and_the_code(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    rep = acme.member(Role.REP)
    client.post(f"/sign-in/{acme.slug}", {"email": rep.email}, outside=True)
    run_jobs()

    (email,) = mailbox.to(rep.email)
    assert email.subject == "Sign in to Acme"
    assert paths(email, "/sign-in/link/") == [newest(rep.email).link]
    assert newest(rep.email).code in email.text
    assert client.post(paths(email, "/sign-in/link/")[0], outside=True).location == f"/{acme.slug}/"


def test_nobody_writes_to_an_unknown_address(
    acme: World, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    client.post(f"/sign-in/{acme.slug}", {"email": f"nobody@{acme.slug}.example"}, outside=True)
    run_jobs()
    assert mailbox.all() == []


def test_no_email_goes_out_when_its_ten_minutes_are_over(
    acme: World,
    client: Client,
    mailbox: Mailbox,
    run_jobs: Jobs,
    travel: Travel,
) -> None:
    rep = acme.member(Role.REP)
    client.post(f"/sign-in/{acme.slug}", {"email": rep.email}, outside=True)
    travel(minutes=11)
    run_jobs()
    assert mailbox.all() == []


def test_the_row_of_the_email_holds_no_secret(acme: World, client: Client, run_jobs: Jobs) -> None:
    rep = acme.member(Role.REP)
    client.post(f"/sign-in/{acme.slug}", {"email": rep.email}, outside=True)
    run_jobs()
    with acme.session() as session:
        row = session.scalars(text("SELECT to_jsonb(emails) FROM emails")).one()
    assert newest(rep.email).code not in str(row)
    assert newest(rep.email).link.removeprefix("/sign-in/link/") not in str(row)
