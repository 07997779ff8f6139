"""What a manager keeps private: colleagues neither see it nor find its people, and what stands on it stays whole."""

import re

from tenants.models import Role
from tests.client import Client
from tests.segments.test_views import HEALTHY, RETAIL, saved, segment, shop_people, title
from tests.world import World


def test_a_private_segment_that_is_left_out_stays_left_out_when_a_colleague_saves(
    as_manager: Client, acme: World
) -> None:
    shop_people(acme)
    kiosks = saved(as_manager, "Kiosks of mine", **(HEALTHY | {"value-1": "red"}))
    shops = saved(as_manager, but=str(kiosks))
    as_manager.post(f"/segments/{shops}/sharing", data={"sharing": "managers"})
    colleague = acme.signed_in(Role.MANAGER)
    page = colleague.get(f"/segments/{shops}")
    assert "not a private segment" in page.text
    assert "Kiosks of mine" not in page.text
    assert str(kiosks) not in page.text
    version = str(segment(acme, shops).version)
    sent = re.findall(r'<option value="([^"]+)" selected>\s*not a private segment', page.text)
    again = {"name": "Shops", "edited": "1", "version": version, "but": sent[0], **RETAIL}
    assert title(colleague.get(f"/segments/{shops}", query_string=again)) == "2 people match this segment"
    assert colleague.post(f"/segments/{shops}", data=again).status_code == 303
    assert segment(acme, shops).read_conditions.but == kiosks
    assert colleague.post(f"/segments/{shops}/copies").status_code == 303
    mine = {"name": "Mine", "edited": "1", "but": str(kiosks), **RETAIL}
    assert colleague.post("/segments", data=mine).status_code == 422


def test_nobody_finds_a_colleagues_private_people_by_the_id_of_their_segment(
    as_manager: Client, acme: World
) -> None:
    shop_people(acme)
    mine = saved(as_manager, "Kiosks of mine", **(HEALTHY | {"value-1": "red"}))
    colleague = acme.signed_in(Role.MANAGER)
    assert "Cleo Kiosk" in as_manager.get(f"/advocates?segment={mine}").text
    for path in (f"/advocates?segment={mine}", f"/advocates/export?segment={mine}"):
        found = colleague.get(path).text
        assert "Cleo Kiosk" not in found
        assert "Kiosks of mine" not in found
    asked = {"edited": "1", "but": str(mine), **RETAIL}
    assert title(colleague.get("/segments/new", query_string=asked)) == "Nobody matches this segment"


def test_a_private_list_that_a_shared_segment_chooses_by_is_neither_named_nor_chosen_by_a_colleague(
    as_manager: Client, acme: World
) -> None:
    shop_people(acme)
    mine = as_manager.post(f"/segments/{saved(as_manager, 'Kiosks of mine')}/lists").location[-36:]
    chosen = {"row-0": "0", "attribute-0": "person.list", "operator-0": "any_of", "value-0": mine}
    shared = saved(as_manager, "Everybody on it", **chosen)
    as_manager.post(f"/segments/{shared}/sharing", data={"sharing": "managers"})
    colleague = acme.signed_in(Role.MANAGER)
    page = colleague.get(f"/segments/{shared}")
    assert title(page) == "3 people match this segment"
    assert "a private list" in page.text
    assert "Kiosks of mine" not in page.text
    assert mine not in page.text
    sent = re.findall(r'name="value-0"\s+value="(.+?)"', page.text)[0]
    again = {"name": "Renamed", "edited": "1", "version": "1", **(chosen | {"value-0": sent})}
    again["version"] = str(segment(acme, shared).version)
    assert colleague.post(f"/segments/{shared}", data=again).status_code == 303
    assert segment(acme, shared).read_conditions.all[0].values == (mine,)
    assert title(colleague.get("/segments/new", query_string={"edited": "1", **chosen})).startswith("Nobody")
    assert colleague.post("/segments", data={"name": "Mine", "edited": "1", **chosen}).status_code == 422


def test_whoever_deletes_a_segment_is_not_told_the_name_of_a_private_one_built_on_it(
    as_manager: Client, acme: World
) -> None:
    shop_people(acme)
    shops = saved(as_manager)
    as_manager.post(f"/segments/{shops}/sharing", data={"sharing": "managers"})
    colleague = acme.signed_in(Role.MANAGER)
    saved(colleague, "Secret plan", but=str(shops))
    refused = as_manager.post(f"/segments/{shops}/deletion")
    assert refused.status_code == 400
    assert "A colleague’s private segment uses this one" in refused.text
    assert "Secret plan" not in refused.text
