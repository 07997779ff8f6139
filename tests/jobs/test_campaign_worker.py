"""The worker of campaigns, killed in the middle of a batch: nobody is asked twice, nobody is forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import func, select

from portal.asks.models import Ask
from portal.campaigns.models import CampaignPerson
from portal.gateways.queue import JobQueue
from portal.outreach.models import Email
from portal.surveys import actions as surveys
from portal.surveys.models import Survey, SurveyRecipient
from tenants.models import Role
from tests.campaigns.campaigns import people_of, work
from tests.jobs.conftest import Processes
from tests.surveys.surveys import draft, switch_on
from tests.waiting import eventually
from tests.world import World

PEOPLE = 130  # the first batch is of 50


@pytest.fixture
def survey(acme: World, processes: Processes) -> Survey:
    """Started and frozen, with nobody asked."""
    JobQueue(processes.settings.redis_url).redis.flushall()
    switch_on(acme)
    for _ in range(PEOPLE):
        acme.advocate()
    made, dana = draft(acme), acme.member(Role.MANAGER)
    with acme.session() as session:
        surveys.launch(session, made.id, by=dana)
    work(acme, 1)
    return made


@contextmanager
def locked(superuser: psycopg.Connection, person: CampaignPerson) -> Iterator[None]:
    """Whoever wants to ask this person waits, with a batch half done."""
    superuser.execute("SELECT 1 FROM advocates WHERE id = %s FOR UPDATE", (person.advocate_id,))
    yield
    superuser.rollback()


def number_of(world: World, survey: Survey) -> tuple[int, int, int, int]:
    """Asks, people who were asked, emails and recipients: the same number always."""
    with world.session() as session:
        asks = select(func.count(), func.count(Ask.advocate_id.distinct())).where(Ask.subject_id == survey.id)
        emails = select(func.count()).where(Email.kind == "survey")
        recipients = select(func.count()).where(SurveyRecipient.survey_id == survey.id)
        number, people = session.execute(asks).one()
        return number, people, session.scalar(emails) or 0, session.scalar(recipients) or 0


def test_killed_in_the_middle_of_a_batch_the_next_worker_goes_on_and_asks_everybody_once(
    acme: World, survey: Survey, processes: Processes, superuser: psycopg.Connection
) -> None:
    last = people_of(acme, survey)[-1]
    with locked(superuser, last):
        worker = processes.start("worker", "campaigns")
        eventually(lambda: number_of(acme, survey)[0] >= 50 and is_waiting(superuser))
        worker.kill()
        worker.wait()
    assert len(set(number_of(acme, survey))) == 1
    for _ in range(2):
        processes.start("worker", "campaigns")
    eventually(lambda: number_of(acme, survey)[0] == PEOPLE)
    assert number_of(acme, survey) == (PEOPLE,) * 4


def is_waiting(superuser: psycopg.Connection) -> bool:
    waits = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'goodword_app'"
    )
    found = superuser.execute(waits).fetchone()
    return found is not None and found[0] > 0
