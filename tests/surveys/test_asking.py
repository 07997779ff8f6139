"""From the launch to the last day: asked once each, through the ledger, however often a job is delivered."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from jobs.campaigns import due
from portal.asks import actions as asks
from portal.asks import budgets, calendar_days
from portal.asks.models import Ask, AskKind, AskState
from portal.campaigns import queries as campaigns
from portal.campaigns.actions import stop
from portal.campaigns.models import LeftOut, PersonState
from portal.declarations.program_switches import ProgramIsOff
from portal.errors import Conflict, DomainError
from portal.outreach.models import Email
from portal.segments.audience import Audience
from portal.surveys import actions, queries
from portal.surveys.labels import CLOSED_UNANSWERED
from portal.surveys.models import RecipientState, Survey, SurveyKind, SurveyState
from portal.surveys.program import PROGRAM, workspaces_with_running_surveys
from tenants.database import system_session
from tenants.models import Role
from tests.asks.test_concurrency import at_once
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox
from tests.surveys.surveys import (
    QUESTION,
    ask_everybody,
    ask_of,
    draft,
    freeze,
    launch,
    people,
    recipient,
    recipients,
    switch_on,
    tap,
)
from tests.world import World


@pytest.fixture(autouse=True)
def _on(acme: World) -> None:
    switch_on(acme)


def surveys_sent(world: World) -> int:
    with world.session() as session:
        return session.scalar(select(func.count()).select_from(Ask).where(Ask.kind == AskKind.SURVEY)) or 0


def test_everybody_who_may_be_asked_gets_one_email_and_one_ask_though_every_job_runs_twice(
    acme: World, run_jobs: Jobs, mailbox: Mailbox
) -> None:
    ada, silent = acme.advocate(), acme.advocate(consents=["calls"])
    survey = launch(acme)
    run_jobs()
    run_jobs()
    ask = ask_of(acme, survey, ada)
    assert (ask.state, ask.kind, ask.attention_minutes, ask.minutes) == (AskState.SENT, AskKind.SURVEY, 1, 0)
    assert recipient(acme, survey, ada).ask_id == ask.id
    assert people(acme, survey)[silent.id].left_out is LeftOut.CONSENT
    with acme.session() as session:
        sent = session.scalars(select(Email).where(Email.kind == "survey")).all()
    assert [(email.occasion, email.purpose) for email in sent] == [(f"ask:{ask.id}:sent", "feedback")]


def test_the_email_asks_the_question_says_that_the_answer_carries_the_name_and_how_to_stop(
    acme: World, run_jobs: Jobs, mailbox: Mailbox
) -> None:
    ada = acme.advocate()
    launch(acme)
    run_jobs()
    email = mailbox.to(ada.email)[-1]
    assert QUESTION in email.subject
    assert "Your answer carries your name" in email.text


def test_of_two_surveys_at_the_same_moment_one_asks_and_the_other_leaves_out(acme: World) -> None:
    ada = acme.advocate()
    both = [launch(acme, title=title) for title in ("One", "Two")]

    def ask() -> None:
        ask_everybody(acme)

    assert at_once([ask, ask]) == {"done": 2}
    states = {people(acme, survey)[ada.id].state for survey in both}
    assert states == {PersonState.ASKED, PersonState.LEFT_OUT}
    assert surveys_sent(acme) == 1


def test_no_number_of_surveys_ever_blocks_a_call_or_starts_a_rest(
    acme: World, run_jobs: Jobs, travel: Travel, client: Client
) -> None:
    ada = acme.advocate()
    for turn in range(3):
        survey = launch(acme, title=f"Survey {turn}")
        run_jobs()
        tap(client, ask_of(acme, survey, ada), 9)
        with acme.session() as session:
            today = calendar_days.today(session)
            assert budgets.available_from(session, ada) == today
        travel(days=91)
    request = acme.request(needed_by=(calendar_today(acme) + timedelta(days=14)))
    with acme.session() as session:
        asks.send(
            session,
            asks.propose(session, AskKind.CALL, ada, request, request.needed_by),
            acme.member(Role.MANAGER),
        )


def calendar_today(world: World) -> date:
    with world.session() as session:
        return calendar_days.today(session)


def test_a_survey_is_no_act_of_advocacy(acme: World, run_jobs: Jobs, client: Client) -> None:
    ada = acme.advocate()
    survey = launch(acme)
    run_jobs()
    tap(client, ask_of(acme, survey, ada), 10)
    run_jobs()
    person = acme.reload(ada)
    assert (person.last_act_at, person.activated_at) == (None, None)
    assert ask_of(acme, survey, ada).state is AskState.COMPLETED


def test_nobody_to_ask_launches_nothing_and_a_draft_launches_once(acme: World) -> None:
    survey = draft(acme)
    with pytest.raises(DomainError, match="Nobody can be asked"):
        launch(acme, survey)
    assert acme.reload(survey).state is SurveyState.DRAFT
    acme.advocate()
    launch(acme, survey)
    with pytest.raises(Conflict):
        launch(acme, survey)


def test_switched_off_nothing_is_launched_and_nobody_is_asked_until_it_is_on_again(
    acme: World, run_jobs: Jobs
) -> None:
    ada = acme.advocate()
    survey = launch(acme)
    switch_on(acme, on=False)
    with pytest.raises(ProgramIsOff, match="Surveys"):
        launch(acme, title="Another")
    run_jobs()
    assert not recipients(acme, survey)
    switch_on(acme)
    run_jobs()
    assert recipient(acme, survey, ada).state is RecipientState.ASKED


def test_closing_withdraws_what_is_open_and_leaves_the_rest_unasked(acme: World, run_jobs: Jobs) -> None:
    ada = acme.advocate()
    survey = launch(acme)
    run_jobs()
    late = acme.advocate()
    other = launch(acme, title="Closed at once")
    for one in (survey, other):
        with acme.session() as session:
            actions.close(session, one.id)
    run_jobs()
    taken_back = ask_of(acme, survey, ada)
    assert (taken_back.state, taken_back.withdrawal_reason) == (AskState.WITHDRAWN, CLOSED_UNANSWERED.name)
    assert late.id not in recipients(acme, other)
    assert surveys_sent(acme) == 1


def test_one_that_runs_all_year_and_was_stopped_closes_by_itself(acme: World) -> None:
    survey, running = launch(acme, is_rolling=True), launch(acme, is_rolling=True, title="Goes on")
    ask_everybody(acme)
    with acme.session() as session:
        campaign = campaigns.lock_of_subject(session, Survey.__tablename__, survey.id)
        assert campaign is not None
        stop(session, campaign.id, by=acme.member(Role.MANAGER))
    with acme.session() as session:
        for each in queries.finished_surveys(session):
            actions.close_finished(session, each)
    assert [acme.reload(one).state for one in (survey, running)] == [SurveyState.CLOSED, SurveyState.RUNNING]


def test_a_survey_asked_once_closes_by_itself_after_everybodys_last_day(
    acme: World, run_jobs: Jobs, travel: Travel
) -> None:
    acme.advocate()
    survey = launch(acme, answer_days=3)
    run_jobs()
    travel(days=3)
    run_jobs()
    assert acme.reload(survey).state is SurveyState.RUNNING
    travel(days=3)
    run_jobs()
    run_jobs()
    assert acme.reload(survey).state is SurveyState.CLOSED


def test_what_changes_between_the_list_and_the_turn_leaves_the_person_out(
    acme: World, run_jobs: Jobs
) -> None:
    ada = acme.advocate()
    survey = launch(acme)
    freeze(acme)
    with acme.session() as session:
        session.get_one(type(ada), (ada.tenant_id, ada.id)).consents = ["calls"]
    run_jobs()
    row = people(acme, survey)[ada.id]
    assert (row.state, row.left_out) == (PersonState.LEFT_OUT, LeftOut.CONSENT)
    assert surveys_sent(acme) == 0


def test_a_running_survey_keeps_its_question(acme: World) -> None:
    acme.advocate()
    survey = launch(acme)
    other = actions.SurveyDraft(
        title="Other",
        kind=SurveyKind.SCORE,
        question="Another one?",
        choices=[],
        audience=Audience(),
        is_rolling=False,
        answer_days=14,
    )
    with acme.session() as session:
        locked = queries.lock_survey(session, survey.id)
        with pytest.raises(Conflict, match="stays as people see it"):
            actions.save_draft(session, other, locked)
        with pytest.raises(Conflict, match="close it instead"):
            actions.discard_draft(session, survey.id)


def test_the_clock_visits_only_workspaces_where_a_survey_runs_or_people_are_to_be_asked(
    acme: World, globex: World
) -> None:
    acme.advocate()
    switch_on(globex)
    draft(globex)
    launch(acme)
    assert (acme.tenant_id in due(), globex.tenant_id in due()) == (True, False)
    with system_session(read_only=True) as session:
        running = workspaces_with_running_surveys(session)
    assert (acme.tenant_id in running, globex.tenant_id in running) == (True, False)
    assert {work.workspaces for work in PROGRAM.due_work} == {workspaces_with_running_surveys}
