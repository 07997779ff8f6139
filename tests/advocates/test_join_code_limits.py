"""How many emails the join page can cause, who is not touched by it, and what a join code withstands."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select, update

from portal import links
from portal.advocates import join_code_limits
from portal.advocates.models import JoinRequest
from portal.signin.stranger_email_limits import count_email
from portal.web.dispatch import Portal
from tenants.models import Role, Tenant
from tests.client import Client, new_client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox, paths
from tests.world import World

GRACE = {"name": "Grace Hopper", "email": "", "company": "Harbour Ltd"}


@pytest.fixture(autouse=True)
def an_address_of_her_own(acme: World) -> None:
    GRACE["email"] = f"grace@{acme.slug}-harbour.example"


def join_requests_of(world: World) -> Sequence[JoinRequest]:
    with world.session() as session:
        return session.scalars(select(JoinRequest).order_by(JoinRequest.id)).all()


def with_code(world: World, code: str) -> None:
    with world.session() as session:
        session.execute(update(Tenant).where(Tenant.id == world.tenant_id).values(join_code=code))


def test_six_emails_a_day_go_to_one_address_whatever_workspaces_it_is_typed_into(
    app: Portal, client: Client, acme: World, globex: World, run_jobs: Jobs, travel: Travel
) -> None:
    tagged = GRACE["email"].replace("@", "+sale@").upper()
    for world, email in [(acme, GRACE["email"]), (globex, GRACE["email"]), (acme, tagged)] * 4:
        answer = new_client(app).post(f"/join/{world.slug}", GRACE | {"email": email}, outside=True)
        assert (answer.status_code, answer.location) == (303, f"/join/{world.slug}/sent")
    run_jobs()
    sent = [email for world in (acme, globex) for email in Mailbox(world).all()]
    assert len(sent) == 6

    travel(hours=24, minutes=1)
    client.post(f"/join/{acme.slug}", GRACE, outside=True)
    run_jobs()
    assert Mailbox(acme).last(GRACE["email"]).subject.startswith("Please confirm")


def test_joining_with_somebodys_address_never_locks_their_sign_in(
    app: Portal, client: Client, acme: World, globex: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    admin = acme.member(Role.ADMIN)
    for number in range(50):
        world = (acme, globex)[number % 2]
        answer = new_client(app).post(f"/join/{world.slug}", GRACE | {"email": admin.email}, outside=True)
        assert answer.status_code == 303
    with_code(acme, "HARBOUR")
    for _ in range(5):
        client.post(f"/join/{acme.slug}", GRACE | {"code": "wrong"}, outside=True)

    assert client.post("/sign-in", {"email": admin.email}, outside=True).status_code == 303
    run_jobs()
    [link] = paths(mailbox.last(admin.email), "/sign-in/link/")
    assert client.post(link, outside=True).status_code == 303


def test_a_network_that_floods_the_page_is_told_to_wait_and_loses_nothing_it_typed(
    client: Client, acme: World
) -> None:
    with acme.session() as session:
        for number in range(300):
            assert count_email(
                session, f"guest{number}@{acme.slug}.example", client.environ_base["REMOTE_ADDR"]
            )
    refused = client.post(f"/join/{acme.slug}", GRACE, outside=True)
    assert (refused.status_code, 'value="Grace Hopper"' in refused.text) == (429, True)


def test_a_workspace_with_a_join_code_lets_nobody_in_without_it(client: Client, acme: World) -> None:
    with_code(acme, "HARBOUR")
    page = client.post(f"/join/{acme.slug}", GRACE, outside=True).text
    assert ("That’s not the right code" in page, 'value="Grace Hopper"' in page) == (True, True)
    assert join_requests_of(acme) == []
    assert client.post(f"/join/{acme.slug}", GRACE | {"code": "harbour "}, outside=True).status_code == 303


def test_who_leaves_the_join_code_empty_guesses_nothing(client: Client, acme: World) -> None:
    with_code(acme, "HARBOUR")
    for _ in range(join_code_limits.WRONG_CODES.most + 1):
        assert client.post(f"/join/{acme.slug}", GRACE, outside=True).status_code == 200
    assert client.post(f"/join/{acme.slug}", GRACE | {"code": "HARBOUR"}, outside=True).status_code == 303


def test_a_join_code_cannot_be_guessed(client: Client, acme: World, globex: World, travel: Travel) -> None:
    with_code(acme, "HARBOUR")

    def answer(code: str) -> int:
        return client.post(f"/join/{acme.slug}", GRACE | {"code": code}, outside=True).status_code

    with acme.session() as session:
        for _ in range(28):
            join_code_limits.count_wrong_code(session, client.environ_base["REMOTE_ADDR"])
    assert {answer(f"guess {number}") for number in range(2)} == {200}
    assert answer("harbour") == 429, "not even the right one: it might be a guess"
    with_code(globex, "HARBOUR")
    there = client.post(f"/join/{globex.slug}", GRACE | {"code": "harbour"}, outside=True)
    assert there.status_code == 303, "another workspace is not touched"
    travel(hours=2)
    assert answer("harbour") == 303


def test_a_join_email_asked_for_by_a_broken_link_counts_like_any_other(client: Client, acme: World) -> None:
    client.post(f"/join/{acme.slug}", GRACE, outside=True)
    with acme.session() as session:
        join_request = session.scalars(select(JoinRequest)).one()
    broken = links.token(links.LinkPurpose.JOIN, join_request.tenant_id, join_request.id)[:-20]
    codes = [client.post(f"/new-link/join/{broken}", outside=True).status_code for _ in range(8)]
    assert codes == [200] * 8, "the answer never tells"
    assert acme.reload(join_request).link_version == 6, "and what was not sent revokes no link"
