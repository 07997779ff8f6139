"""What a manager does with many people at once: exactly those whom the preview counted, each under the rules of one."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.models import Health
from portal.advocates.consent_texts import add_default_texts
from portal.advocates.models import Advocate, AdvocateState, ConsentPurpose
from portal.declarations.attributes import Operator
from portal.lists.actions import MAX_IN_REQUEST
from portal.lists.models import BulkAction, BulkActionRow, BulkActionState, RestLeftOut
from portal.segments.actions import SegmentDraft, create_list, create_segment
from portal.segments.conditions import Condition, Conditions
from portal.tags.actions import create, retire
from portal.tags.models import BY_HAND, AdvocateTag, Tag
from tenants.clock import utc_now
from tenants.models import Role
from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox
from tests.world import World, again

HEALTHY = Conditions((Condition("account.health", Operator.ANY_OF, ("green",)),))
CANDIDATES = {"arguments": "view=candidates", "all": "y"}


def candidates(world: World, number: int, **facts: Any) -> list[Advocate]:
    company, given = world.account(), {"state": AdvocateState.CANDIDATE, "enrolled_at": None} | facts
    return [world.advocate(account=company, **given) for _ in range(number)]


def states(world: World) -> dict[AdvocateState, int]:
    with world.session() as session:
        found = session.scalars(select(Advocate.state)).all()
    return {state: found.count(state) for state in {*found}}


def prepared(client: Client, act: str, **data: Any) -> str:
    """The address of the preview."""
    answer = client.post(f"/lists/advocates/acts/{act}", data)
    assert "bulk-actions" in answer.location
    return str(answer.location)


def left_out(page: str) -> list[tuple[str, str]]:
    return re.findall(r"<li><b>(\d+)</b><span>([^<]+)", page)


def test_the_preview_names_how_many_are_invited_and_who_is_left_out_and_why(
    as_manager: Client, acme: World
) -> None:
    candidates(acme, 2)
    (lately,) = candidates(acme, 1, state=AdvocateState.INVITED, invited_at=utc_now(), invitation_count=1)
    candidates(acme, 1, state=AdvocateState.INVITED, invitation_count=2)
    page = as_manager.get(prepared(as_manager, "invite", **CANDIDATES), outside=True).text
    assert "Send 2 invitations?" in page
    assert left_out(page) == [
        ("1", "Invited within the last week: please give them some time"),
        ("1", "Invited twice already: we never invite anyone a third time"),
    ]
    assert lately.name in page
    assert states(acme)[AdvocateState.CANDIDATE] == 2


def test_all_that_matched_are_invited_and_nobody_else_whatever_changes_meanwhile(
    as_manager: Client, acme: World, run_jobs: Jobs, mailbox: Mailbox
) -> None:
    people = candidates(acme, MAX_IN_REQUEST + 20)
    preview = prepared(as_manager, "invite", **CANDIDATES)
    (newcomer,) = candidates(acme, 1)
    with acme.session() as session:
        joined = session.get_one(Advocate, (acme.tenant_id, people[0].id))
        joined.state, joined.enrolled_at = AdvocateState.ENROLLED, utc_now()
    assert as_manager.post(f"{preview}/start", outside=True).location == preview
    assert "In progress" in as_manager.get(preview, outside=True).text
    run_jobs()
    assert states(acme) == {
        AdvocateState.INVITED: MAX_IN_REQUEST + 19,
        AdvocateState.ENROLLED: 1,
        AdvocateState.CANDIDATE: 1,
    }
    assert acme.reload(newcomer).state is AdvocateState.CANDIDATE
    assert acme.reload(people[5]).invitation_count == 1
    result = as_manager.get(preview, outside=True).text
    assert f"{MAX_IN_REQUEST + 19} invitations are on their way" in result
    assert left_out(result) == [("1", "Joined already, said no or left")]


def test_a_second_click_and_a_colleague_start_nothing_again(as_manager: Client, acme: World) -> None:
    candidates(acme, 3)
    preview = prepared(as_manager, "invite", **CANDIDATES)
    stranger = acme.signed_in(Role.MANAGER)
    assert stranger.get(preview, outside=True).status_code == 404
    assert stranger.post(f"{preview}/start", outside=True).status_code == 404
    answers = [as_manager.post(f"{preview}/start", outside=True).status_code for _ in range(2)]
    assert answers == [303, 409]


def test_people_are_paused_until_a_day_with_a_reason(as_manager: Client, acme: World) -> None:
    ada, bo = acme.advocate(), acme.advocate(state=AdvocateState.PAUSED, paused_at=utc_now())
    preview = prepared(as_manager, "pause", picked=[str(ada.id), str(bo.id)])
    assert left_out(as_manager.get(preview, outside=True).text) == [("1", "Paused already")]
    refused = as_manager.post(f"{preview}/start", {"until": "2020-01-01"}, outside=True)
    assert refused.status_code == 422
    assert "Please choose a date in the future." in refused.text
    until = utc_now().date() + timedelta(days=20)
    given = {"until": until.isoformat(), "reason": "Fair in Milan"}
    done = as_manager.follow(as_manager.post(f"{preview}/start", given, outside=True))
    assert "1 person is paused." in done.text
    assert acme.reload(ada).paused_until == until
    assert "Fair in Milan" in as_manager.get(f"/advocates/{ada.id}").text


def test_everybody_who_may_be_asked_is_asked_for_a_consent(
    as_manager: Client, acme: World, run_jobs: Jobs, mailbox: Mailbox
) -> None:
    with acme.session() as session:
        add_default_texts(session)
    ada = acme.advocate(first_name="Ada", consents=[ConsentPurpose.NEWS.value])
    acme.advocate(first_name="Bo", consents=[ConsentPurpose.NEWS.value, ConsentPurpose.FEEDBACK.value])
    acme.advocate(first_name="Cy", consents=[])
    preview = prepared(as_manager, "ask-for-consent", all="y", option="feedback")
    page = as_manager.get(preview, outside=True).text
    assert "Ask 1 person for consent?" in page
    assert [why for _, why in left_out(page)] == [
        "Agreed to it already",
        "Agreed to nothing, so there’s no consent an email could rely on",
    ]
    as_manager.post(f"{preview}/start", outside=True)
    run_jobs()
    assert [email.recipient for email in mailbox.all()] == [ada.email]


def test_all_that_a_filter_finds_are_tagged_and_then_found_by_the_tag(
    as_manager: Client, acme: World
) -> None:
    ada, bo = acme.advocate(first_name="Ada", products=["Pay"]), acme.advocate(first_name="Bo")
    with acme.session() as session:
        tag = create(session, "Speaks in Milan", by=as_manager.member).id
    preview = prepared(as_manager, "tag", arguments="product=Pay", all="y", option=tag.hex)
    page = as_manager.get(preview, outside=True).text
    assert "Speaks in Milan" in page
    assert "Tag 1 person?" in page
    as_manager.post(f"{preview}/start", outside=True)
    found = as_manager.get(f"/advocates?tag={tag.hex}").text
    assert (ada.name in found, bo.name in found) == (True, False)
    assert "Tag: Speaks in Milan" in found


def test_picked_people_come_onto_a_list_and_are_found_by_it(as_manager: Client, acme: World) -> None:
    ada, bo = acme.advocate(first_name="Ada"), acme.advocate(first_name="Bo")
    with acme.session() as session:
        milan = create_list(session, "Fair in Milan", by=as_manager.member).id
    for _ in range(2):
        preview = prepared(as_manager, "add-to-list", picked=str(ada.id), option=milan.hex)
        page = as_manager.get(preview, outside=True).text
        as_manager.post(f"{preview}/start", outside=True)
    assert left_out(page) == [("1", "On the list already")]
    found = as_manager.get(f"/advocates?segment={milan}").text
    assert (ada.name in found, bo.name in found) == (True, False)
    assert "Segment: Fair in Milan" in found


FOUND_BY = [  # the address of the list, and what a tag and a list inherit from it
    ("product=Pay", ["person.products"], True),
    ("", [], True),
    ("view=never&region=EMEA", ["account.region", "person.last_ask_at"], True),
    ("view=free", ["account.health", "account.renewal_on", "person.free_for"], True),
    ("segment={healthy}", ["account.health"], True),
    ("q=Ada", [], False),
]


@pytest.mark.parametrize("is_picked", [False, True])
@pytest.mark.parametrize(("address", "attributes", "is_known"), FOUND_BY)
def test_a_tag_and_a_list_inherit_what_their_people_were_found_by(
    as_manager: Client, acme: World, address: str, attributes: list[str], is_known: bool, is_picked: bool
) -> None:
    company = acme.account(region="EMEA", health=Health.GREEN)
    ada, by = acme.advocate(first_name="Ada", account=company, products=["Pay"]), as_manager.member
    with acme.session() as session:
        tag, listed = create(session, "Milan", by=by), create_list(session, "Milan", by=by)
        healthy = create_segment(session, SegmentDraft("Healthy", HEALTHY), by=by)
    arguments = {"arguments": address.format(healthy=healthy.id)}
    arguments |= {"picked": str(ada.id)} if is_picked else {"all": "y"}
    for act, option in (("tag", tag.id), ("add-to-list", listed.id)):
        preview = prepared(as_manager, act, option=option.hex, **arguments)
        as_manager.post(f"{preview}/start", outside=True)
    hand = [] if is_known and not is_picked else [BY_HAND]
    assert acme.reload(tag).filled_by == [*attributes, *hand]
    inherited = acme.reload(listed)
    assert (inherited.people_count, inherited.origin_attributes) == (1, attributes)
    assert inherited.is_origin_known is not bool(hand)


def many_tagged(client: Client, world: World) -> tuple[Tag, str]:
    """More than one request does: begun, and nobody's turn has come."""
    candidates(world, MAX_IN_REQUEST + 20)
    with world.session() as session:
        tag = create(session, "Milan", by=client.member)
    preview = prepared(client, "tag", option=tag.id.hex, **CANDIDATES)
    client.post(f"{preview}/start", outside=True)
    assert "In progress" in client.get(preview, outside=True).text
    return tag, preview


