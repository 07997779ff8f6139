"""Emails of a campaign that have not left: they wait while it is paused, and never leave once it ended."""

from collections import Counter

import pytest
from sqlalchemy import select

from jobs import mail
from jobs.worker_context import open_worker_context
from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskState, AsksWithdrawn, AskWithdrawn
from portal.campaigns import actions
from portal.campaigns.actions import Schedule
from portal.campaigns.models import CampaignState
from portal.gateways.queue import JobQueue, WorkQueue
from portal.outbox import Envelope
from portal.outreach.governance.models import DailyMailStats
from portal.outreach.models import Email
from portal.outreach.status_codes import StatusCode
from portal.surveys import actions as surveys
from portal.surveys.models import Survey
from tenants.clock import utc_now
from tenants.models import Membership, Role
from tests.campaigns.campaigns import asked, campaign_of, work
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox
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


def test_paused_after_everybody_was_asked_no_email_leaves_until_it_goes_on(
    acme: World, dana: Membership, ten: list[Advocate], run_jobs: Jobs, mailbox: Mailbox
) -> None:
    survey = start(acme, dana)
    work(acme)
    campaign = campaign_of(acme, survey)
    assert campaign.state is CampaignState.RUNNING
    with acme.session() as session:
        actions.pause(session, campaign.id, by=dana)
    run_jobs()
    assert not mailbox.all()
    with acme.session() as session:
        actions.go_on(session, campaign.id, by=dana)
    run_jobs()
    assert len(mailbox.all()) == len(ten)


def test_stopped_it_withdraws_the_asks_whose_email_has_not_left(
    acme: World, dana: Membership, ten: list[Advocate], run_jobs: Jobs, mailbox: Mailbox, travel: Travel
) -> None:
    acme.set_outreach_policies(emails_per_day=4)
    survey = start(acme, dana)
    run_jobs()
    assert (len(asked(acme, survey)), len(mailbox.all())) == (10, 4)
    with acme.session() as session:
        actions.stop(session, campaign_of(acme, survey).id, by=dana)
    acme.set_outreach_policies(emails_per_day=1000)
    travel(days=2)
    run_jobs()
    with acme.session() as session:
        states = Counter(session.scalars(select(Ask.state)))
        reasons = set(session.scalars(select(Ask.withdrawal_reason).where(Ask.ended_at.is_not(None))))
    assert len(mailbox.all()) == 4
    assert states == {AskState.SENT: 4, AskState.WITHDRAWN: 6}
    assert reasons == {"campaign_stopped"}


def test_no_email_of_a_closed_survey_leaves_though_its_asks_wait_to_be_withdrawn(
    acme: World, dana: Membership, ten: list[Advocate], run_jobs: Jobs, mailbox: Mailbox
) -> None:
    survey = start(acme, dana)
    work(acme)
    with acme.session() as session:
        surveys.close(session, survey.id)
    open_worker_context(acme.settings, JobQueue(acme.settings.redis_url))
    assert mail.send_some(acme.tenant_id, WorkQueue.MAIL) == len(ten)
    assert not mailbox.all()
    run_jobs()
    with acme.session() as session:
        topics = Counter(session.scalars(select(Envelope.topic)))
        assert set(session.scalars(select(Ask.state))) == {AskState.WITHDRAWN}
    assert (topics[AsksWithdrawn.__name__], topics[AskWithdrawn.__name__]) == (1, 0)


def test_a_warning_share_of_complaints_holds_its_emails(
    acme: World, dana: Membership, ten: list[Advocate], run_jobs: Jobs, mailbox: Mailbox
) -> None:
    with acme.session() as session:
        today = utc_now().date()
        session.add(DailyMailStats(day=today, claimed=5000, accepted=5000, delivered=5000, complained=7))
    start(acme, dana)
    run_jobs()
    with acme.session() as session:
        kept = session.scalars(select(Email.status_code).where(Email.kind == "survey")).all()
    assert (set(kept), len(kept)) == ({StatusCode.BULK_PAUSED_BY_COMPLAINTS}, len(ten))
    assert not mailbox.all()
