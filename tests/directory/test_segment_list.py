"""The list of segments, and who of a segment can be asked."""

import csv
import io
import re
from typing import Any

from portal.advocates.models import Advocate, AdvocateState
from portal.declarations.attributes import Operator
from portal.segments.actions import SegmentDraft, create_list, create_segment, share_segment
from portal.segments.audience import Audience
from portal.segments.conditions import Condition, Conditions
from portal.segments.models import Segment, SegmentSharing
from portal.segments.static_lists import add_picked
from tenants.clock import utc_now
from tenants.models import Role
from tests.client import Client
from tests.surveys.surveys import draft
from tests.time_zones import today
from tests.world import World

RETAIL = Conditions((Condition("account.industry", Operator.ANY_OF, ("Retail",)),))


def made(
    world: World, client: Client, name: str, *, is_list: bool = False, is_shared: bool = False
) -> Segment:
    with world.session() as session:
        by = client.member
        one = (
            create_list(session, name, by=by)
            if is_list
            else create_segment(session, SegmentDraft(name, RETAIL), by=by)
        )
        if is_shared:
            share_segment(session, one.id, SegmentSharing.MANAGERS, by=by)
        session.flush()
        session.expunge(one)
    return one


def shown(page: str) -> list[str]:
    return re.findall(r'class="gw-link" href="[^"]*/segments/[0-9a-f-]{36}">([^<]+)', page)


def test_segments_stand_in_tabs_are_searched_and_private_ones_are_their_makers(
    as_manager: Client, as_admin: Client, acme: World
) -> None:
    made(acme, as_manager, "Retail, mine")
    made(acme, as_manager, "Milan", is_list=True, is_shared=True)
    made(acme, as_admin, "Retail, theirs", is_shared=True)
    made(acme, as_admin, "Nobody else’s")
    for query, found in {
        "": ["Milan", "Retail, mine", "Retail, theirs"],
        "?view=mine": ["Milan", "Retail, mine"],
        "?view=shared": ["Milan", "Retail, theirs"],
        "?view=lists": ["Milan"],
        "?q=RETAIL": ["Retail, mine", "Retail, theirs"],
        "?q=%25": [],
    }.items():
        assert shown(as_manager.get(f"/segments{query}").text) == found, query
    assert "Only you see it" in as_manager.get("/segments?q=mine").text
    assert "Retail, mine" not in as_admin.get("/segments").text
    assert "Retail, mine" not in as_admin.get("/lists/segments/file.csv").text
    assert shown(as_manager.get("/segments?sort=-people").text)


def test_the_list_says_who_uses_a_segment(as_manager: Client, acme: World) -> None:
    used = made(acme, as_manager, "Retail")
    made(acme, as_manager, "Unused")
    draft(acme, title="How was it?", audience=Audience.of_segment(used.id))
    page = as_manager.get("/segments").text
    assert page.count("How was it?") == 1
    assert page.index("Retail") < page.index("How was it?") < page.index("Unused")


def test_how_many_people_there_are_says_since_when(as_manager: Client, acme: World) -> None:
    """Those of a list are counted as it is filled."""
    made(acme, as_manager, "Retail")
    made(acme, as_manager, "Milan", is_list=True)
    text = as_manager.get("/lists/segments/file.csv").data.decode("utf-8-sig")
    counted = {
        line["Name"]: line["People counted on"] for line in csv.DictReader(io.StringIO(text, newline=""))
    }
    assert counted == {"Retail": today(acme).isoformat(), "Milan": ""}
    dates = re.findall(r'<span class="([^"]*)">\s*on \d+ \w+</span>', as_manager.get("/segments").text)
    assert dates == ["d-block gw-quiet"]


def test_a_segment_says_how_many_can_be_asked_and_the_first_reason_of_each_other(
    as_manager: Client, acme: World
) -> None:
    segment = made(acme, as_manager, "Milan", is_list=True)
    no_one_yet = as_manager.get(f"/segments/{segment.id}/asks?kind=nonsense").text
    assert "Nobody is in this segment" in no_one_yet

    def person(**facts: Any) -> Advocate:
        return acme.advocate(account=company, **facts)

    company = acme.account()
    people = [
        person(),
        person(state=AdvocateState.PAUSED, paused_at=utc_now(), consents=[]),
        person(consents=[]),
        person(state=AdvocateState.CANDIDATE, enrolled_at=None),
        person(state=AdvocateState.INVITED, enrolled_at=None, invited_at=utc_now()),
    ]
    with acme.session() as session:
        add_picked(session, segment.id, [one.id for one in people], by=as_manager.member)
    page = as_manager.get(f"/segments/{segment.id}/asks?kind=call").text
    assert "1 of 5 can be asked" in page
    left_out = re.findall(r"<li><b>(\d+)</b><span>([^<\n]+)", page)
    assert [(number, why.strip()) for number, why in left_out] == [
        ("1", "Paused"),
        ("1", "Haven’t agreed to calls"),
        ("2", "Not in the program yet, or not any more"),
    ]
    assert "Who can be asked now" in as_manager.get(f"/segments/{segment.id}").text
    stranger = acme.signed_in(Role.MANAGER)
    assert stranger.get(f"/segments/{segment.id}/asks").status_code == 404
