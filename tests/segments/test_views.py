"""Segments as a manager sees them: counted while typing, saved, shared, copied, and never lost to a colleague."""

import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.models import Account, Health
from portal.advocates.models import Advocate
from portal.declarations.attributes import Operator
from portal.history import HistoryEntry
from portal.segments.conditions import Condition, ConditionGroup, Conditions, Join
from portal.segments.models import Segment, SegmentSharing
from tenants.models import Role
from tests.client import Client
from tests.rules.query_counter import statements
from tests.world import World

RETAIL = {"row-0": "0", "attribute-0": "account.industry", "operator-0": "any_of", "value-0": "Retail"}
HEALTHY = {"row-1": "1", "attribute-1": "account.health", "operator-1": "any_of", "value-1": "green"}


def shop_people(world: World) -> None:
    """Three in retail, one of whom is at a company in trouble; one in another industry."""
    shop = world.account("Shop", industry="Retail", arr_cents=120_000_00, currency="EUR", region="EMEA")
    world.advocate(account=shop, first_name="Ada", last_name="Shop")
    world.advocate(account=shop, first_name="Bo", last_name="Shop")
    red = world.account(
        "Kiosk", industry="Retail", health=Health.RED, arr_cents=50_000_00, currency="USD", region="NA"
    )
    world.advocate(account=red, first_name="Cleo", last_name="Kiosk")
    world.advocate(account=world.account("Bank", industry="Banking"), first_name="Dan", last_name="Bank")


def saved(client: Client, name: str = "Shops", **fields: Any) -> UUID:
    answer = client.post("/segments", data={"name": name, "edited": "1", **RETAIL, **fields})
    assert answer.status_code == 303, answer.text
    return UUID(answer.location.rsplit("/", 1)[1])


def segment(world: World, segment_id: UUID) -> Segment:
    with world.session() as session:
        return session.scalars(select(Segment).where(Segment.id == segment_id)).one()


def title(page: TestResponse) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page.text)
    assert found
    return found[1]


def left(page: TestResponse) -> list[str]:
    return re.findall(r'id="left-\d+">(\d+)', page.text)


def test_conditions_are_counted_before_anything_is_saved(as_manager: Client, acme: World) -> None:
    shop_people(acme)
    page = as_manager.get("/segments/new")
    assert title(page) == "4 people match this segment"
    page = as_manager.get("/segments/new", query_string={"edited": "1", **RETAIL, **HEALTHY})
    assert title(page) == "2 people match this segment"
    assert left(page) == ["3", "2"]
    assert "Without the last condition, on account health, 3 people would match." in page.text
    assert "They work at one account worth €120K a year." in page.text
    assert ">Ada Shop<" in page.text
    assert ">Cleo Kiosk<" not in page.text
    with acme.session() as session:
        assert session.scalars(select(Segment)).all() == []


def test_money_stands_in_each_currency_and_is_never_added_up(as_manager: Client, acme: World) -> None:
    shop_people(acme)
    page = as_manager.get("/segments/new", query_string={"edited": "1", **RETAIL})
    assert "worth €120K and $50K a year" in page.text
    assert "170" not in title(page)
    assert "€170" not in page.text


def test_without_a_script_buttons_add_and_remove_conditions(as_manager: Client, acme: World) -> None:
    shop_people(acme)
    fields = {"edited": "1", **RETAIL, **HEALTHY}
    added = as_manager.get("/segments/new", query_string={**fields, "add": "1"})
    assert 'name="attribute-2"' in added.text
    nested = as_manager.get("/segments/new", query_string={**fields, "add-to": "0"})
    assert "any of these</legend>" in " ".join(nested.text.split())
    removed = as_manager.get("/segments/new", query_string={**fields, "remove": "1"})
    assert left(removed) == ["3"]
    dropped = as_manager.get("/segments/new", query_string={**fields, "drop-0": "Retail"})
    assert left(dropped) == ["3"]  # health alone is left: Ada, Bo and Dan
    assert title(dropped) == "3 people match this segment"


def test_rows_join_one_way_and_what_stands_inside_a_row_the_other(as_manager: Client, acme: World) -> None:
    shop_people(acme)
    segment_id = saved(as_manager, **(HEALTHY | {"row-1": "0"}), join="all")
    assert segment(acme, segment_id).read_conditions == Conditions(
        (
            ConditionGroup(
                (
                    Condition("account.industry", Operator.ANY_OF, ("Retail",)),
                    Condition("account.health", Operator.ANY_OF, ("green",)),
                )
            ),
        ),
        Join.ALL,
    )
    page = as_manager.get(f"/segments/{segment_id}")
    assert title(page) == "4 people match this segment"
    assert left(page) == ["3", "4"]


