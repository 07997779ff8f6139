"""The emails of a campaign that have not left: they keep it under way, wait while it is paused, and never leave once it
is stopped.
"""

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from portal.asks.models import Ask, AskState
from portal.asks.withdraw_many import withdraw_many
from portal.campaigns import queries
from portal.campaigns.labels import STOPPED_UNSENT
from portal.campaigns.models import Campaign, CampaignStopped
from portal.outbox import publish
from portal.outreach.ask_emails import is_asking_email
from portal.outreach.models import Email, EmailState
from portal.outreach.recheck import recheck_held
from portal.outreach.status_codes import StatusCode

BATCH = 500  # asks that are withdrawn in one transaction


def do_emails_wait(session: Session, campaign: Campaign) -> bool:
    on_their_way = Email.state.in_((EmailState.QUEUED, EmailState.SENDING))
    may_leave = or_(on_their_way, and_(Email.state == EmailState.HELD, Email.due_at.is_not(None)))
    waiting = select(Ask.id).where(*_asks_of(campaign), _has_email(may_leave))
    return session.scalar(waiting.limit(1)) is not None


def free_emails(session: Session, campaign: Campaign) -> None:
    """Those that were held while it was paused are looked at anew."""
    asks = select(Ask.id).where(*_asks_of(campaign))
    its = (Email.subject_type == Ask.__tablename__, Email.subject_id.in_(asks))
    recheck_held(session, Email.status_code == StatusCode.CAMPAIGN_PAUSED, *its)


def withdraw_unsent(session: Session, message: CampaignStopped) -> None:
    """A batch of its asks; the next message takes the rest. Until then the claim holds their emails."""
    campaign = queries.get(session, message.campaign_id)
    has_left = or_(Email.sent_at.is_not(None), Email.state.in_((EmailState.SENDING, EmailState.UNKNOWN)))
    unsent = select(Ask.id).where(*_asks_of(campaign), ~_has_email(has_left)).order_by(Ask.id).limit(BATCH)
    if ask_ids := session.scalars(unsent).all():
        withdraw_many(session, ask_ids, STOPPED_UNSENT)
        publish(session, message)


def _asks_of(campaign: Campaign) -> tuple[ColumnElement[bool], ...]:
    record = (Ask.subject_type == campaign.subject_type, Ask.subject_id == campaign.subject_id)
    return (*record, Ask.state == AskState.SENT)


def _has_email(which: ColumnElement[bool]) -> ColumnElement[bool]:
    about = (Email.subject_type == Ask.__tablename__, Email.subject_id == Ask.id)
    return exists().where(*about, is_asking_email(), which)
