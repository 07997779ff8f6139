"""What a manager does with many accounts at once, and tags and lists that are made on the spot."""

from typing import Any

from sqlalchemy import select

from portal.segments.models import Segment, SegmentPerson, SegmentSharing
from portal.tags.models import AccountTag, Tag
from tenants.models import Role
from tests.client import Client
from tests.lists.test_bulk_actions import left_out
from tests.world import World


def accounts_act(client: Client, act: str, **data: Any) -> str:
    return str(client.post(f"/lists/accounts/acts/{act}", data).location)


def test_accounts_are_tagged_by_a_tag_made_on_the_spot_and_lose_it_again(
    as_manager: Client, acme: World
) -> None:
    retail, bank = acme.account("Retail Co", industry="Retail"), acme.account("Bank Co", industry="Banking")
    chosen = {"arguments": "industry=Retail", "all": "y"}
    preview = accounts_act(as_manager, "tag", option="new", **chosen)
    assert "Name of the tag" in as_manager.get(preview, outside=True).text
    for wrong, words in {
        "": "Please give it a name",
        "a, b": "Please leave out commas",
        "x" * 61: "60 characters",
    }.items():
        refused = as_manager.post(f"{preview}/start", {"name": wrong}, outside=True)
        assert (refused.status_code, words in refused.text) == (422, True), wrong
    assert as_manager.post(f"{preview}/start", {"name": "Key"}, outside=True).status_code == 303
    with acme.session() as session:
        tag = session.scalars(select(Tag)).one()
        tagged = session.scalars(select(AccountTag.account_id)).all()
        assert (tag.name, list(tag.filled_by), list(tagged)) == ("Key", ["account.industry"], [retail.id])
    both = {"picked": [str(retail.id), str(bank.id)]}
    preview = accounts_act(as_manager, "untag", option=tag.id.hex, **both)
    assert left_out(as_manager.get(preview, outside=True).text) == [("1", "Don’t have the tag")]
    as_manager.post(f"{preview}/start", outside=True)
    with acme.session() as session:
        assert session.scalars(select(AccountTag.id)).all() == []
    taken = accounts_act(as_manager, "tag", option="new", **both)
    refused = as_manager.post(f"{taken}/start", {"name": "KEY"}, outside=True)
    assert (refused.status_code, "There’s already a tag" in refused.text) == (422, True)


def test_the_people_of_accounts_come_onto_a_new_list_that_only_its_maker_sees(
    as_manager: Client, acme: World
) -> None:
    retail, empty = acme.account("Retail Co"), acme.account("Empty Co")
    ada, bo = acme.advocate(account=retail), acme.advocate(account=retail)
    acme.advocate(first_name="Elsewhere")
    both = {"picked": [str(retail.id), str(empty.id)]}
    preview = accounts_act(as_manager, "add-people-to-list", option="new", **both)
    page = as_manager.get(preview, outside=True).text
    assert "Add the people of 1 account to this list?" in page
    assert left_out(page) == [("1", "Nobody is known there")]
    with acme.session() as session:
        assert session.scalars(select(Segment.id)).all() == [], "nothing is made before the answer"
    as_manager.post(f"{preview}/start", {"name": "Launch"}, outside=True)
    with acme.session() as session:
        made = session.scalars(select(Segment)).one()
        assert {*session.scalars(select(SegmentPerson.advocate_id))} == {ada.id, bo.id}
        assert (made.name, made.sharing) == ("Launch", SegmentSharing.OWNER)
    again = accounts_act(as_manager, "add-people-to-list", option=made.id.hex, **both)
    assert ("1", "All of their people are on the list already") in left_out(
        as_manager.get(again, outside=True).text
    )
    assert acme.signed_in(Role.MANAGER).get(f"/segments/{made.id}").status_code == 404


def test_an_owner_acts_on_no_accounts(as_owner: Client, acme: World) -> None:
    company = acme.account(owner_id=as_owner.member.id)
    answer = as_owner.post("/lists/accounts/acts/untag", {"picked": [str(company.id)], "option": "new"})
    assert answer.status_code == 403