def test_a_segment_is_private_until_it_is_shared(as_manager: Client, acme: World) -> None:
    segment_id = saved(as_manager)
    colleague = acme.signed_in(Role.MANAGER)
    assert colleague.get(f"/segments/{segment_id}").status_code == 404
    assert "Shops" not in colleague.get("/segments").text
    as_manager.post(f"/segments/{segment_id}/sharing", data={"sharing": "managers"})
    assert segment(acme, segment_id).sharing is SegmentSharing.MANAGERS
    assert "Shops" in colleague.get("/segments").text
    assert colleague.get(f"/segments/{segment_id}").status_code == 200
    refused = colleague.post(f"/segments/{segment_id}/sharing", data={"sharing": "owner"})
    assert refused.status_code == 400


def test_of_two_managers_the_second_is_told_and_nothing_that_was_typed_is_lost(
    as_manager: Client, acme: World
) -> None:
    shop_people(acme)
    segment_id = saved(as_manager)
    as_manager.post(f"/segments/{segment_id}/sharing", data={"sharing": "managers"})
    seen = str(segment(acme, segment_id).version)
    colleague = acme.signed_in(Role.MANAGER)
    first = {"name": "Shops, healthy", "edited": "1", "version": seen, **RETAIL, **HEALTHY}
    assert colleague.post(f"/segments/{segment_id}", data=first).status_code == 303
    mine = {"name": "Banks", "edited": "1", "version": seen, **(RETAIL | {"value-0": "Banking"})}
    told = as_manager.post(f"/segments/{segment_id}", data=mine)
    assert told.status_code == 409
    assert "was saved by somebody else" in told.text
    assert 'value="Banks"' in told.text
    assert 'value="Banking"' in told.text
    assert segment(acme, segment_id).name == "Shops, healthy"
    now = re.search(r'name="version" value="(\d+)"', told.text)
    assert now
    assert as_manager.post(f"/segments/{segment_id}", data=mine | {"version": now[1]}).status_code == 303
    assert segment(acme, segment_id).name == "Banks"


def test_what_cannot_be_saved_says_why_and_keeps_what_was_typed(as_manager: Client, acme: World) -> None:
    for fields, words in (
        ({"name": "", "edited": "1", **RETAIL}, "Please give the segment a name."),
        ({"name": "All", "edited": "1"}, "Please choose at least one condition."),
        (
            {"name": "Half", "edited": "1", **HEALTHY, **(RETAIL | {"value-0": ""})},
            "One of the conditions has no value yet.",
        ),
        (
            {"name": "Half", "edited": "1", **HEALTHY, **(RETAIL | {"value-0": ""})},
            "Please choose or enter a value, or remove the condition.",
        ),
        (
            {
                "name": "Odd",
                "edited": "1",
                "row-0": "0",
                "attribute-0": "account.employees",
                "value-0": "many",
            },
            "One of the conditions can’t be read.",
        ),
        (
            {"name": "Gone", "edited": "1", "row-0": "0", "attribute-0": "account.shoe_size", "value-0": "4"},
            "One of the conditions can’t be read.",
        ),
    ):
        refused = as_manager.post("/segments", data=fields)
        assert refused.status_code == 422
        assert words in refused.text
        assert '/segments/new" hx-include="closest form"' in refused.text  # what draws its fields anew
    with acme.session() as session:
        assert session.scalars(select(Segment)).all() == []


@pytest.mark.parametrize("typed", ["1e-20000", "1e-999999", "0." + "1" * 90, "1e999999", "nan"])
def test_a_number_that_nobody_means_is_told_beside_its_field_and_stays_typed(
    as_manager: Client, acme: World, typed: str
) -> None:
    fields = {"name": "Odd", "edited": "1", "row-0": "0", "attribute-0": "account.employees"}
    fields |= {"operator-0": "at_least", "value-0": typed}
    looked_at = as_manager.get("/segments/new", query_string=fields)
    refused = as_manager.post("/segments", data=fields)
    assert (looked_at.status_code, refused.status_code) == (200, 422)
    for page in (looked_at, refused):
        assert f'value="{typed}"' in page.text
        assert "This value can’t be read" in page.text


def test_while_somebody_types_what_is_unfinished_is_no_fault(as_manager: Client, acme: World) -> None:
    shop_people(acme)
    page = as_manager.get("/segments/new", query_string={"edited": "1", **HEALTHY, **RETAIL, "value-0": ""})
    assert title(page) == "3 people match this segment"
    assert "Please choose or enter a value" not in page.text


def test_segments_that_leave_each_other_out_are_refused(as_manager: Client, acme: World) -> None:
    first = saved(as_manager, "First")
    second = saved(as_manager, "Second", but=str(first))
    version = str(segment(acme, first).version)
    fields = {"name": "First", "edited": "1", "version": version, **RETAIL}
    for other in (first, second):
        refused = as_manager.post(f"/segments/{first}", data={**fields, "but": str(other)})
        assert refused.status_code == 422
        assert "leaves this one out" in refused.text
    assert segment(acme, first).read_conditions.but is None


