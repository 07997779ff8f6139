"""What fails: one person is left out where others are asked, and where nobody can be, nobody is left out."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from jobs import campaigns as jobs
from portal.advocates.models import Advocate
from portal.asks.ask_many import ProposedAsk
from portal.campaigns import actions
from portal.campaigns.actions import Schedule
from portal.campaigns.models import CampaignState, LeftOut, PersonState
from portal.declarations.campaigns import CampaignRound
from portal.declarations.program_switches import switch
from portal.surveys import actions as surveys
from portal.surveys.models import Survey
from tenants.clock import utc_now
from tenants.models import Membership, Role
from tests.asks.dinners import declared
from tests.campaigns.campaigns import asked, campaign_of, people_of, work
from tests.campaigns.tastings import TASTINGS
from tests.fixture_types import Travel
from tests.present import present
from tests.surveys.surveys import draft, switch_on
from tests.waiting import PATIENCE
from tests.world import World


@pytest.fixture(autouse=True)
def _on(acme: World) -> None:
    switch_on(acme)


@pytest.fixture
def dana(acme: World) -> Membership:
    return acme.member(Role.MANAGER, name="Dana Okafor")


@pytest.fixture
def ten(acme: World) -> list[Advocate]:
    return acme.advocates(10)


def start(world: World, by: Membership, schedule: Schedule = actions.NOW) -> Survey:
    survey = draft(world)
    with world.session() as session:
        return surveys.launch(session, survey.id, schedule, by=by)


def test_one_who_breaks_the_batch_is_left_out_and_the_others_are_asked(
    acme: World, dana: Membership, ten: list[Advocate]
) -> None:
    unlucky, part = ten[3], TASTINGS.campaign
    assert part is not None

    def write(session: Session, asked: CampaignRound, asks: Sequence[ProposedAsk]) -> None:
        if unlucky.id in {one.advocate.id for one in asks}:
            raise ValueError("This one breaks.")

    deal, broken = acme.deal(), replace(TASTINGS, campaign=replace(part, write=write))
    with declared(broken):
        with acme.session() as session:
            switch(session, broken, on=True, by=dana)
            actions.start(session, deal, by=dana)
        for _ in range(3 * len(ten)):
            jobs.process_batch(acme.tenant_id)
        left = {row.advocate_id: row.left_out for row in people_of(acme, deal) if row.left_out}
        states = Counter(row.state for row in people_of(acme, deal))
    assert left == {unlucky.id: LeftOut.REFUSED}
    assert states == {PersonState.ASKED: len(ten) - 1, PersonState.LEFT_OUT: 1}


def test_where_asking_fails_for_everybody_nobody_is_left_out_and_it_pauses_itself(
    acme: World, dana: Membership, ten: list[Advocate]
) -> None:
    part, deal, breaks = TASTINGS.campaign, acme.deal(), [True]
    assert part is not None

    def write(session: Session, asked: CampaignRound, asks: Sequence[ProposedAsk]) -> None:
        if breaks:
            raise ValueError("All of them break.")
        part.write(session, asked, asks)

    with declared(replace(TASTINGS, campaign=replace(part, write=write))) as broken:
        with acme.session() as session:
            switch(session, broken, on=True, by=dana)
            actions.start(session, deal, by=dana)
        for _ in range(12):
            jobs.process_batch(acme.tenant_id)
        campaign = campaign_of(acme, deal)
        assert (campaign.state, campaign.paused_itself) == (CampaignState.PAUSED, True)
        assert "Asking many people failed and paused itself" in acme.signed_in(as_member=dana).get("/").text
        assert {row.state for row in people_of(acme, deal)} == {PersonState.QUEUED}
        breaks.clear()
        with acme.session() as session:
            actions.go_on(session, campaign.id, by=dana)
        work(acme)
    assert {row.state for row in people_of(acme, deal)} == {PersonState.ASKED}


def test_a_list_that_cannot_be_written_down_waits_and_keeps_no_other_campaign_waiting(
    acme: World, dana: Membership, ten: list[Advocate]
) -> None:
    part = TASTINGS.campaign
    assert part is not None

    def lately(session: Session) -> ColumnElement[bool]:
        raise ValueError("The list breaks.")

    deal = acme.deal()
    with declared(replace(TASTINGS, campaign=replace(part, asked_lately=lately))) as broken:
        with acme.session() as session:
            switch(session, broken, on=True, by=dana)
            actions.start(session, deal, by=dana)
        survey = start(acme, dana)
        for _ in range(4 + len(ten)):  # on a slow machine a batch is one person
            jobs.process_batch(acme.tenant_id)
    waiting = campaign_of(acme, deal)
    assert (waiting.state, waiting.failures) == (CampaignState.REQUESTED, 1)
    assert present(waiting.next_at) > utc_now()
    assert len(asked(acme, survey)) == len(ten)


def test_a_list_that_goes_on_failing_is_tried_ever_more_seldom_and_home_says_so(
    acme: World, dana: Membership, ten: list[Advocate], travel: Travel
) -> None:
    part, deal, waits = TASTINGS.campaign, acme.deal(), []
    assert part is not None

    def lately(session: Session) -> ColumnElement[bool]:
        raise ValueError("The list breaks.")

    with declared(replace(TASTINGS, campaign=replace(part, asked_lately=lately))) as broken:
        with acme.session() as session:
            switch(session, broken, on=True, by=dana)
            actions.start(session, deal, by=dana)
        for _ in range(7):
            jobs.process_batch(acme.tenant_id)
            waiting = campaign_of(acme, deal)
            waits.append(round((present(waiting.next_at) - utc_now()).total_seconds() / 60))
            travel(minutes=waits[-1] + 1)
        assert (
            "A list of people couldn’t be written down: “Initech"
            in acme.signed_in(as_member=dana).get("/").text
        )
    assert waits == [2, 4, 8, 16, 32, 60, 60]


def test_whoever_is_locked_for_long_keeps_nobody_waiting_and_is_asked_later(
    acme: World, dana: Membership, ten: list[Advocate]
) -> None:
    survey = start(acme, dana)
    work(acme, 1)
    last = people_of(acme, survey)[-1].advocate_id
    with acme.session() as session:
        session.execute(select(Advocate.id).where(Advocate.id == last).with_for_update())
        began = time.monotonic()
        for _ in range(20):
            jobs.process_batch(acme.tenant_id)
        assert len(asked(acme, survey)) == len(ten) - 1
        assert time.monotonic() - began < PATIENCE
    work(acme)
    assert len(asked(acme, survey)) == len(ten)
