"""Two surveys in half a year, the second one still open; and one that is only a draft."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.asks import queries as ledger
from portal.demo.people import MANAGER, NAME, member
from portal.demo.simulation import Simulation, office_hour
from portal.surveys import actions, queries
from portal.surveys.actions import SurveyDraft
from portal.surveys.emails import SURVEY
from portal.surveys.models import RecipientState, SurveyKind, SurveyRecipient
from portal.surveys.scores import Group

DAYS_AGO = (102, 9)  # of the two surveys: more than 90 days lie between them, and the second is open for 14
SCORES = [10] * 7 + [9] * 7 + [8] * 5 + [7] * 3 + [6] * 2 + [5, 4, 3]
ANSWERING, WRITING = 0.68, 0.75  # how many answer, and how many of them say why
WHYS = {
    Group.PROMOTERS: (
        "We close on day three now. It was nine before.",
        "The month-end close takes half the time.",
        "Support answers the same day, and they know accounting.",
        "New people are useful in a week.",
        "Great support during the migration.",
        "The close is boring now, which is the best thing I can say.",
        "Imports from our bank just work.",
    ),
    Group.PASSIVES: (
        "Good product, but the price went up again.",
        "Reports are fine, the imports need care.",
        "Support is friendly but slow at quarter end.",
    ),
    Group.DETRACTORS: (
        "Support took four days while we were closing.",
        "The import breaks every quarter.",
        "The price went up, the value did not.",
    ),
}


def plan(story: Simulation, began: datetime, ends: datetime) -> None:
    for days, title in zip(DAYS_AGO, ("NPS, first round", "NPS, this quarter"), strict=True):
        when = office_hour(ends - timedelta(days=days))
        if when > began:  # a short history has the second one alone
            story.at(when, partial(launch, story, title))
    story.at(ends - timedelta(days=2), draft_choice)


def launch(story: Simulation, title: str, session: Session) -> None:
    survey = actions.save_draft(
        session,
        SurveyDraft(
            title=title,
            kind=SurveyKind.SCORE,
            question=f"How likely are you to recommend {NAME} to another finance team?",
            choices=[],
            audience={},
            is_rolling=False,
            answer_days=14,
        ),
    )
    actions.launch(session, survey.id, by=member(session, MANAGER))
    story.later(lambda s: answer_later(story, s, survey.id), days=2)


def draft_choice(session: Session) -> None:
    actions.save_draft(
        session,
        SurveyDraft(
            title="What to build next",
            kind=SurveyKind.CHOICE,
            question="Which of these would help your team most next year?",
            choices=["Faster bank imports", "Approvals on the phone", "Better reports", "Something else"],
            audience={"region": "EMEA"},
            is_rolling=False,
            answer_days=14,
        ),
    )


def answer_later(story: Simulation, session: Session, survey_id: UUID) -> None:
    """Two of three answer within some days; the others stay silent."""
    asked = (SurveyRecipient.survey_id == survey_id, SurveyRecipient.state == RecipientState.ASKED)
    ask_ids = select(SurveyRecipient.ask_id).where(*asked).order_by(SurveyRecipient.id)
    for ask_id in session.scalars(ask_ids).all():
        if ask_id and story.random.random() < ANSWERING:
            hours = story.random.choice([1, 2, 5, 20, 30, 50, 90])
            story.after_email(SURVEY, ask_id, partial(answer, story, ask_id), hours=hours)


def answer(story: Simulation, ask_id: UUID, session: Session) -> None:
    queries.lock_of_ask(session, ask_id)
    asked = ledger.get_and_lock_ask(session, ask_id)
    score = story.random.choice(SCORES)
    why = story.random.choice(WHYS[Group.of(score)]) if story.random.random() < WRITING else None
    actions.answer(session, asked, given=score, why=why, may_quote=score > 8 and story.random.random() < 0.5)
    if Group.of(score) is Group.DETRACTORS and story.random.random() < 0.5:
        recipient_id = queries.of_ask(session, asked).id
        story.later(lambda s: call_back(s, recipient_id), days=story.random.randint(1, 6))


def call_back(session: Session, recipient_id: UUID) -> None:
    found = session.scalars(select(SurveyRecipient).where(SurveyRecipient.id == recipient_id)).one()
    note = "Talked for ten minutes. We fix it with the next release."
    actions.mark_followed_up(session, found, note, by=member(session, MANAGER))
