"""What a worker could not do for a campaign: a list that fails waits longer each time, and whoever cannot be asked is
left out only when others can. Where asking fails for one after the other, nobody is left out: it pauses itself.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.campaigns import queries
from portal.campaigns.actions import leave_out, make_move
from portal.campaigns.models import (
    MOST_FAILURES,
    Campaign,
    CampaignMove,
    CampaignPerson,
    CampaignState,
    LeftOut,
)
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC

LONGEST_WAIT = 60  # minutes


def note_failure(session: Session, campaign_id: UUID, people: int) -> None:
    """Of so many people in one batch; a batch of several is tried person by person from here on."""
    campaign = queries.lock_campaign(session, campaign_id)
    if campaign.state is CampaignState.REQUESTED:
        campaign.failures += 1
        campaign.next_at = utc_now() + timedelta(minutes=min(2**campaign.failures, LONGEST_WAIT))
    elif campaign.state is CampaignState.RUNNING and people > 1:
        campaign.failures = max(campaign.failures, 1)
    elif campaign.state is CampaignState.RUNNING:
        _of_one(session, campaign)


def _of_one(session: Session, campaign: Campaign) -> None:
    do_others_succeed = campaign.failures == 0
    campaign.failures += 1
    if campaign.failures > MOST_FAILURES:
        make_move(session, campaign, CampaignMove.PAUSE)
        return
    first = queries.next_people(session, campaign.id, 1)
    if do_others_succeed:
        leave_out(session, [one.id for one in first], LeftOut.REFUSED)
    elif first:
        _put_last(session, campaign, first[0].wave, first[0].id)


def _put_last(session: Session, campaign: Campaign, wave: int, person_id: UUID) -> None:
    wave_of_it = (CampaignPerson.campaign_id == campaign.id, CampaignPerson.wave == wave)
    last = select(func.max(CampaignPerson.position) + 1).where(*wave_of_it).scalar_subquery()
    moved = update(CampaignPerson).where(CampaignPerson.id == person_id).values(position=last)
    session.execute(moved, execution_options=WITHOUT_SYNC)
