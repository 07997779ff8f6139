"""Schedule, approval, progress, pause and stop, on the page of the survey they are about."""

from datetime import timedelta
from typing import Any

import pytest

from portal.campaigns.models import CampaignState
from portal.campaigns.policies import APPROVAL_ABOVE
from portal.surveys.models import Survey
from tenants.clock import utc_now
from tenants.models import Membership, Role
from tests.campaigns.campaigns import asked, campaign_of, work
from tests.client import Client
from tests.surveys.surveys import draft, set_policy, switch_on
from tests.world import World

NEXT_WEEK = f"{utc_now() + timedelta(days=7):%Y-%m-%dT09:00}"


@pytest.fixture(autouse=True)
def _six(acme: World) -> None:
    switch_on(acme)
    for _ in range(6):
        acme.advocate()


@pytest.fixture
def survey(acme: World) -> Survey:
    return draft(acme)


@pytest.fixture
def femi(acme: World) -> Membership:
    return acme.member(Role.MANAGER, name="Femi Adebayo")


def launch(client: Client, survey: Survey, **given: str) -> Any:
    return client.post(f"/surveys/{survey.id}/launch", given)


def act(client: Client, world: World, survey: Survey, what: str) -> int:
    return client.post(f"/campaigns/{campaign_of(world, survey).id}/{what}").status_code


def page(client: Client, survey: Survey) -> str:
    return str(client.get(f"/surveys/{survey.id}").text)


def test_a_start_next_week_in_three_waves_waits_and_the_page_says_until_when(
    acme: World, as_manager: Client, survey: Survey
) -> None:
    assert launch(as_manager, survey, starts_at=NEXT_WEEK, waves="3", days_between="2").status_code == 303
    work(acme)
    assert asked(acme, survey) == set()
    assert "Starts on" in page(as_manager, survey)
    assert (campaign_of(acme, survey).waves, campaign_of(acme, survey).days_between) == (3, 2)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"waves": "0"}, "Please choose a number from 1 to 20."),
        ({"waves": "many"}, "Please enter a whole number."),
        ({"days_between": "31"}, "Please choose a number from 1 to 30."),
        ({"starts_at": "2001-01-01T09:00"}, "within the next six months"),
        ({"starts_at": "tomorrow"}, "Please choose a day and a time."),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field_and_nothing_starts(
    as_manager: Client, survey: Survey, wrong: dict[str, str], words: str
) -> None:
    refused = launch(as_manager, survey, **wrong)
    assert (refused.status_code, words in refused.text) == (422, True)
    assert "Send to 6 people" in page(as_manager, survey)


def test_above_the_size_the_form_asks_for_an_approver_who_finds_it_at_home_and_approves(
    acme: World, as_manager: Client, survey: Survey, femi: Membership
) -> None:
    set_policy(acme, APPROVAL_ABOVE, 5)
    refused = launch(as_manager, survey, approver="")
    assert (refused.status_code, "Please choose one." in refused.text) == (422, True)
    assert "Ask for approval" in refused.text
    assert launch(as_manager, survey, approver=str(femi.id)).status_code == 303
    work(acme)
    mine = page(as_manager, survey)
    assert ("Femi Adebayo has to approve this." in mine, "Approve</button>" in mine) == (True, False)
    assert act(as_manager, acme, survey, "approval") == 409
    as_femi = acme.signed_in(as_member=femi)
    assert "wants to ask many people" in as_femi.get("/").text
    assert "wants to ask many people" not in as_manager.get("/").text
    assert act(as_femi, acme, survey, "approval") == 303
    work(acme)
    assert len(asked(acme, survey)) == 6


def test_not_approved_the_survey_is_a_draft_again(
    acme: World, as_manager: Client, survey: Survey, femi: Membership
) -> None:
    set_policy(acme, APPROVAL_ABOVE, 5)
    launch(as_manager, survey, approver=str(femi.id))
    work(acme)
    assert act(acme.signed_in(as_member=femi), acme, survey, "refusal") == 303
    assert "Ask for approval</button>" in page(as_manager, survey)


def test_progress_pause_going_on_and_stopping_stand_on_the_page(
    acme: World, as_manager: Client, survey: Survey
) -> None:
    launch(as_manager, survey, waves="2", days_between="3")
    work(acme)
    assert "3 of 6 people asked" in page(as_manager, survey)
    assert act(as_manager, acme, survey, "pause") == 303
    paused = page(as_manager, survey)
    assert "no more emails leave, until somebody lets it go on." in paused
    assert "Go on</button>" in paused
    assert act(as_manager, acme, survey, "continuation") == 303
    assert act(as_manager, acme, survey, "stop") == 303
    assert "3 people are left out" in page(as_manager, survey)
    assert campaign_of(acme, survey).state is CampaignState.STOPPED
    assert act(as_manager, acme, survey, "continuation") == 409


def test_the_part_that_counts_up_leads_back_to_the_page_without_a_script(
    acme: World, as_manager: Client, survey: Survey
) -> None:
    launch(as_manager, survey)
    address = f"/campaigns/{campaign_of(acme, survey).id}/progress"
    assert as_manager.get(address).status_code == 303
    work(acme)
    part = as_manager.get(address, headers={"HX-Request": "true"}).text
    assert "6 of 6 people asked" in part
