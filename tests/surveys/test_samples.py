"""A rolling sample week by week: whom it asks, who joins it, and when a second person looks again."""

import pytest

from portal.asks import calendar_days
from portal.campaigns import actions as campaign_actions
from portal.campaigns.models import CampaignState
from portal.campaigns.policies import APPROVAL_ABOVE
from portal.surveys import actions, audience
from portal.surveys.models import Survey, SurveyState
from tenants.models import Role
from tests.campaigns.campaigns import campaign_of
from tests.fixture_types import Jobs, Travel
from tests.surveys.surveys import (
    ask_everybody,
    launch,
    people,
    recipients,
    set_policy,
    switch_on,
)
from tests.world import World


@pytest.fixture(autouse=True)
def _on(acme: World) -> None:
    switch_on(acme)


def test_a_sample_asks_exactly_those_whose_week_it_is_once_a_quarter(
    acme: World, run_jobs: Jobs, travel: Travel
) -> None:
    people = acme.advocates(12)
    survey = launch(acme, is_rolling=True)
    ask_everybody(acme)  # it runs by the time a week is drawn
    asked: set[object] = set()
    for _ in range(3):
        with acme.session() as session:
            week = audience.week_of_quarter(calendar_days.today(session))
        asked |= {p.id for p in people if audience.week_of_person(survey.id, p.id) == week}
        run_jobs()
        run_jobs()
        assert set(recipients(acme, survey)) == asked
        travel(days=7)


def test_somebody_who_joins_a_sample_in_their_week_is_asked_and_a_draw_repeated_adds_nobody(
    acme: World,
) -> None:
    survey = launch(acme, is_rolling=True)
    ask_everybody(acme)
    acme.advocates(150)  # one in thirteen is drawn this week, by chance
    for _ in range(2):
        with acme.session() as session:
            actions.draw_week(session, survey.id)
    with acme.session() as session:
        week, wave = (
            audience.week_of_quarter(calendar_days.today(session)),
            audience.quarter_of(calendar_days.today(session)),
        )
    drawn = people(acme, survey).values()
    assert {row.round_on for row in drawn} == {wave}
    assert drawn
    assert all(audience.week_of_person(survey.id, row.advocate_id) == week for row in drawn)


def test_a_sample_that_outgrows_what_was_approved_waits_for_a_second_person_and_declined_it_is_paused(
    acme: World,
) -> None:
    set_policy(acme, APPROVAL_ABOVE, 20)
    survey = launch(acme, is_rolling=True)
    ask_everybody(acme)
    acme.advocates(150)
    draw(acme, survey)
    assert (campaign_of(acme, survey).state, people(acme, survey)) == (CampaignState.WAITING, {})
    femi = acme.member(Role.MANAGER, name="Femi Adebayo")
    with acme.session() as session:
        campaign_actions.approve(session, campaign_of(acme, survey).id, by=femi)
    draw(acme, survey)
    assert campaign_of(acme, survey).state is CampaignState.RUNNING
    asked = set(people(acme, survey))
    assert asked
    acme.advocates(250)
    draw(acme, survey)
    with acme.session() as session:
        campaign_actions.decline(session, campaign_of(acme, survey).id, by=femi)
    assert (campaign_of(acme, survey).state, set(people(acme, survey))) == (CampaignState.PAUSED, asked)
    assert acme.reload(survey).state is SurveyState.RUNNING


def draw(world: World, survey: Survey) -> None:
    with world.session() as session:
        actions.draw_week(session, survey.id)