def tagged(world: World) -> int:
    with world.session() as session:
        return len(session.scalars(select(AdvocateTag)).all())


def test_where_the_tag_was_retired_meanwhile_everybody_left_is_left_out_with_the_reason(
    as_manager: Client, acme: World, run_jobs: Jobs
) -> None:
    tag, preview = many_tagged(as_manager, acme)
    with acme.session() as session:
        retire(session, again(session, tag), by=as_manager.member)
    run_jobs()
    assert tagged(acme) == 0
    everybody = str(MAX_IN_REQUEST + 20)
    result = as_manager.get(preview, outside=True).text
    assert left_out(result) == [(everybody, "The tag or list that was chosen is no longer there")]
    assert "Nothing was done" in result


def test_it_ends_with_whoever_began_it_and_left(as_manager: Client, acme: World, run_jobs: Jobs) -> None:
    many_tagged(as_manager, acme)
    with acme.session() as session:
        again(session, as_manager.member).ended_at = utc_now()
    run_jobs()
    assert tagged(acme) == 0
    with acme.session() as session:
        assert session.scalars(select(BulkAction.state)).all() == [BulkActionState.DONE]
        reasons = session.scalars(select(BulkActionRow.left_out).distinct()).all()
    assert reasons == [RestLeftOut.MEMBER_GONE]


