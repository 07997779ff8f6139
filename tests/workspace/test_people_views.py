"""An admin invites colleagues, gives roles, ends memberships; there is always an admin left."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from portal import links
from portal.errors import Conflict
from portal.links import LinkPurpose
from portal.outreach.models import Email
from portal.signin import memberships
from tenants.database import tenant_session
from tenants.models import Membership, Role
from tests.client import Client
from tests.fixture_types import Travel
from tests.world import World


def emails_to(world: World, email: str) -> list[Email]:
    with world.session() as session:
        return list(session.scalars(select(Email).where(Email.recipient_norm == email).order_by(Email.id)))


def link_of(member: Membership, version: int | None = None) -> str:
    return f"/invitation/{links.token(LinkPurpose.MEMBER, member.tenant_id, member.id, version or member.link_version)}"


def invite(admin: Client, email: str = "", **more: object) -> Membership:
    email = email or f"noor@{admin.slug}.example"
    form = {"name": "Noor Haddad", "email": email, "roles": ["rep", "owner"]} | more
    answer = admin.post("/settings/people", form)
    assert answer.status_code == 303
    with tenant_session(admin.member.tenant_id) as session:
        return session.scalars(select(Membership).where(Membership.email_norm == email.lower())).one()


def test_a_colleague_is_invited_joins_and_is_signed_in(acme: World, as_admin: Client, client: Client) -> None:
    noor = invite(as_admin, f"Noor@{acme.slug}.Example")
    assert noor.roles == ["rep", "owner"]
    assert [email.kind for email in emails_to(acme, noor.email_norm)] == ["member_invitation"]

    page = client.get(link_of(noor), outside=True).text
    assert as_admin.member.name in page
    assert "Sales rep, Account owner" in page
    assert acme.reload(noor).joined_at is None, "opening the link changes nothing"

    assert client.post(link_of(noor), outside=True).location == f"/{acme.slug}/"
    assert acme.reload(noor).is_active
    assert client.get("/workspaces", outside=True).location == f"/{acme.slug}/"


def test_a_second_click_says_that_the_person_has_joined(as_admin: Client, client: Client) -> None:
    noor = invite(as_admin)
    client.post(link_of(noor), outside=True)
    again = client.post(link_of(noor), outside=True)
    assert again.status_code == 410
    assert "You’ve already joined" in again.text


def test_sending_again_revokes_the_earlier_link(acme: World, as_admin: Client, client: Client) -> None:
    noor = invite(as_admin)
    as_admin.post(f"/settings/people/{noor.id}/invitation")
    assert len(emails_to(acme, noor.email_norm)) == 2

    old = client.get(link_of(noor, 1), outside=True)
    assert old.status_code == 410
    assert "A newer invitation replaced this one" in old.text
    assert client.post(link_of(noor, 1), outside=True).status_code == 410
    assert client.post(link_of(noor, 2), outside=True).status_code == 303


def test_an_old_invitation_offers_a_new_one(
    acme: World, as_admin: Client, client: Client, travel: Travel
) -> None:
    noor = invite(as_admin)
    travel(days=15)
    old = client.get(link_of(noor), outside=True)
    assert "This link has expired" in old.text
    assert client.post(link_of(noor) + "/new-email", outside=True).status_code == 200
    assert len(emails_to(acme, noor.email_norm)) == 2
    assert client.post(link_of(acme.reload(noor)), outside=True).status_code == 303


def test_an_invitation_that_was_withdrawn_joins_nobody(acme: World, as_admin: Client, client: Client) -> None:
    noor = invite(as_admin)
    as_admin.post(f"/settings/people/{noor.id}/departure")
    assert client.post(link_of(acme.reload(noor)), outside=True).status_code == 410
    assert client.post(link_of(acme.reload(noor)) + "/new-email", outside=True).status_code == 409


def test_a_page_of_the_release_before_still_asks_for_a_new_invitation(
    as_admin: Client, client: Client, acme: World
) -> None:
    link = link_of(invite(as_admin))
    moved = client.post(link + "/letter", outside=True)
    assert (moved.status_code, moved.location) == (308, f"http://localhost{link}/new-email")


def test_a_member_of_another_workspace_joins_and_signs_in_as_usual(
    acme: World, globex: World, as_admin: Client, client: Client
) -> None:
    rep = globex.member(Role.REP)
    here = invite(as_admin, rep.email)
    assert here.user_id == rep.user_id

    answer = client.post(link_of(here), outside=True)
    assert acme.reload(here).is_active
    assert answer.location.startswith(f"/sign-in/{acme.slug}"), "an email of days opens no other workspace"

    there = globex.signed_in(as_member=rep)
    assert f"/{acme.slug}/" in there.get("/workspaces", outside=True).text


def test_somebody_signed_in_sees_the_invitation_among_the_workspaces(
    acme: World, globex: World, as_admin: Client
) -> None:
    rep = globex.member(Role.REP)
    here, there = invite(as_admin, rep.email), globex.signed_in(as_member=rep)
    assert "been invited but" in there.get("/workspaces", outside=True).text
    assert there.post(f"/workspaces/{acme.slug}/membership", outside=True).location == f"/{acme.slug}/"
    assert acme.reload(here).is_active


def test_a_stranger_joins_no_workspace(acme: World, globex: World) -> None:
    outsider = globex.signed_in(Role.ADMIN)
    assert outsider.post(f"/workspaces/{acme.slug}/membership", outside=True).status_code == 404
    assert outsider.get(f"/{acme.slug}/settings", outside=True).status_code == 404


def test_only_admins_see_settings(acme: World, as_manager: Client, as_rep: Client, as_admin: Client) -> None:
    pages = ("/settings", "/settings/people", "/settings/brand", "/settings/join-page", "/settings/policies")
    assert {as_manager.get(page).status_code for page in pages} == {403}
    assert {as_rep.get(page).status_code for page in pages} == {403}
    assert {as_admin.get(page).status_code for page in pages} == {200}


def test_inviting_a_member_again_is_refused_beside_the_field(acme: World, as_admin: Client) -> None:
    rep = acme.member(Role.REP)
    refused = as_admin.post("/settings/people", {"name": "Again", "email": rep.email, "roles": ["rep"]})
    assert refused.status_code == 422
    assert "is already a member of this workspace" in refused.text


def test_a_form_without_name_address_or_role_is_refused_with_three_reasons(as_admin: Client) -> None:
    refused = as_admin.post("/settings/people", {"email": "no address"})
    assert refused.status_code == 422
    assert "Please check 3 fields" in refused.text


def test_roles_change_and_keep_their_history(acme: World, as_admin: Client) -> None:
    rep = acme.member(Role.REP)
    as_admin.post(f"/settings/people/{rep.id}/roles", {"roles": ["manager", "rep"], "seen": "rep"})
    assert acme.reload(rep).roles == ["rep", "manager"]
    assert "Roles changed: Sales rep, Program manager" in as_admin.get(f"/settings/people/{rep.id}").text


def test_two_admins_at_once_the_second_is_told(acme: World, as_admin: Client) -> None:
    rep, other = acme.member(Role.REP), acme.signed_in(Role.ADMIN)
    assert (
        as_admin.post(f"/settings/people/{rep.id}/roles", {"roles": ["owner"], "seen": "rep"}).status_code
        == 303
    )
    late = other.post(f"/settings/people/{rep.id}/roles", {"roles": ["manager"], "seen": "rep"})
    assert late.status_code == 409
    assert acme.reload(rep).roles == ["owner"]


def test_the_last_admin_stays(acme: World, as_admin: Client) -> None:
    me = f"/settings/people/{as_admin.member.id}"
    acme.member(Role.MANAGER)
    assert as_admin.post(f"{me}/departure").status_code == 409
    assert as_admin.post(f"{me}/roles", {"roles": ["rep"], "seen": "admin"}).status_code == 409
    assert acme.reload(as_admin.member).is_active


def test_two_admins_who_remove_each_other_leave_one(acme: World) -> None:
    pair = [acme.member(Role.ADMIN), acme.member(Role.ADMIN)]

    def remove(leaving: Membership, by: Membership) -> bool:
        try:
            with tenant_session(acme.tenant_id) as session:
                memberships.end_membership(session, memberships.get(session, leaving.id), by=by)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(remove, pair, reversed(pair))) == [False, True]


def test_whoever_left_is_out_at_once_and_may_come_back(acme: World, as_admin: Client) -> None:
    rep = acme.signed_in(Role.REP)
    as_admin.post(f"/settings/people/{rep.member.id}/departure")
    assert rep.get("/settings").status_code == 404
    assert as_admin.get("/settings/people?view=left").text.count(rep.member.email) == 1

    back = invite(as_admin, rep.member.email)
    assert back.id == rep.member.id
    assert back.joined_at is None


def test_a_long_list_has_pages_and_few_queries(acme: World, as_admin: Client) -> None:
    for _ in range(27):
        acme.member(Role.REP)
    first = as_admin.get("/settings/people")
    assert first.text.count("/settings/people/0") >= 25
    assert 'rel="next"' in first.text
