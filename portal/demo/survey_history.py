"""NPS all year, a few people every week, and a question with four answers that is only a draft."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.asks import queries as ledger
from portal.asks.models import AskState
from portal.demo.people import MANAGER, NAME, OWNERS, member
from portal.demo.simulation import Simulation, office_hour
from portal.segments.audience import Audience
from portal.surveys import actions, queries
from portal.surveys.actions import SurveyDraft
from portal.surveys.emails import SURVEY
from portal.surveys.models import RecipientState, SurveyKind, SurveyRecipient
from portal.surveys.scores import Group
from tenants.clock import utc_now

WEEK = timedelta(days=7)
DRAFT_DAYS_AGO = 2
SCORES = [10] * 7 + [9] * 7 + [8] * 5 + [7] * 3 + [6] * 2 + [5, 4, 3]
UNHAPPY = [10, 9, 9, 8, 7, 5, 4]  # of the companies of the owner whom a visitor may sign in as
ANSWERING, WRITING = 0.72, 0.75  # how many answer, and how many of them say why
ALL_YEAR = SurveyDraft(
    title="NPS, all year",
    kind=SurveyKind.SCORE,
    question=f"How likely are you to recommend {NAME} to another finance team?",
    choices=[],
    audience=Audience(),
    is_rolling=True,
    answer_days=14,
)
NEXT_YEAR = SurveyDraft(
    title="What to build next",
    kind=SurveyKind.CHOICE,
    question="Which of these would help your team most next year?",
    choices=["Faster bank imports", "Approvals on the phone", "Better reports", "Something else"],
    audience=Audience(),
    is_rolling=False,
    answer_days=14,
)
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
    story.at(office_hour(began + WEEK), launch)
    for week in range(2, (ends - began) // WEEK + 1):
        story.at(office_hour(began + week * WEEK), partial(answer_later, story))
    story.at(
        office_hour(ends - timedelta(days=DRAFT_DAYS_AGO)),
        lambda session: actions.save_draft(session, NEXT_YEAR),
    )


def launch(session: Session) -> None:
    survey = actions.save_draft(session, ALL_YEAR)
    actions.launch(session, survey.id, by=member(session, MANAGER))


def answer_later(story: Simulation, session: Session) -> None:
    """Most of those who were asked this week answer within some days; the others stay silent."""
    this_week = (SurveyRecipient.state == RecipientState.ASKED, SurveyRecipient.asked_at > utc_now() - WEEK)
    ask_ids = select(SurveyRecipient.ask_id).where(*this_week).order_by(SurveyRecipient.id)
    for ask_id in session.scalars(ask_ids).all():
        if story.random.random() < ANSWERING:
            hours = story.random.choice([1, 2, 5, 20, 30, 50, 90])
            story.after_email(SURVEY, ask_id, partial(answer, story, ask_id), hours=hours)


def answer(story: Simulation, ask_id: UUID, session: Session) -> None:
    queries.lock_of_ask(session, ask_id)
    asked = ledger.get_and_lock_ask(session, ask_id)
    if asked.state is not AskState.SENT:  # taken back meanwhile
        return
    owner_id = session.scalar(select(Account.owner_id).where(Account.id == asked.account_id))
    is_shown = owner_id == member(session, OWNERS[0]).id
    score = story.random.choice(UNHAPPY if is_shown else SCORES)
    why = story.random.choice(WHYS[Group.of(score)]) if story.random.random() < WRITING else None
    actions.answer(session, asked, given=score, why=why, may_quote=score > 8 and story.random.random() < 0.5)
    if Group.of(score) is Group.DETRACTORS and not is_shown and story.random.random() < 0.5:
        recipient_id = queries.of_ask(session, asked).id
        story.later(lambda s: call_back(s, recipient_id), days=story.random.randint(1, 6))


def call_back(session: Session, recipient_id: UUID) -> None:
    found = session.scalars(select(SurveyRecipient).where(SurveyRecipient.id == recipient_id)).one()
    note = "Talked for ten minutes. We fix it with the next release."
    actions.mark_followed_up(session, found, note, by=member(session, MANAGER))
