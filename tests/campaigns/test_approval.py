"""Above a size a second person approves; somebody stands in while that one is away; nobody approves their own."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.campaigns import actions, approval
from portal.campaigns.actions import Schedule
from portal.campaigns.models import Campaign, CampaignPerson, CampaignState
from portal.campaigns.policies import APPROVAL_ABOVE
from portal.errors import Conflict
from portal.surveys import actions as surveys
from portal.surveys.models import Survey, SurveyState
from tenants.models import Membership, Role
from tests.campaigns.campaigns import asked, campaign_of, people_of, work
from tests.fixture_types import Travel
from tests.surveys.surveys import draft, recipients, set_policy, switch_on
from tests.world import World


@pytest.fixture
def dana(acme: World) -> Membership:
    switch_on(acme)
    set_policy(acme, APPROVAL_ABOVE, 2)
    for _ in range(3):
        acme.advocate()
    return acme.member(Role.MANAGER, name="Dana Okafor")


@pytest.fixture
def femi(acme: World) -> Membership:
    return acme.member(Role.MANAGER, name="Femi Adebayo")


def started(world: World, by: Membership, approver: Membership | None = None) -> Survey:
    survey = draft(world)
    schedule = Schedule(approver_id=approver.id if approver else None)
    with world.session() as session:
        surveys.launch(session, survey.id, schedule, by=by)
    work(world)
    return survey


def decide(world: World, survey: Survey, by: Membership, *, approves: bool = True) -> None:
    campaign = campaign_of(world, survey)
    with world.session() as session:
        (actions.approve if approves else actions.decline)(session, campaign.id, by=by)


def test_nobody_is_asked_before_the_second_person_approves(
    acme: World, dana: Membership, femi: Membership
) -> None:
    survey = started(acme, dana, femi)
    assert (campaign_of(acme, survey).state, asked(acme, survey)) == (CampaignState.WAITING, set())
    with pytest.raises(Conflict):
        decide(acme, survey, dana)
    decide(acme, survey, femi)
    work(acme)
    assert len(asked(acme, survey)) == 3
    assert campaign_of(acme, survey).decided_by_id == femi.id


def test_while_the_approver_is_away_another_manager_stands_in_and_never_the_one_who_asked(
    acme: World, dana: Membership, femi: Membership, travel: Travel
) -> None:
    ruth, rep = acme.member(Role.ADMIN, name="Ruth Kessler"), acme.member(Role.REP)
    survey = started(acme, dana, femi)
    with pytest.raises(Conflict):
        decide(acme, survey, ruth)
    travel(hours=25)
    for nobody in (dana, rep):
        with pytest.raises(Conflict):
            decide(acme, survey, nobody)
    decide(acme, survey, ruth)
    assert campaign_of(acme, survey).state is CampaignState.RUNNING


def test_an_approver_who_has_left_is_stood_in_for_at_once(
    acme: World, dana: Membership, femi: Membership
) -> None:
    survey = started(acme, dana, femi)
    with acme.session() as session:
        left = session.get_one(Membership, (femi.tenant_id, femi.id))
        left.ended_at = left.joined_at
    decide(acme, survey, acme.member(Role.ADMIN))
    assert campaign_of(acme, survey).state is CampaignState.RUNNING


def test_not_approved_it_is_a_draft_again_that_can_be_changed_and_started_once_more(
    acme: World, dana: Membership, femi: Membership
) -> None:
    survey = started(acme, dana, femi)
    decide(acme, survey, femi, approves=False)
    assert acme.reload(survey).state is SurveyState.DRAFT
    with acme.session() as session:
        surveys.launch(session, survey.id, Schedule(approver_id=femi.id), by=dana)
    work(acme)
    decide(acme, survey, femi)
    work(acme)
    assert len(asked(acme, survey)) == 3


def test_its_round_begins_when_it_was_approved_and_not_when_it_was_asked_for(
    acme: World, dana: Membership, femi: Membership, travel: Travel
) -> None:
    survey = started(acme, dana, femi)
    asked_for = {row.round_on for row in people_of(acme, survey)}
    travel(days=3)
    decide(acme, survey, femi)
    work(acme)
    assert {row.round_on - timedelta(days=3) for row in people_of(acme, survey)} == asked_for
    assert {one.wave for one in recipients(acme, survey).values()} == {
        row.round_on for row in people_of(acme, survey)
    }


def test_not_approved_and_discarded_nothing_of_it_is_left(
    acme: World, dana: Membership, femi: Membership
) -> None:
    survey = started(acme, dana, femi)
    decide(acme, survey, femi, approves=False)
    with acme.session() as session:
        surveys.discard_draft(session, survey.id)
    with acme.session() as session:
        for table in (Survey, Campaign, CampaignPerson):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_up_to_the_size_that_the_workspace_says_nobody_needs_to_approve(
    acme: World, dana: Membership
) -> None:
    set_policy(acme, APPROVAL_ABOVE, 3)
    survey = started(acme, dana)
    assert len(asked(acme, survey)) == 3
    with acme.session() as session:
        assert not approval.is_needed(session, 3)
        assert approval.is_needed(session, 4)
