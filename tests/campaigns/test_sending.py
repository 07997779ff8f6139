"""From the start to the last person: frozen once, in waves, paused, stopped, and started once however often."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import ColumnElement, false, func, select, text
from sqlalchemy.orm import Session

from jobs import campaigns as jobs
from jobs import mail
from jobs.worker_context import open_worker_context
from portal.advocates.models import Advocate
from portal.asks.models import AskSent, AsksSent
from portal.campaigns import actions, queries
from portal.campaigns.actions import Schedule
from portal.campaigns.models import CampaignState
from portal.declarations.program_switches import switch
from portal.errors import Conflict
from portal.gateways.queue import JobQueue, WorkQueue
from portal.history import HistoryEntry
from portal.lifecycle import ImpossibleMove
from portal.outbox import Envelope
from portal.outreach.ask_emails import AskEmailsScheduled
from portal.outreach.models import Email
from portal.outreach.sequences.models import SequenceRun
from portal.surveys import actions as surveys
from portal.surveys.models import Survey
from tenants.clock import utc_now
from tenants.models import Membership, Role
from tests.asks.dinners import declared
from tests.asks.test_concurrency import at_once
from tests.campaigns.campaigns import asked, campaign_of, people_of, work
from tests.campaigns.tastings import TASTINGS
from tests.fixture_types import Jobs, Travel
from tests.surveys.surveys import draft, switch_on
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


def test_everybody_gets_one_ask_and_one_email_and_a_batch_leaves_one_message(
    acme: World, dana: Membership, ten: list[Advocate], run_jobs: Jobs, travel: Travel
) -> None:
    survey = start(acme, dana)
    work(acme)
    open_worker_context(acme.settings, JobQueue(acme.settings.redis_url))
    mail.send_some(acme.tenant_id, WorkQueue.MAIL)
    with acme.session() as session:
        topics = Counter(session.scalars(select(Envelope.topic)))
        emails = session.scalars(select(Email.advocate_id).where(Email.kind == "survey")).all()
    assert (topics[AsksSent.__name__], topics[AskSent.__name__]) == (1, 0)
    assert topics[AskEmailsScheduled.__name__] == 1
    assert sorted(emails, key=str) == sorted((each.id for each in ten), key=str)
    run_jobs()
    travel(days=0.1)
    work(acme)
    assert campaign_of(acme, survey).state is CampaignState.FINISHED
    with acme.session() as session:
        assert session.scalar(select(func.count()).select_from(SequenceRun)) == len(ten)


def test_who_is_in_it_is_frozen_when_it_starts(acme: World, dana: Membership, ten: list[Advocate]) -> None:
    survey = start(acme, dana)
    work(acme, 1)
    late = acme.advocate()
    work(acme)
    assert asked(acme, survey) == {each.id for each in ten}
    assert late.id not in asked(acme, survey)


def test_waves_go_out_days_apart_and_split_the_list_evenly(
    acme: World, dana: Membership, ten: list[Advocate], travel: Travel
) -> None:
    at = utc_now() + timedelta(days=2)
    survey = start(acme, dana, Schedule(starts_at=at, waves=3, days_between=7))
    counts = []
    for days in (0, 2.1, 7, 7):
        travel(days=days)
        work(acme)
        counts.append(len(asked(acme, survey)))
    assert counts == [0, 4, 7, 10]
    assert sorted(Counter(row.wave for row in people_of(acme, survey)).values()) == [3, 3, 4]


def test_paused_it_asks_nobody_and_goes_on_where_it_was_with_the_same_days_between_its_waves(
    acme: World, dana: Membership, ten: list[Advocate], travel: Travel
) -> None:
    survey = start(acme, dana, Schedule(waves=2, days_between=3))
    work(acme)
    campaign = campaign_of(acme, survey)
    with acme.session() as session:
        actions.pause(session, campaign.id, by=dana)
    travel(days=10)
    assert (work(acme), len(asked(acme, survey))) == (0, 5)
    with acme.session() as session:
        actions.go_on(session, campaign.id, by=dana)
    work(acme)
    assert len(asked(acme, survey)) == 5
    travel(days=3.1)
    work(acme)
    assert len(asked(acme, survey)) == 10


def test_stopped_it_leaves_out_the_rest_for_good_and_the_page_can_say_why(
    acme: World, dana: Membership, ten: list[Advocate]
) -> None:
    survey = start(acme, dana, Schedule(waves=2))
    work(acme)
    campaign = campaign_of(acme, survey)
    with acme.session() as session:
        actions.stop(session, campaign.id, by=dana)
    work(acme)
    with acme.session() as session:
        found = queries.progress(session, campaign.id)
        said = [line.action for line in session.scalars(select(HistoryEntry).order_by(HistoryEntry.id))]
    assert (found.asked, found.queued, dict(found.left_out)) == (5, 0, {"closed": 5})
    assert said[-1] == "stopped"
    with acme.session() as session, pytest.raises(ImpossibleMove):
        actions.go_on(session, campaign.id, by=dana)


def test_of_many_who_start_it_at_the_same_moment_one_does(
    acme: World, dana: Membership, ten: list[Advocate]
) -> None:
    survey = draft(acme)

    def launch() -> None:
        with acme.session() as session:
            surveys.launch(session, survey.id, by=dana)

    found = at_once([launch] * 4)
    assert (found["done"], found.total()) == (1, 4)
    at_once([lambda: work(acme)] * 3)  # type: ignore[list-item]
    with acme.session() as session:
        assert session.scalar(select(func.count()).where(Email.kind == "survey")) == len(ten)
        with pytest.raises(Conflict, match="started already"):
            actions.start(session, survey, by=dana)


def test_an_audience_that_became_empty_finishes_with_nobody_asked(acme: World, dana: Membership) -> None:
    ada = acme.advocate()
    survey = start(acme, dana)
    with acme.session() as session:
        session.get_one(Advocate, (ada.tenant_id, ada.id)).consents = []
    work(acme)
    assert (asked(acme, survey), campaign_of(acme, survey).state) == (set(), CampaignState.FINISHED)


def test_whoever_stops_it_while_people_are_drawn_waits_for_nobody_and_nobody_is_drawn(
    acme: World, dana: Membership, ten: list[Advocate]
) -> None:
    part, deal = TASTINGS.campaign, acme.deal()
    assert part is not None

    def lately(session: Session) -> ColumnElement[bool]:
        with acme.session() as other:
            other.execute(text("SET LOCAL lock_timeout = '1s'"))
            actions.stop(other, campaign_of(acme, deal).id, by=dana)
        return false()

    with declared(replace(TASTINGS, campaign=replace(part, asked_lately=lately))) as program:
        with acme.session() as session:
            switch(session, program, on=True, by=dana)
            actions.start(session, deal, by=dana)
        work(acme)
    assert (campaign_of(acme, deal).state, people_of(acme, deal)) == (CampaignState.STOPPED, [])


def test_whoever_draws_it_at_the_same_moment_is_one_and_others_do_something_else(
    acme: World, dana: Membership, ten: list[Advocate]
) -> None:
    survey = start(acme, dana)
    with acme.session() as session:
        assert queries.is_mine_to_draw(session, campaign_of(acme, survey))
        assert (work(acme), people_of(acme, survey)) == (0, [])
    work(acme)
    assert len(asked(acme, survey)) == len(ten)


def test_switched_off_for_weeks_its_waves_go_on_as_many_days_apart_as_before(
    acme: World, dana: Membership, ten: list[Advocate], travel: Travel
) -> None:
    survey = start(acme, dana, Schedule(waves=3, days_between=3))
    work(acme)
    switch_on(acme, on=False)
    travel(days=30)
    assert work(acme) == 0
    switch_on(acme)
    counts = []
    for days in (0, 2.9, 0.2):
        travel(days=days)
        work(acme)
        counts.append(len(asked(acme, survey)))
    assert counts == [7, 7, 10]


def test_a_batch_grows_while_it_is_quick_and_shrinks_before_its_locks_are_felt() -> None:
    assert jobs._next_size(50, 0.01) == 100
    assert jobs._next_size(400, 0.01) == 500
    assert jobs._next_size(500, 1.0) == 75
    assert jobs._next_size(100, 2.0) == 7
    assert jobs._next_size(1, 5.0) == 1
