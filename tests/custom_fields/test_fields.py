"""Custom fields: made, changed and retired by admins; each value in the column of its type."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.custom_fields import actions, queries
from portal.custom_fields.actions import NameTaken
from portal.custom_fields.models import CustomField, CustomFieldType, CustomFieldValue, FieldSubject
from portal.custom_fields.values import FieldValue
from portal.history import entries_about
from tenants.models import Role
from tests.client import Client
from tests.waiting import PATIENCE
from tests.world import World, again

ONE_OF_EACH: list[tuple[CustomFieldType, FieldValue, str]] = [
    (CustomFieldType.TEXT, "Rome office", "text_value"),
    (CustomFieldType.NUMBER, Decimal(40), "number_value"),
    (CustomFieldType.NUMBER, Decimal("-0.5"), "number_value"),
    (CustomFieldType.CHOICE, "Gold", "text_value"),
    (CustomFieldType.DATE, date(2027, 3, 1), "date_value"),
]


def field(world: World, name: str, kind: CustomFieldType, about: FieldSubject) -> CustomField:
    with world.session() as session:
        by = world.member(Role.ADMIN)
        return actions.create(session, about, name, kind, ["Gold", "Silver"], by=by)


def test_an_admin_adds_a_choice_and_changes_its_choices_later(as_admin: Client, acme: World) -> None:
    new = {"name": "Tier", "about": "account", "type": "choice", "choices": "Gold\n\nSilver\nGold"}
    assert as_admin.post("/settings/fields", new | {"choices": " \n"}).status_code == 422
    assert as_admin.post("/settings/fields", new).status_code == 303
    assert as_admin.post("/settings/fields", new | {"name": "TIER"}).status_code == 422
    assert as_admin.post("/settings/fields", new | {"about": "person"}).status_code == 303
    with acme.session() as session:
        tier = queries.field_named(session, FieldSubject.ACCOUNT, "tier")
    assert tier
    assert tier.choices == ["Gold", "Silver"]
    changed = {"name": "Partner tier", "choices": "Platinum\nGold", "version": tier.version}
    assert as_admin.post(f"/settings/fields/{tier.id}", changed).status_code == 303
    assert as_admin.post(f"/settings/fields/{tier.id}", changed).status_code == 409
    page = as_admin.get(f"/settings/fields/{tier.id}").text
    assert "Choices changed: Gold, Silver → Platinum, Gold" in page


def test_a_field_that_is_no_choice_has_no_choices(as_admin: Client, acme: World) -> None:
    new = {"name": "Office", "about": "person", "type": "text", "choices": "left over"}
    assert as_admin.post("/settings/fields", new).status_code == 303
    with acme.session() as session:
        assert session.scalars(select(CustomField)).one().choices == []


@pytest.mark.parametrize(("kind", "value", "column"), ONE_OF_EACH)
def test_a_value_stands_in_the_column_of_its_type(
    acme: World, kind: CustomFieldType, value: FieldValue, column: str
) -> None:
    company, by = acme.account(), acme.member(Role.MANAGER)
    about = field(acme, "About", kind, FieldSubject.ACCOUNT)
    with acme.session() as session:
        assert actions.change_values(session, again(session, company), {about.id: value}, by=by)
    with acme.session() as session:
        assert not actions.change_values(session, again(session, company), {about.id: value}, by=by)
        assert getattr(session.scalars(select(CustomFieldValue)).one(), column) == value
        assert [(each.field.id, each.value) for each in queries.values_of(session, company)] == [
            (about.id, value)
        ]
    with acme.session() as session:
        assert actions.change_values(session, again(session, company), {about.id: None}, by=by)
    with acme.session() as session:
        assert queries.values_of(session, company) == []
        told = [entry.detail["changes"] for entry in entries_about(session, company)]
    assert told == [{"About": [str(value), None]}, {"About": [None, str(value)]}]


def test_a_retired_field_keeps_its_values_and_is_no_longer_asked_for(
    as_manager: Client, as_admin: Client, acme: World
) -> None:
    ada, size = acme.advocate(), field(acme, "T-shirt", CustomFieldType.TEXT, FieldSubject.PERSON)
    with acme.session() as session:
        actions.change_values(session, again(session, ada), {size.id: "XL"}, by=as_manager.member)
    as_admin.post(f"/settings/fields/{size.id}/retirement")
    assert "T-shirt" not in as_manager.get(f"/advocates/{ada.id}/correction").text
    page = as_manager.get(f"/advocates/{ada.id}").text
    assert "<dt>T-shirt</dt>" in page
    assert "XL" in page
    as_admin.post(f"/settings/fields/{size.id}/restoration")
    assert "T-shirt" in as_manager.get(f"/advocates/{ada.id}/correction").text


def test_of_two_admins_who_add_a_field_at_once_the_second_is_told(acme: World) -> None:
    by = acme.member(Role.ADMIN)

    def add(session: Session) -> CustomField:
        return actions.create(session, FieldSubject.PERSON, "Office", CustomFieldType.TEXT, by=by)

    def add_alone() -> CustomField:
        with acme.session() as session:
            return add(session)

    with ThreadPoolExecutor(1) as pool:
        with acme.session() as session:
            add(session)
            second = pool.submit(add_alone)
        with pytest.raises(NameTaken):
            second.result(timeout=PATIENCE)


@pytest.mark.parametrize("changed", [{"name": "Mood"}, {"choices": "Gold\nHappy"}])
def test_a_statement_no_longer_holds_once_the_field_is_another(
    as_admin: Client, acme: World, changed: dict[str, str]
) -> None:
    tier = field(acme, "Tier", CustomFieldType.CHOICE, FieldSubject.ACCOUNT)
    path = state(as_admin, acme, tier)
    same = {"name": "Tier", "choices": "Gold\nSilver"}
    as_admin.post(path, same | {"version": acme.reload(tier).version})
    assert acme.reload(tier).has_statement
    edited = as_admin.post(path, same | changed | {"version": acme.reload(tier).version})
    assert edited.status_code == 303
    assert not acme.reload(tier).has_statement
    assert "Statement no longer holds" in as_admin.get(path).text


def test_a_statement_no_longer_holds_once_somebody_gets_another_value(as_admin: Client, acme: World) -> None:
    tier = field(acme, "Tier", CustomFieldType.CHOICE, FieldSubject.ACCOUNT)
    path, company, by = state(as_admin, acme, tier), acme.account(), acme.member(Role.MANAGER)
    with acme.session() as session:
        assert not actions.change_values(session, again(session, company), {tier.id: None}, by=by)
    assert acme.reload(tier).has_statement
    with acme.session() as session:
        actions.change_values(session, again(session, company), {tier.id: "Gold"}, by=by)
    assert not acme.reload(tier).has_statement
    assert "Statement no longer holds" in as_admin.get(path).text


def state(as_admin: Client, world: World, stated: CustomField) -> str:
    """The address of the field, which has a statement now."""
    path, words = f"/settings/fields/{stated.id}", "What the contract says."
    given = {"statement": words, "version": world.reload(stated).version}
    assert as_admin.post(f"{path}/statement", given).status_code == 303
    assert world.reload(stated).statement == words
    return path
