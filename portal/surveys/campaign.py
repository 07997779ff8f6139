"""How a survey is asked of many (portal/declarations/campaigns.py): whom, until when, and what is written of them."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal.advocates.asked_person import AskedPerson
from portal.asks import calendar_days
from portal.asks.ask_many import ProposedAsk
from portal.asks.models import Ask, AskKind
from portal.declarations.attributes import Origin
from portal.declarations.campaigns import CampaignPart, CampaignRound
from portal.declarations.origins import NOBODY_KNOWS
from portal.i18n import mark
from portal.insert_rows import insert_rows
from portal.lifecycle import move
from portal.segments.audience import Audience
from portal.surveys import audience, emails, queries
from portal.surveys.lifecycles import RECIPIENT_LIFECYCLE
from portal.surveys.models import Survey, SurveyMove, SurveyRecipient
from tenants.clock import utc_now
from tenants.database import tenant_of

RECIPIENTS = SurveyRecipient.metadata.tables[SurveyRecipient.__tablename__]


def is_for(session: Session, survey: Survey) -> Audience:
    return survey.is_for


def origin(session: Session, survey: Survey) -> Origin:
    """A survey asks whomever it likes: its opinions are no reviews."""
    return NOBODY_KNOWS


def due_on(session: Session, survey: Survey) -> Callable[[AskedPerson], date]:
    """So many days from today, where the person is."""
    days = timedelta(days=survey.answer_days)
    return lambda advocate: calendar_days.today_of(session, advocate) + days


def write(session: Session, asked: CampaignRound, asks: Sequence[ProposedAsk]) -> None:
    """Recipients, and the email to each."""
    survey, now = asked.record, utc_now()
    alike = {
        "tenant_id": tenant_of(session),
        "survey_id": survey.id,
        "wave": asked.began_on,
        "state": RECIPIENT_LIFECYCLE.initial,
        "asked_at": now,
        "created_at": now,
        "why": "",
        "may_quote": False,
        "follow_up_note": "",
    }
    rows = [{"id": uuid7(), "advocate_id": one.advocate.id, "ask_id": one.id} for one in asks]
    session.execute(insert_rows(RECIPIENTS, rows, alike))
    emails.send_surveys(session, survey, asks, asked.by)


def follow_up(session: Session, asks: Sequence[Ask]) -> None:
    emails.start_reminders(session, queries.get(session, asks[0].subject_id), asks)


def declined(session: Session, survey: Survey) -> None:
    """It is a draft again."""
    move(session, survey, SurveyMove.RETURN)
    session.flush()


CAMPAIGN = CampaignPart(
    kind=AskKind.SURVEY.value,
    record=queries.get,
    lock=queries.lock_survey,
    audience=is_for,
    audience_origin=origin,
    asked_lately=audience.was_asked_lately,
    lately=mark("Had a survey lately"),
    due_on=due_on,
    write=write,
    follow_up=follow_up,
    declined=declined,
    closed=queries.closed_surveys,
    name=Survey.title,
)
