"""Surveys, declared: what every other feature asks of them (portal/declarations/programs.py)."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.advocates.ask_kinds import AskKind
from portal.declarations.asks import AskFollowUps, nothing_follows
from portal.declarations.pages import MenuEntry, RecordLink
from portal.declarations.programs import Program
from portal.declarations.schedules import DueWork
from portal.i18n import mark
from portal.surveys import (
    actions,
    answer_part,
    draft_views,
    emails,
    export,
    follow_up,
    labels,
    lists,
    metrics,
    queries,
    segment_use,
)
from portal.surveys.campaign import CAMPAIGN
from portal.surveys.models import Survey, SurveyClosed
from tenants.queries import tenants_with_due

HOUR = timedelta(hours=1)


def workspaces_with_running_surveys(session: Session) -> Sequence[UUID]:
    return tenants_with_due(session, "surveys")


def survey_link(session: Session, survey_id: UUID) -> RecordLink:
    return RecordLink(mark("The survey"), "surveys.show", {"survey_id": survey_id})


PROGRAM = Program(
    name="surveys",
    label=mark("Surveys"),
    description=mark("One question to many customers, answered by one tap: NPS, or a choice."),
    subject=Survey,
    ask_kinds=(AskKind.SURVEY,),
    answer=answer_part.ANSWER_PART,
    follow_ups=AskFollowUps(
        accepted=nothing_follows,
        declined=nothing_follows,  # until the last day they may still answer
        expired=nothing_follows,
        completed=nothing_follows,  # the answer was written down in the same transaction
        not_held=nothing_follows,
        withdrawn=nothing_follows,
    ),
    summaries=answer_part.summaries,
    timeline_texts=answer_part.timeline_texts,
    timeline_detail=queries.ANSWER_OF_ASK,
    impact=answer_part.IMPACT_PART,
    home=follow_up.HOME_PART,
    campaign=CAMPAIGN,
    email_subjects={Survey.__tablename__: survey_link},
    email_kinds=emails.KINDS,
    link_phrases=(emails.ONE_QUESTION,),
    withdrawal_reasons=(labels.CLOSED_UNANSWERED,),
    menu=(
        MenuEntry(
            key="surveys", icon="chart-dots", label=mark("Surveys"), endpoint="surveys.index", position=70
        ),
    ),
    metrics=metrics.METRICS,
    lists=lists.LISTS,
    export_sources=(export.SURVEY_ANSWERS,),
    blueprints=(draft_views.bp,),
    segment_users=(segment_use.SURVEYS,),
    due_work=(
        DueWork(
            name="draw",
            every=HOUR,
            due_ids=queries.running_samples,
            act=actions.draw_week,
            workspaces=workspaces_with_running_surveys,
        ),
        DueWork(
            name="finish",
            every=HOUR,
            due_ids=queries.finished_surveys,
            act=actions.close_finished,
            workspaces=workspaces_with_running_surveys,
        ),
    ),
    handlers={SurveyClosed: actions.withdraw_open_asks},
    policy_groups={"surveys": mark("Surveys")},
)
