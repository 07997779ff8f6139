"""A survey of a filled workspace: open, asked of one person, who is unhappy and says why."""

from datetime import timedelta

from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskKind, AskState
from portal.campaigns.models import Campaign, CampaignPerson, CampaignState
from portal.surveys.models import RecipientState, Survey, SurveyKind, SurveyRecipient, SurveyState
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.models import Membership
from tests.rules.filled_people import new


def surveyed(mark: str, ada: Advocate, manager: Membership) -> list[TenantOwned]:
    now = utc_now()
    survey = new(
        Survey,
        title=mark,
        kind=SurveyKind.SCORE,
        question=f"Would you recommend {mark}?",
        answer_days=14,
        state=SurveyState.RUNNING,
        launched_at=now,
        launched_by_id=manager.id,
    )
    ask = new(
        Ask,
        kind=AskKind.SURVEY,
        advocate_id=ada.id,
        account_id=ada.account_id,
        subject_type=Survey.__tablename__,
        subject_id=survey.id,
        minutes=0,
        due_on=now.date() + timedelta(days=9),
        state=AskState.COMPLETED,
        sent_at=now,
        answered_at=now,
        completed_at=now,
    )
    recipient = new(
        SurveyRecipient,
        survey_id=survey.id,
        advocate_id=ada.id,
        wave=now.date(),
        state=RecipientState.ANSWERED,
        ask_id=ask.id,
        asked_at=now,
        answered_at=now,
        changed_at=now,
        score=3,
        why=mark,
    )
    campaign = new(
        Campaign,
        subject_type=Survey.__tablename__,
        subject_id=survey.id,
        state=CampaignState.WAITING,
        seed=mark,
        starts_at=now,
        requested_by_id=manager.id,
        approval_asked_at=now,
    )
    waiting = new(
        CampaignPerson, campaign_id=campaign.id, advocate_id=ada.id, round_on=now.date(), position=1
    )
    return [survey, ask, recipient, campaign, waiting]
