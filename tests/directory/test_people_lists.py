"""Lists of people: made empty, filled by picking one by one, whatever the size of the workspace."""

import re

from sqlalchemy import select, text

from portal.advocates.models import Advocate, AdvocateState
from portal.directory.people_picker import MOST_FOUND, find_people
from portal.name_search import begins_with
from portal.segments.actions import create_list
from portal.segments.models import Segment, SegmentPerson
from portal.web.bulk_selection import MAX_SELECTED
from tests.client import Client
from tests.world import World


def listed(world: World, client: Client) -> Segment:
    with world.session() as session:
        made = create_list(session, "Launch", by=client.member)
        session.flush()
        session.expunge(made)
    return made


def offered(page: str) -> list[str]:
    return re.findall(r'name="pick" value="([^"]+)">.{0,9}<svg', page, re.DOTALL)


def test_a_new_list_needs_a_name_and_then_asks_for_people(as_manager: Client, acme: World) -> None:
    assert as_manager.get("/segments/lists/new").status_code == 200
    refused = as_manager.post("/segments/lists", {"name": " "})
    assert (refused.status_code, "Please give the segment a name" in refused.text) == (422, True)
    page = as_manager.follow(as_manager.post("/segments/lists", {"name": "Launch"}))
    assert "Add people to “Launch”" in page.text
    assert "Launch" in as_manager.get("/segments?view=lists").text


def test_people_are_picked_one_by_one_without_a_script_and_come_onto_the_list_together(
    as_manager: Client, acme: World
) -> None:
    segment = listed(acme, as_manager)
    ada = acme.advocate(first_name="Ada", last_name="Lovelace")
    zoe = acme.advocate(first_name="Zoë", last_name="Åkesson")
    gone = acme.advocate(first_name="Adam", state=AdvocateState.ERASED)
    address = f"/segments/{segment.id}/people/new"
    assert offered(as_manager.get(f"{address}?q=ad").text) == [str(ada.id)]
    both = f"{address}?pick={ada.id}&pick={zoe.id}&pick={gone.id}&pick=nonsense&pick={ada.id}"
    page = as_manager.get(f"{both}&q=zoe").text
    assert "Add 2 people" in page
    assert offered(page) == [], "whoever is picked is not offered again"
    assert "Add 1 person" in as_manager.get(f"{both}&drop={zoe.id}").text
    answer = as_manager.post(f"/segments/{segment.id}/people", {"picked": [str(ada.id), str(zoe.id)]})
    assert "2 people are on this list" in as_manager.follow(answer).text
    assert "On the list already" in as_manager.get(f"{address}?q=akesson").text
    with acme.session() as session:
        assert {*session.scalars(select(SegmentPerson.advocate_id))} == {ada.id, zoe.id}
    assert acme.reload(segment).is_origin_known is False


def test_a_name_is_found_by_its_first_letters_through_the_index_and_then_by_any_part(acme: World) -> None:
    for number in range(MOST_FOUND + 5):
        acme.advocate(first_name="Ann", last_name=f"Number {number}")
    hidden = acme.advocate(first_name="Joanne", last_name="Zz")
    with acme.session() as session:
        assert len(find_people(session, "ann")) == MOST_FOUND
        assert [person.id for person in find_people(session, "oanne")] == [hidden.id]
        assert find_people(session, "  ") == find_people(session, "%%") == []
        found = select(Advocate.id).where(begins_with(Advocate, "ann"))
        ordered = found.order_by(Advocate.search_text, Advocate.id).limit(MOST_FOUND)
        session.execute(text("SET LOCAL enable_seqscan = off"))
        statement = ordered.compile(session.connection(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(session.scalars(text(f"EXPLAIN {statement}".replace(":", "\\:"))))
    assert "ix_advocates_search_text" in plan
    assert "Sort" not in plan


def test_a_hundred_are_picked_at_once_and_then_come_the_next(as_manager: Client, acme: World) -> None:
    segment, company = listed(acme, as_manager), acme.account()
    people = [acme.advocate(account=company) for _ in range(MAX_SELECTED + 1)]
    picks = "&".join(f"pick={person.id}" for person in people)
    page = as_manager.get(f"/segments/{segment.id}/people/new?q=a&{picks}").text
    assert "These are 100 people" in page
    assert offered(page) == []


def test_a_segment_by_conditions_and_a_colleagues_private_list_are_filled_by_nobody(
    as_manager: Client, as_admin: Client, acme: World
) -> None:
    private = listed(acme, as_manager)
    assert as_admin.get(f"/segments/{private.id}/people/new").status_code == 404
    answer = as_manager.post(
        "/segments",
        {
            "name": "Retail",
            "row-0": "0",
            "attribute-0": "account.industry",
            "operator-0": "known",
        },
    )
    made = answer.location.rsplit("/", 1)[1]
    assert as_manager.get(f"/segments/{made}/people/new").status_code == 404
