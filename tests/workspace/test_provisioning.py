"""`flask workspace create` makes a workspace and invites its admin; repeating it is safe."""

import itertools
from datetime import timedelta
from uuid import uuid4

from click.testing import Result
from sqlalchemy import select

from portal.accounts.models import Account
from portal.links import LinkPurpose, token
from portal.outreach.models import Email
from portal.signin import memberships
from portal.web.dispatch import Portal
from portal.workspace.actions import assign_owned_records
from tenants import clock
from tenants.database import system_session, tenant_session
from tenants.models import Role, Tenant
from tenants.queries import tenant_by_slug
from tests.client import Client
from tests.fixture_types import Travel
from tests.world import World

number = itertools.count(1)
DANA = f"dana-{uuid4().hex[:8]}@new.example"


def create(app: Portal, slug: str, admin: str = DANA, name: str = "Newco") -> Result:
    return app.test_cli_runner().invoke(
        args=["workspace", "create", "--slug", slug, "--name", name, "--admin", admin]
    )


def made(slug: str) -> Tenant | None:
    with system_session(read_only=True) as session:
        return tenant_by_slug(session, slug)


def test_a_workspace_is_made_and_its_admin_comes_in(app: Portal, client: Client) -> None:
    slug = f"newco-{next(number)}"
    said = create(app, slug)
    assert said.exit_code == 0
    assert "was created" in said.output
    assert f"{DANA} was invited as admin" in said.output

    workspace = made(slug)
    assert workspace is not None
    with tenant_session(workspace.id) as session:
        dana = memberships.by_email(session, DANA)
        assert dana is not None
        assert [email.kind for email in session.scalars(select(Email))] == ["member_invitation"]
    link = f"/invitation/{token(LinkPurpose.MEMBER, workspace.id, dana.id, dana.link_version)}"
    assert "Goodword invited you to Newco" in client.get(link, outside=True).text
    assert client.post(link, outside=True).status_code == 422  # nobody wrote a name, so the page asks for one
    client.post(link, {"name": "Dana Okafor"}, outside=True)
    assert client.get(f"/{slug}/settings", outside=True).status_code == 200


def test_repeating_it_changes_nothing_and_says_so(app: Portal) -> None:
    slug = f"newco-{next(number)}"
    create(app, slug, "again@new.example")
    again = create(app, slug, "Again@New.example", "Another name")
    assert again.exit_code == 0
    assert "“Newco” already exists" in again.output
    assert "again@new.example has already been invited, admin. No email was sent." in again.output


def test_a_demo_that_jumped_ahead_still_lets_its_new_admin_in(
    app: Portal, client: Client, travel: Travel
) -> None:
    slug, ines = f"newco-{next(number)}", f"ines-{uuid4().hex[:8]}@new.example"
    travel(days=20)
    clock.set_offset(timedelta())  # a command begins with the clock of the machine
    create(app, slug, ines)

    workspace = made(slug)
    assert workspace
    with tenant_session(workspace.id) as session:
        invited = memberships.by_email(session, ines)
    assert invited
    link = f"/invitation/{token(LinkPurpose.MEMBER, workspace.id, invited.id, invited.link_version)}"
    assert "Join Newco" in client.get(link, outside=True).text


def test_addresses_of_our_own_are_refused(app: Portal) -> None:
    for taken in (
        "sign-in",
        "join",
        "brand",
        "workspaces",
        "invitation",
        "static",
        "mailbox",
        "check-your-email",
        "check-your-mail",
    ):
        refused = create(app, taken)
        assert refused.exit_code == 1, taken
        assert "is reserved for Goodword itself" in refused.output


def test_what_cannot_stand_in_an_address_is_refused(app: Portal) -> None:
    for wrong in ("A", "x", "two--dashes", "-edge", "under_score", "y" * 41, "ümlaut", "a/b"):
        assert "can’t be used in an address" in create(app, wrong).output
    assert create(app, f"newco-{next(number)}", "no-address").exit_code == 1


def test_all_workspaces_are_listed(app: Portal, acme: World) -> None:
    listed = app.test_cli_runner().invoke(args=["workspace", "list"]).output
    assert f"/{acme.slug}/  Acme" in listed


def test_whoever_joins_gets_the_accounts_and_deals_under_their_address(acme: World) -> None:
    address = f"noor@{acme.slug}.example"
    mine = acme.account(owner_email=address.upper(), owner_email_norm=address)
    deal = acme.deal(rep_email=address, rep_email_norm=address)
    other = acme.account(owner_email="else@acme.example", owner_email_norm="else@acme.example")
    noor = acme.member(Role.REP, Role.OWNER, email=address)
    for _ in range(2):
        with acme.session() as session:
            assign_owned_records(session, noor)
    assert acme.reload(mine).owner_id == noor.id
    assert acme.reload(deal).rep_id == noor.id
    assert acme.reload(other).owner_id is None
    assert isinstance(mine, Account)
