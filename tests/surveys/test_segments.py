"""A survey is for a segment, a list or conditions, and says so; nothing that changes on the way goes unnoticed."""

import re
from uuid import UUID, uuid4

import pytest

from portal.accounts.models import Health
from portal.declarations.attributes import Operator
from portal.segments import actions, static_lists
from portal.segments.actions import SegmentDraft
from portal.segments.conditions import Condition, Conditions
from portal.segments.models import Segment, SegmentSharing
from portal.surveys import actions as surveys
from portal.surveys.models import Survey, SurveyState
from tenants.models import Membership, Role
from tests.client import Client
from tests.fixture_types import Jobs
from tests.surveys.surveys import GIVEN, ask_everybody, created, people, switch_on
from tests.world import World

RETAIL = Conditions((Condition("account.industry", Operator.ANY_OF, ("Retail",)),))
RED = {"edited": "1", "join": "all", "row-0": "0", "attribute-0": "account.health", "operator-0": "any_of"}
RED |= {"value-0": "red"}


@pytest.fixture(autouse=True)
def _on(acme: World) -> None:
    switch_on(acme)


def segment(world: World, by: Membership, conditions: Conditions = RETAIL, name: str = "Shops") -> UUID:
    with world.session() as session:
        made = actions.create_segment(session, SegmentDraft(name, conditions), by=by)
        return actions.share_segment(session, made.id, SegmentSharing.MANAGERS, by=by).id


def change(world: World, segment_id: UUID, by: Membership, value: str) -> None:
    other = Conditions((Condition("account.industry", Operator.ANY_OF, (value,)),))
    with world.session() as session:
        version = session.get_one(Segment, (world.tenant_id, segment_id)).version
        draft = SegmentDraft("Shops", other)
        actions.change_segment(session, segment_id, draft, version, by=by)


def at(answer: object, world: World) -> str:
    """The address of a draft that was made."""
    return str(answer.headers["Location"]).split(f"/{world.slug}", 1)[1]  # type: ignore[attr-defined]


def survey_at(world: World, address: str) -> Survey:
    with world.session() as session:
        return session.get_one(Survey, (world.tenant_id, UUID(address.rsplit("/", 1)[1])))


def test_a_survey_starts_from_a_segment_without_the_people_of_a_list(
    acme: World, as_manager: Client, run_jobs: Jobs
) -> None:
    shop = acme.account(industry="Retail")
    ada, bo, _elsewhere = acme.advocate(account=shop), acme.advocate(account=shop), acme.advocate()
    shops = segment(acme, as_manager.member)
    with acme.session() as session:
        done = actions.create_list(session, "Had enough", by=as_manager.member)
        static_lists.add_picked(session, done.id, [bo.id], by=as_manager.member)
    address = at(created(as_manager, segment=str(shops), but=str(done.id), edited="1"), acme)
    page = as_manager.get(address).text
    assert "1 person can be asked" in page or "One person can be asked" in page
    assert ("Segment “Shops”" in page, "not “Had enough”" in page, "One person now" in page) == (True,) * 3
    as_manager.post(f"{address}/launch")
    run_jobs()
    assert set(people(acme, survey_at(acme, address))) == {ada.id}


def test_health_may_choose_whom_a_survey_asks(acme: World, as_manager: Client) -> None:
    acme.advocate(account=acme.account(health=Health.RED))
    acme.advocate()
    page = as_manager.get(at(created(as_manager, **RED), acme)).text
    assert ("Account health is any of" in page, "One person can be asked" in page) == (True, True)


def test_buttons_of_the_conditions_save_nothing_and_lose_nothing(acme: World, as_manager: Client) -> None:
    acme.advocate(account=acme.account(health=Health.RED))
    acme.advocate()
    for pressed in ({"add": "1"}, {"redraw": "1"}, {"add-to": "0"}):
        again = as_manager.post("/surveys", GIVEN | RED | pressed | {"title": "Half written"})
        assert (again.status_code, 'value="Half written"' in again.text) == (200, True)
        assert ("One person fits now" in again.text, 'value="red"' in again.text) == (True, True)
    dropped = as_manager.post("/surveys", GIVEN | RED | {"drop-0": "red"})
    assert "2 people fit now" in dropped.text
    with acme.session() as session:
        assert session.query(Survey).count() == 0


def test_a_segment_that_is_gone_and_a_condition_that_cannot_be_read_are_refused_as_typed(
    acme: World, as_manager: Client
) -> None:
    gone = created(as_manager, title="Kept", segment=str(uuid4()))
    assert (gone.status_code, "was deleted, so nobody is in" in gone.text) == (422, True)
    unreadable = created(as_manager, title="Kept", **(RED | {"value-0": "purple"}))
    assert (unreadable.status_code, "Please check one field" in unreadable.text) == (422, True)
    unfinished = created(as_manager, title="Kept", **(RED | {"value-0": ""}))
    assert (unfinished.status_code, "has no value yet" in unfinished.text) == (422, True)
    assert "Please choose or enter a value, or remove the condition." in unfinished.text
    assert 'value="Kept"' in unfinished.text
    assert 'value="Kept"' in gone.text
    assert 'value="Kept"' in unreadable.text


