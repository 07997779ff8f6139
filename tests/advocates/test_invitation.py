"""An invitation is an email with a link: the link proves the address, so a yes counts at once, and a no for good."""

from typing import Any

import pytest
from sqlalchemy import select

from portal import links
from portal.advocates import actions, queries
from portal.advocates.consent_texts import add_default_texts
from portal.advocates.models import Advocate, AdvocateState, ConsentPurpose, ConsentText
from portal.errors import Conflict
from portal.links import LinkPurpose as Link
from tenants.models import Membership
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox, paths
from tests.world import World


@pytest.fixture
def bo(acme: World) -> Advocate:
    """A candidate the import brought."""
    with acme.session() as session:
        add_default_texts(session)
    facts: dict[str, Any] = {
        "email": f"bo@{acme.slug}.example",
        "state": AdvocateState.CANDIDATE,
        "enrolled_at": None,
    }
    return acme.advocate(first_name="Bo", consents=[], accepted_ask_kinds=[], title="Controller", **facts)


def invite(world: World, advocate: Advocate, by: Membership) -> None:
    with world.session() as session:
        actions.invite(session, queries.get(session, advocate.id), by=by)


def address(advocate: Advocate, version: int = 1) -> str:
    return f"/i/{links.token(Link.INVITE, advocate.tenant_id, advocate.id, version)}"


def words(world: World, purpose: ConsentPurpose) -> str:
    with world.session() as session:
        return str(session.scalar(select(ConsentText.id).where(ConsentText.purpose == purpose)))


def test_the_email_leads_to_the_page_and_the_page_knows_who_came(
    acme: World, bo: Advocate, as_manager: Client, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    as_manager.post(f"/advocates/{bo.id}/invitation", {"version": bo.version})
    run_jobs()
    [link] = paths(mailbox.last(bo.email), "/i/")
    page = client.get(link, outside=True)
    assert "Bo, will you help" in page.text
    assert 'value="Controller"' in page.text
    assert acme.reload(bo).state is AdvocateState.INVITED, "looking is not joining"


def test_a_yes_counts_at_once_and_brings_the_welcome(
    acme: World, bo: Advocate, as_manager: Client, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    invite(acme, bo, as_manager.member)
    answer = {
        "name": "Bo Diddley",
        "company": "Customer",
        "consent_text_ids": [words(acme, ConsentPurpose.CALLS)],
        "accepted_ask_kinds": ["call"],
    }
    done = client.post(address(bo), answer | {"limit_minutes": "40"}, outside=True)
    assert "You’re in, Bo" in client.follow(done).text
    run_jobs()
    after = acme.reload(bo)
    assert (after.state, after.consents, after.limit_minutes) == (AdvocateState.ENROLLED, ["calls"], 40)
    assert after.name == "Bo Diddley"
    assert "Welcome" in mailbox.last(bo.email).subject


def test_a_no_is_kept_and_nobody_asks_again(
    acme: World, bo: Advocate, as_manager: Client, client: Client
) -> None:
    invite(acme, bo, as_manager.member)
    for _ in range(2):
        answer = client.post(f"{address(bo)}/refusal", outside=True)
        assert answer.status_code == 303
    assert "That’s fine" in client.follow(answer).text
    refused = acme.reload(bo)
    assert refused.state is AdvocateState.REFUSED
    asked = as_manager.post(f"/advocates/{bo.id}/invitation", {"version": refused.version})
    assert asked.status_code == 409


def test_a_second_yes_changes_nothing(acme: World, bo: Advocate, as_manager: Client, client: Client) -> None:
    invite(acme, bo, as_manager.member)
    answer = {"name": "Bo", "company": "Customer", "consent_text_ids": [words(acme, ConsentPurpose.NAME)]}
    assert [client.post(address(bo), answer, outside=True).status_code for _ in range(2)] == [303, 303]
    with acme.session() as session:
        assert len(queries.consent_entries(session, bo)) == 1


def test_a_third_invitation_is_refused(acme: World, bo: Advocate, as_manager: Client, travel: Travel) -> None:
    invite(acme, bo, as_manager.member)
    with pytest.raises(Conflict, match="within the last week"):
        invite(acme, bo, as_manager.member)
    travel(days=8)
    invite(acme, bo, as_manager.member)
    travel(days=8)
    with pytest.raises(Conflict, match="already been invited twice"):
        invite(acme, bo, as_manager.member)


def test_both_invitations_arrive_and_no_more(
    acme: World, bo: Advocate, as_manager: Client, mailbox: Mailbox, run_jobs: Jobs, travel: Travel
) -> None:
    for _ in range(2):
        invite(acme, bo, as_manager.member)
        run_jobs()
        travel(days=8)
    assert len(mailbox.to(bo.email)) == 2


def test_an_invitation_that_was_taken_back_says_so(
    acme: World, bo: Advocate, as_manager: Client, client: Client
) -> None:
    invite(acme, bo, as_manager.member)
    assert client.get(address(bo, version=7), outside=True).status_code == 410
