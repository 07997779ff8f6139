"""Two people whose addresses turned out to be one mailbox: shown to a manager, decided by a person."""

from uuid import UUID, uuid4

from portal.advocates import queries
from portal.advocates.models import Advocate
from portal.workspace.models import AddressCollision, CollisionTable
from tenants.models import Role
from tests.client import Client
from tests.present import present
from tests.world import World

SHARP, PUNY = "ada@straße.example", "ada@xn--strae-oqa.example"


def twins(world: World) -> tuple[Advocate, Advocate, AddressCollision]:
    """As the migration leaves them: the second kept the old key."""
    first = world.advocate(email=PUNY, first_name="Ada", last_name="First")
    kept = world.advocate(email=SHARP, email_norm=SHARP, first_name="Ada", last_name="Kept")
    return first, kept, listed(world, CollisionTable.ADVOCATES, kept.id, first.id)


def listed(world: World, kind: CollisionTable, subject_id: UUID, other_id: UUID | None) -> AddressCollision:
    with world.session() as session:
        session.add(row := AddressCollision(subject_type=kind, subject_id=subject_id, other_id=other_id))
    return row


def test_the_home_page_leads_to_the_pair_until_somebody_has_decided(
    acme: World, as_manager: Client, as_rep: Client
) -> None:
    first, kept, row = twins(acme)
    assert "1 email address belongs to two people" in as_manager.get("/").text
    page = as_manager.get("/address-collisions").text
    assert "Ada Kept and Ada First share a mailbox" in page
    assert f"{SHARP} and {PUNY}" in page
    for person in (first, kept):
        assert f"/people/{person.id}" in page or f"/advocates/{person.id}" in page
    assert as_rep.get("/address-collisions").status_code == 403

    assert as_manager.post(f"/address-collisions/{row.id}/resolution").status_code == 303
    settled = acme.reload(row)
    assert (settled.resolved_by_id, settled.resolved_at is not None) == (as_manager.member.id, True)
    assert "No shared mailboxes" in as_manager.get("/address-collisions").text
    assert "two people" not in as_manager.get("/").text
    assert as_manager.post(f"/address-collisions/{row.id}/resolution").status_code == 409
    assert acme.reload(kept).email_norm == SHARP  # the other one still has the key


def test_the_address_leads_to_whom_the_manager_keeps_and_both_stay(acme: World, as_manager: Client) -> None:
    first, kept, row = twins(acme)
    assert as_manager.post(f"/address-collisions/{row.id}/resolution", {"keep": "first"}).status_code == 303
    with acme.session() as session:
        assert [present(queries.by_address(session, each)).id for each in (PUNY, SHARP)] == [kept.id] * 2
    assert acme.reload(first).email_norm == SHARP


def test_an_address_that_somebody_else_has_by_now_is_taken_from_nobody(
    acme: World, as_manager: Client
) -> None:
    first, kept, row = twins(acme)
    with acme.session() as session:
        session.get_one(Advocate, (acme.tenant_id, first.id)).email_norm = "ada@elsewhere.example"
    third = acme.advocate(email=PUNY)
    assert as_manager.post(f"/address-collisions/{row.id}/resolution", {"keep": "first"}).status_code == 409
    assert acme.reload(row).resolved_at is None
    assert [acme.reload(each).email_norm for each in (kept, third)] == [SHARP, PUNY]


def test_a_pair_whose_one_half_is_gone_is_refused_in_words(acme: World, as_manager: Client) -> None:
    first = acme.advocate(email=PUNY)
    row = listed(acme, CollisionTable.ADVOCATES, uuid4(), first.id)
    answer = as_manager.post(f"/address-collisions/{row.id}/resolution", {"keep": "first"})
    assert answer.status_code == 409
    assert "is gone, so there’s nothing left to decide" in answer.text
    assert acme.reload(row).resolved_at is None


def test_a_colleague_whose_sign_in_leads_elsewhere_is_shown_without_a_word_of_where(
    acme: World, as_admin: Client, globex: World
) -> None:
    globex.member(Role.REP, email=f"rep@xn--strae-oqa.{acme.slug}.example", name="Secret Stranger")
    rep = acme.member(Role.REP, email=f"rep@old.{acme.slug}.example", name="Ida Rep")
    listed(acme, CollisionTable.MEMBERSHIPS, rep.id, None)
    page = as_admin.get("/address-collisions").text
    assert "Ida Rep shares a mailbox with another account" in page
    assert f"/settings/people/{rep.id}" in page
    assert "Secret" not in page


def test_nobody_resolves_a_pair_of_another_workspace(acme: World, globex: World, as_manager: Client) -> None:
    _, _, row = twins(globex)
    assert as_manager.post(f"/address-collisions/{row.id}/resolution").status_code == 404
    assert globex.reload(row).resolved_at is None
