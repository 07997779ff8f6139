"""An invitation by email, and what a colleague finds after joining, through the real workers."""

from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox, paths
from tests.world import World


def test_a_colleague_joins_by_the_email_and_finds_the_own_accounts(
    acme: World, as_admin: Client, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    address = f"noor@{acme.slug}.example"
    theirs = acme.account(owner_email=address, owner_email_norm=address)
    as_admin.post("/settings/people", {"name": "Noor Haddad", "email": address, "roles": ["owner"]})
    run_jobs()

    email = mailbox.last(address)
    assert email.subject == f"{as_admin.member.name} invites you to Acme"
    assert "Account owner" in email.text
    client.post(paths(email, "/invitation/")[0], outside=True)
    run_jobs()
    assert acme.reload(theirs).owner_id is not None