def test_what_runs_can_be_stopped_from_its_page(as_manager: Client, acme: World, run_jobs: Jobs) -> None:
    _, preview = many_tagged(as_manager, acme)
    path = preview.removeprefix("http://localhost")
    assert f"{path}/stop" in as_manager.get(preview, outside=True).text
    assert acme.signed_in(Role.MANAGER).post(f"{preview}/stop", outside=True).status_code == 404
    assert [as_manager.post(f"{preview}/stop", outside=True).status_code for _ in range(2)] == [303, 303]
    run_jobs()
    assert tagged(acme) == 0
    assert [why for _, why in left_out(as_manager.get(preview, outside=True).text)] == [
        "Stopped before it was their turn"
    ]


@pytest.mark.parametrize(
    ("act", "data", "status"),
    [
        ("invite", {}, 303),  # back to the list: nobody is selected
        ("invite", {"picked": ["nobody"]}, 303),
        ("ask-for-consent", {"all": "y", "option": "everything"}, 409),
        ("promote", {"all": "y"}, 404),
    ],
)
def test_an_act_on_nobody_or_of_another_kind_does_nothing(
    as_manager: Client, acme: World, act: str, data: dict[str, Any], status: int
) -> None:
    candidates(acme, 1)
    assert as_manager.post(f"/lists/advocates/acts/{act}", data).status_code == status
    with acme.session() as session:
        assert session.scalars(select(BulkAction)).all() == []


def test_somebody_without_the_role_prepares_nothing(as_rep: Client, acme: World) -> None:
    candidates(acme, 1)
    assert as_rep.post("/lists/advocates/acts/invite", CANDIDATES).status_code == 403
    assert as_rep.get("/lists/advocates/file.csv").status_code == 403
