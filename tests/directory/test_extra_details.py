"""Tags and custom fields on the pages of accounts and people: typed in, shown, filtered by, exported."""

from typing import Any
from uuid import UUID

from portal.custom_fields import actions as fields
from portal.custom_fields.models import CustomFieldType, FieldSubject
from portal.tags import queries as tags
from portal.tags.tagging_actions import change_tags
from tenants.models import Role
from tests.client import Client
from tests.world import World, again


def add_field(world: World, name: str, kind: CustomFieldType, about: FieldSubject) -> str:
    with world.session() as session:
        by = world.member(Role.ADMIN)
        return f"field_{fields.create(session, about, name, kind, ['Gold', 'Silver'], by=by).id.hex}"


def tag_id(world: World, name: str) -> UUID:
    with world.session() as session:
        return tags.tags_named(session, [name])[0].id


def account_form(version: int, **more: Any) -> dict[str, Any]:
    plain = {"owner_id": "", "relationship": "customer", "health": "green", "renewal_on": "", "group": ""}
    return {**plain, "competitors": "", "version": version, **more}


def test_an_account_gets_tags_and_fields_on_its_form_and_the_list_finds_it_by_them(
    as_manager: Client, acme: World
) -> None:
    tier = add_field(acme, "Tier", CustomFieldType.CHOICE, FieldSubject.ACCOUNT)
    seats = add_field(acme, "Seats", CustomFieldType.NUMBER, FieldSubject.ACCOUNT)
    gold, plain = acme.account("Gold Company"), acme.account("Plain Company")
    path = f"/accounts/{gold.id}/edit"
    given = account_form(gold.version, **{"tags": "Strategic, Beta", tier: "Gold", seats: "1200.5"})
    assert as_manager.post(path, given | {seats: "many"}).status_code == 422
    assert as_manager.post(path, given | {tier: "Bronze"}).status_code == 422
    assert as_manager.post(path, given).status_code == 303
    assert as_manager.post(path, given).status_code == 409, "somebody else changed the tags"
    page = as_manager.get(f"/accounts/{gold.id}").text
    for words in ("Beta, Strategic", "<dt>Tier</dt>", "1,200.5"):
        assert words in page
    for narrowed in (f"{tier}=Gold", f"tag={tag_id(acme, 'beta').hex}"):
        listed = as_manager.get(f"/accounts?{narrowed}").text
        assert "Gold Company" in listed
        assert "Plain Company" not in listed
    assert plain.name in as_manager.get("/accounts?tag=nonsense&field_x=Gold").text


def test_an_owner_can_use_the_tags_there_are(as_owner: Client, acme: World) -> None:
    company = acme.account(owner_id=as_owner.member.id)
    own = {"owner_id": str(as_owner.member.id)}
    answer = as_owner.post(
        f"/accounts/{company.id}/edit", account_form(company.version, tags="Strategic") | own
    )
    assert answer.status_code == 422
    assert "A program manager can add it" in answer.text


def test_a_person_is_found_and_exported_by_tag_and_field(as_manager: Client, acme: World) -> None:
    size = add_field(acme, "Size", CustomFieldType.CHOICE, FieldSubject.PERSON)
    ada, bo = acme.advocate(first_name="Ada"), acme.advocate(first_name="Bo")
    form = {"first_name": "Ada", "last_name": ada.last_name, "version": ada.version, "languages": ["en"]}
    more = {"seniority": "vp", "persona": "it", "time_zone": "Europe/Stockholm", "tags": "VIP", size: "Gold"}
    assert as_manager.post(f"/advocates/{ada.id}/correction", form | more).status_code == 303
    narrowed = f"{size}=Gold&tag={tag_id(acme, 'VIP')}"
    page = as_manager.get(f"/advocates?{narrowed}&columns=tags").text
    assert ada.last_name in page
    assert bo.last_name not in page
    assert "VIP" in page
    lines = as_manager.get(f"/advocates/export?{narrowed}").text.splitlines()
    assert len(lines) == 2
    assert "Size" in lines[0]
    assert "VIP" in lines[1]
    assert "Gold" in lines[1]


def test_a_person_reads_what_was_noted_about_them(as_manager: Client, acme: World) -> None:
    own = acme.signed_in_advocate()
    with acme.session() as session:
        change_tags(session, again(session, own.advocate), ["VIP"], by=as_manager.member, may_create=True)
    page = own.get("/my/me/data").text
    assert "<dt>Tags</dt>" in page
    assert "VIP" in page