def test_a_segment_that_another_is_built_on_is_not_deleted(as_manager: Client, acme: World) -> None:
    shop_people(acme)
    kiosks = saved(as_manager, "Kiosks", **(HEALTHY | {"value-1": "red"}))
    others = saved(as_manager, "Other shops", but=str(kiosks))
    assert title(as_manager.get(f"/segments/{others}")) == "2 people match this segment"
    assert "Segment “Other shops”" in as_manager.get(f"/segments/{kiosks}").text
    kept = as_manager.post(f"/segments/{kiosks}/deletion")
    assert (kept.status_code, title(kept)) == (400, "1 person matches this segment")
    assert "“Other shops” uses this segment, so it can’t be deleted." in kept.text
    assert as_manager.post(f"/segments/{others}/deletion").status_code == 303
    assert as_manager.post(f"/segments/{kiosks}/deletion").status_code == 303
    with acme.session() as session:
        lines = session.scalars(select(HistoryEntry.action).where(HistoryEntry.subject_id == kiosks)).all()
    assert set(lines) == {"segment_created", "segment_deleted"}


def test_what_a_segment_uses_may_be_gone_and_then_nobody_is_in(as_manager: Client, acme: World) -> None:
    shop_people(acme)
    segment_id = saved(as_manager)
    with acme.session() as session:
        stored = session.get_one(Segment, (acme.id, segment_id))
        stored.conditions = Conditions((Condition("field.gone", Operator.KNOWN),)).to_json()
    page = as_manager.get(f"/segments/{segment_id}")
    assert title(page) == "Nobody matches this segment"
    assert "deleted, so nobody is in" in page.text
    assert "This attribute was deleted" in page.text
    assert "Ada" not in as_manager.get(f"/advocates?segment={segment_id}").text


def test_the_list_of_advocates_opens_a_segment(as_manager: Client, acme: World) -> None:
    shop_people(acme)
    segment_id = saved(as_manager)
    assert f"/advocates?segment={segment_id}" in as_manager.get(f"/segments/{segment_id}").text
    with statements() as sent:
        page = as_manager.get(f"/advocates?segment={segment_id}")
    assert len(sent) <= 8
    assert "Segment: Shops" in page.text
    assert ">Cleo Kiosk<" in page.text
    assert ">Dan Bank<" not in page.text
    assert ">Ada Shop<" not in as_manager.get("/advocates?segment=nonsense").text
    file = as_manager.get(f"/advocates/export?segment={segment_id}")
    assert "Cleo Kiosk" in file.text
    assert "Dan Bank" not in file.text


def test_a_list_keeps_its_people_can_be_renamed_and_thinned_out(as_manager: Client, acme: World) -> None:
    shop_people(acme)
    segment_id = saved(as_manager)
    kept = as_manager.post(f"/segments/{segment_id}/lists").location
    list_id = UUID(kept.rsplit("/", 1)[1])
    with acme.session() as session:
        for company in session.scalars(select(Account)):
            company.industry = "Banking"
    assert title(as_manager.get(f"/segments/{segment_id}")) == "Nobody matches this segment"
    page = as_manager.get(kept)
    assert "3 people are on this list" in page.text
    assert "industry" in page.text
    renamed = {"name": "Shops of the spring", "version": str(segment(acme, list_id).version)}
    assert as_manager.post(f"/segments/{list_id}", data=renamed).status_code == 303
    assert as_manager.post(f"/segments/{list_id}", data=renamed).status_code == 409
    assert as_manager.post(f"/segments/{list_id}", data={**renamed, "name": ""}).status_code == 422
    with acme.session() as session:
        ada = session.scalars(select(Advocate.id).where(Advocate.first_name == "Ada")).one()
    as_manager.post(f"/segments/{list_id}/people/removal", data={"picked": str(ada)})
    page = as_manager.get(kept)
    assert "2 people are on this list" in page.text
    assert "nobody knows what these people were chosen by" in page.text
    as_manager.post(f"/segments/{list_id}/people", data={"picked": [str(ada), "nonsense"]})
    assert segment(acme, list_id).people_count == 3
    assert as_manager.post(f"/segments/{segment_id}/people", data={"picked": str(ada)}).status_code == 400


def test_a_copy_of_a_list_is_a_segment_of_those_on_it(as_manager: Client, acme: World) -> None:
    shop_people(acme)
    kept = as_manager.post(f"/segments/{saved(as_manager)}/lists").location
    copied = as_manager.post(f"{kept}/copies")
    assert copied.status_code == 303
    assert title(as_manager.get(copied.location)) == "3 people match this segment"
