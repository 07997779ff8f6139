"""Campaigns as tests ask for them."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from jobs import campaigns
from portal.campaigns.models import Campaign, CampaignPerson, PersonState
from portal.surveys.models import Survey
from tests.world import World


def work(world: World, steps: int = 1000) -> int:
    """So many steps of the worker, or until nothing is due; how many there were."""
    return next((done for done in range(steps) if not campaigns.process_batch(world.tenant_id)), steps)


def campaign_of(world: World, record: Any) -> Campaign:
    with world.session() as session:
        return session.scalars(select(Campaign).where(Campaign.subject_id == record.id)).one()


def people_of(world: World, record: Any) -> list[CampaignPerson]:
    """In the order of the draw; whoever it left out has an order of their own behind it."""
    with world.session() as session:
        mine = select(Campaign.id).where(Campaign.subject_id == record.id)
        rows = select(CampaignPerson).where(CampaignPerson.campaign_id == mine.scalar_subquery())
        order = (CampaignPerson.left_out.is_not(None), CampaignPerson.position, CampaignPerson.id)
        return list(session.scalars(rows.order_by(*order)))


def asked(world: World, survey: Survey) -> set[UUID]:
    return {row.advocate_id for row in people_of(world, survey) if row.state is PersonState.ASKED}