def test_a_private_segment_of_a_colleague_is_not_there(acme: World, as_manager: Client) -> None:
    with acme.session() as session:
        other = acme.member(Role.MANAGER)
        private = actions.create_segment(session, SegmentDraft("Mine alone", RETAIL), by=other).id
    assert created(as_manager, segment=str(private)).status_code == 422
    assert "Nobody fits now" in as_manager.get(f"/surveys/new?segment={private}").text
    assert "Mine alone" not in as_manager.get("/surveys/new").text


def test_a_private_list_that_chooses_whom_a_survey_is_for_is_not_named_to_colleagues(
    acme: World, as_manager: Client
) -> None:
    ada = acme.advocate()
    with acme.session() as session:
        mine = actions.create_list(session, "About to leave us", by=as_manager.member).id
        static_lists.add_picked(session, mine, [ada.id], by=as_manager.member)
    on_it = {"edited": "1", "join": "all", "row-0": "0", "attribute-0": "person.list", "operator-0": "any_of"}
    address = at(created(as_manager, **on_it, **{"value-0": str(mine)}), acme)
    assert "About to leave us" in as_manager.get(address).text
    page = acme.signed_in(Role.MANAGER).get(address).text
    assert ("a private list" in page, "About to leave us" in page) == (True, False)


def test_a_segment_changed_between_preview_and_start_sends_nothing_before_somebody_looked_again(
    acme: World, as_manager: Client
) -> None:
    acme.advocate(account=acme.account(industry="Retail"))
    acme.advocate(account=acme.account(industry="Banking"))
    shops = segment(acme, as_manager.member)
    address = at(created(as_manager, segment=str(shops)), acme)
    seen = _seen(as_manager.get(address).text)
    change(acme, shops, as_manager.member, "Banking")
    refused = as_manager.post(f"{address}/launch", {"seen": seen})
    assert (refused.status_code, "so nothing was sent" in refused.text) == (409, True)
    assert survey_at(acme, address).state is SurveyState.DRAFT
    assert as_manager.post(f"{address}/launch", {"seen": _seen(refused.text)}).status_code == 303


def test_a_segment_changed_between_start_and_draw_asks_nobody_and_the_survey_and_home_say_why(
    acme: World, as_manager: Client
) -> None:
    acme.advocate(account=acme.account(industry="Retail"))
    acme.advocate(account=acme.account(industry="Banking"))
    shops = segment(acme, as_manager.member)
    address = at(created(as_manager, segment=str(shops)), acme)
    as_manager.post(f"{address}/launch", {"seen": _seen(as_manager.get(address).text)})
    change(acme, shops, as_manager.member, "Banking")
    ask_everybody(acme)
    survey = survey_at(acme, address)
    assert (survey.state, people(acme, survey)) == (SurveyState.DRAFT, {})
    page = as_manager.get(address).text
    assert "changed after the preview" in page
    assert "changed after the preview" in as_manager.get("/").text
    assert as_manager.post(f"{address}/launch", {"seen": _seen(page)}).status_code == 303
    ask_everybody(acme)
    assert len(people(acme, survey)) == 1
    assert "changed after the preview" not in as_manager.get("/").text


def test_a_list_of_people_stays_as_it_was_drawn_and_the_page_says_that_the_segment_changed(
    acme: World, as_manager: Client
) -> None:
    ada = acme.advocate(account=acme.account(industry="Retail"))
    acme.advocate(account=acme.account(industry="Banking"))
    shops = segment(acme, as_manager.member)
    address = at(created(as_manager, segment=str(shops)), acme)
    as_manager.post(f"{address}/launch")
    ask_everybody(acme)
    says = "The list stays as it was."
    assert says not in as_manager.get(address).text
    change(acme, shops, as_manager.member, "Banking")
    assert says in as_manager.get(address).text
    assert set(people(acme, survey_at(acme, address))) == {ada.id}


def test_a_segment_says_which_surveys_use_it_and_stays_while_they_do(acme: World, as_manager: Client) -> None:
    acme.advocate(account=acme.account(industry="Retail"))
    shops = segment(acme, as_manager.member)
    address = at(created(as_manager, title="Shops, autumn", segment=str(shops)), acme)
    assert "Shops, autumn" in as_manager.get(f"/segments/{shops}").text
    kept = as_manager.post(f"/segments/{shops}/deletion")
    assert (kept.status_code, "“Shops, autumn” uses this segment" in kept.text) == (400, True)
    with acme.session() as session:
        surveys.discard_draft(session, UUID(address.rsplit("/", 1)[1]))
    assert as_manager.post(f"/segments/{shops}/deletion").status_code == 303


def _seen(page: str) -> str:
    found = re.search(r'name="seen" type="hidden" value="([0-9a-f-]+)"', page)
    assert found
    return found[1]
