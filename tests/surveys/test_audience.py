"""Who is asked and who is left out: each reason counts its people once, and no health or score ever does."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from portal.accounts.models import Health
from portal.advocates.models import AdvocateState
from portal.asks.policies import GUEST_ATTENTION_90
from portal.campaigns.audience import audience_counts, audience_people
from portal.gateways.mail import SendOutcome, SendResult
from portal.outreach.messages.claim import claim
from portal.outreach.messages.send_results import record_results
from portal.outreach.suppressions import actions
from portal.outreach.suppressions.models import Suppression, SuppressionReason
from portal.segments.audience import Audience, people_in
from portal.surveys import actions as surveys
from portal.surveys.audience import DAYS_BETWEEN
from portal.surveys.campaign import CAMPAIGN
from tenants.clock import utc_now
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox
from tests.surveys.surveys import ask_everybody, draft, launch, set_policy, switch_on, those_with
from tests.world import World

EVERYONE = Audience()


@pytest.fixture(autouse=True)
def _on(acme: World) -> None:
    switch_on(acme)


def counts(world: World, chosen: Audience = EVERYONE) -> dict[str, int]:
    with world.session() as session:
        return audience_counts(session, CAMPAIGN, [people_in(session, chosen)])


def people(world: World, reason: str = "", chosen: Audience = EVERYONE) -> set[str]:
    with world.session() as session:
        page = audience_people(session, CAMPAIGN, [people_in(session, chosen)], reason, None)
        return {person.email for person in page.rows}


def suppress(world: World, email: str, reason: SuppressionReason, purpose: str = "") -> None:
    with world.session() as session:
        actions.suppress(session, email, reason, purpose=purpose)


def test_everybody_is_counted_once_by_the_first_reason_and_the_number_opens_them(acme: World) -> None:
    free = acme.advocate()
    paused = acme.advocate(state=AdvocateState.PAUSED, paused_at=utc_now(), consents=[])
    silent = acme.advocate(consents=["calls"])
    told_us = acme.advocate()
    bounced = acme.advocate()
    suppress(acme, told_us.email, SuppressionReason.OPTED_OUT, "feedback")
    suppress(acme, bounced.email, SuppressionReason.BOUNCED)
    acme.advocate(state=AdvocateState.CANDIDATE, enrolled_at=None)
    acme.advocate(state=AdvocateState.DEPARTED, left_at=utc_now())
    expected = {
        "": free,
        "paused": paused,
        "consent": silent,
        "opted_out": told_us,
        "unreachable": bounced,
    }
    assert counts(acme) == dict.fromkeys(expected, 1)
    assert {reason: people(acme, reason) for reason in expected} == {
        reason: {person.email} for reason, person in expected.items()
    }


def test_an_address_is_found_however_it_is_written_and_after_it_was_erased(acme: World) -> None:
    acme.advocate(email="Ada@Müller.example")
    suppress(acme, "ada@xn--mller-kva.example", SuppressionReason.BOUNCED)
    assert counts(acme) == {"unreachable": 1}
    acme.advocate(email="bo@stellan.example")
    suppress(acme, "Bo@Stellan.example", SuppressionReason.ERASED)
    with acme.session() as session:
        session.execute(update(Suppression).values(address=None))
    assert counts(acme) == {"unreachable": 2}


def test_health_renewal_and_imported_scores_leave_nobody_out(acme: World) -> None:
    red = acme.account(health=Health.RED, renewal_on=date.today() + timedelta(days=3))  # noqa: DTZ011
    acme.advocate(account=red, nps=0)
    acme.advocate(nps=10)
    assert counts(acme) == {"": 2}


def test_conditions_choose_by_whatever_segments_know(acme: World) -> None:
    here = acme.advocate(
        account=acme.account("Corvid", region="EMEA", industry="Insurance"), products=["Vault"]
    )
    acme.advocate()
    chosen = {"person.products": "Vault", "account.region": "EMEA", "account.industry": "Insurance"}
    for attribute, value in (chosen | {"person.name": "corv"}).items():
        assert people(acme, chosen=those_with(attribute, value)) == {here.email}
    assert people(acme, chosen=those_with("person.name", here.email, "nobody")) == {here.email}


def test_whoever_was_asked_lately_waits_as_long_as_the_workspace_says(
    acme: World, run_jobs: Jobs, travel: Travel
) -> None:
    acme.advocate()
    launch(acme)
    run_jobs()
    travel(days=89)
    assert counts(acme) == {"lately": 1}
    set_policy(acme, DAYS_BETWEEN, 60)
    assert counts(acme) == {"": 1}
    set_policy(acme, DAYS_BETWEEN, 90)
    travel(days=1)
    assert counts(acme) == {"": 1}


def test_whoever_got_the_email_counts_though_the_survey_closed_the_same_day(
    acme: World, run_jobs: Jobs, mailbox: Mailbox, travel: Travel
) -> None:
    ada = acme.advocate()
    survey = launch(acme)
    run_jobs()
    with acme.session() as session:
        surveys.close(session, survey.id)
    run_jobs()
    assert mailbox.to(ada.email)
    assert counts(acme) == {"lately": 1}
    travel(days=90)
    assert counts(acme) == {"": 1}


def test_an_email_that_left_while_its_survey_closed_counts_too(
    acme: World, run_jobs: Jobs, travel: Travel
) -> None:
    acme.advocate()
    survey = launch(acme)
    ask_everybody(acme)
    with acme.session() as session:
        claimed = claim(session, "mail", lease=timedelta(minutes=1), limit=9, gateway="mailbox")
    assert len(claimed.emails) == 1
    with acme.session() as session:
        surveys.close(session, survey.id)
    run_jobs()
    with acme.session() as session:
        record_results(session, claimed, [SendResult(claimed.emails[0].id, SendOutcome.ACCEPTED)])
    run_jobs()
    assert counts(acme) == {"lately": 1}
    travel(days=90)
    assert counts(acme) == {"": 1}


def test_an_email_that_was_on_hold_when_its_survey_closed_reached_nobody(
    acme: World, run_jobs: Jobs, travel: Travel
) -> None:
    acme.advocate()
    acme.advocate()
    acme.set_outreach_policies(emails_per_day=1)
    survey = launch(acme)
    run_jobs()
    with acme.session() as session:
        surveys.close(session, survey.id)
    run_jobs()
    travel(days=2)
    run_jobs()
    assert counts(acme) == {"lately": 1, "": 1}


def test_whoever_had_enough_invitations_is_left_out_by_the_budget(acme: World) -> None:
    acme.advocate()
    set_policy(acme, GUEST_ATTENTION_90, 0)
    assert counts(acme) == {"budget": 1}


def test_a_draft_shows_its_own_people_before_anybody_is_asked(acme: World) -> None:
    acme.advocate()
    survey = draft(acme, audience=those_with("account.region", "APAC"))
    assert acme.reload(survey).is_for == those_with("account.region", "APAC")
    assert counts(acme, survey.is_for) == {}
