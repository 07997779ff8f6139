"""Who unsubscribed and agrees again gets emails again, of what they agreed to and nothing else."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.advocates import joining_actions
from portal.advocates.models import Advocate, ConsentPurpose
from portal.advocates.profile import ContactDetails, JoinSubmission, Preferences
from portal.outreach.suppressions.models import Suppression
from tests.fixture_types import Jobs, Travel
from tests.outreach.recipients import (
    agree,
    email_to,
    invitation_to,
    reader,
    suppressions_of,
    unsubscribe_address,
)
from tests.world import World

pytestmark = pytest.mark.usefixtures("words")  # what they agreed to


def test_years_later_it_still_works_and_again_after_agreeing_anew(
    acme: World, ada: Advocate, mail_program: FlaskClient, run_jobs: Jobs, travel: Travel
) -> None:
    address = unsubscribe_address(email_to(acme, ada, "calls"))
    mail_program.post(address)
    travel(days=1000)
    agree(acme, ada, ConsentPurpose.CALLS)
    run_jobs()
    assert suppressions_of(acme, ada.email) == set(), "agreeing again ends it"
    travel(days=1000)
    assert mail_program.post(address).status_code == 200
    assert suppressions_of(acme, ada.email) == {("unsubscribed", "calls")}


def test_agreeing_to_news_does_not_bring_back_emails_about_calls(
    acme: World, ada: Advocate, mail_program: FlaskClient, run_jobs: Jobs
) -> None:
    mail_program.post(unsubscribe_address(email_to(acme, ada, "calls")))
    mail_program.post(unsubscribe_address(email_to(acme, ada, "news")))
    agree(acme, ada, ConsentPurpose.NEWS)
    run_jobs()
    assert suppressions_of(acme, ada.email) == {("unsubscribed", "calls")}


def test_a_press_after_agreeing_wins_even_if_the_workers_are_late(
    acme: World, mail_program: FlaskClient, run_jobs: Jobs
) -> None:
    ada = reader(acme, ConsentPurpose.CALLS)  # the message about it waits
    mail_program.post(unsubscribe_address(email_to(acme, ada, "calls")))
    run_jobs()
    assert suppressions_of(acme, ada.email) == {("unsubscribed", "calls")}


def test_who_joins_later_after_all_gets_emails_again(
    acme: World, bo: Advocate, mail_program: FlaskClient, run_jobs: Jobs
) -> None:
    mail_program.post(unsubscribe_address(invitation_to(acme, bo)))
    answers = JoinSubmission(
        contact=ContactDetails(name="Bo", email=bo.email, company="Customer"), preferences=Preferences()
    )
    with acme.session() as session:
        joining_actions.confirm_join(session, joining_actions.submit_join_request(session, answers))
    run_jobs()
    assert suppressions_of(acme, bo.email) == set()
    with acme.session() as session:
        [lifted] = session.scalars(select(Suppression)).all()
        assert lifted.lifted_at is not None
