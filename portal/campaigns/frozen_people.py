"""Who is in a campaign, and in which order and wave: written down from a frozen draw (portal/segments/draws.py)."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Subquery, case, func, insert, literal, null, select, update
from sqlalchemy.orm import Session

from portal.asks import calendar_days
from portal.campaigns.audience import helped_company, judged
from portal.campaigns.models import Campaign, CampaignPerson, PersonState
from portal.declarations.campaigns import CampaignPart
from portal.segments.audience import Audience
from portal.segments.draws import draw
from portal.segments.models import SegmentDraw, SegmentDrawPerson
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC, tenant_of

PEOPLE = CampaignPerson.metadata.tables[CampaignPerson.__tablename__]
DRAWN = ("advocate_id", "position", "wave", "state", "left_out", "id")
P = SegmentDrawPerson


def draw_everybody(session: Session, campaign: Campaign, part: CampaignPart, record: Any) -> SegmentDraw:
    """However many there are; those whom the campaign may not ask are written down with the reason."""

    def judge(fits: ColumnElement[bool]) -> Subquery:
        return judged(session, part, [fits], helped_company(record))

    audience = part.audience(session, record)
    drawn = draw(session, audience, seed=campaign.seed, judge=judge, by=campaign.requested_by)
    _write(session, campaign, drawn, campaign.waves, round_day(session, campaign))
    return drawn


def begin_round(session: Session, campaign: Campaign) -> None:
    """Of everybody in it: the round begins on the day it starts, which approval may have put off."""
    day = round_day(session, campaign)
    theirs = (CampaignPerson.campaign_id == campaign.id, CampaignPerson.round_on != day)
    moved = update(CampaignPerson).where(*theirs).values(round_on=day)
    session.execute(moved, execution_options=WITHOUT_SYNC)


def round_day(session: Session, campaign: Campaign) -> date:
    return calendar_days.day_of(campaign.starts_at, calendar_days.workspace_zone(session))


def add_people(session: Session, campaign: Campaign, advocate_ids: Sequence[UUID], round_on: date) -> None:
    """To a campaign that is open-ended; none of them is in that round yet."""
    drawn = draw(session, Audience.of_people(advocate_ids), seed=campaign.seed)
    _write(session, campaign, drawn, 1, round_on)


def _write(session: Session, campaign: Campaign, drawn: SegmentDraw, waves: int, round_on: date) -> None:
    alike = {
        "tenant_id": tenant_of(session),
        "created_at": utc_now(),
        "campaign_id": campaign.id,
        "round_on": round_on,
    }
    shared = (literal(value, PEOPLE.columns[name].type) for name, value in alike.items())
    rows = select(*_of_draw(drawn, waves), *shared).where(P.draw_id == drawn.id)
    new = insert(PEOPLE).from_select([*DRAWN, *alike], rows, include_defaults=False)
    session.execute(new)


def _of_draw(drawn: SegmentDraw, waves: int) -> list[Any]:
    """Whoever is left out is in no wave, and comes after those who are in one."""
    is_in = P.place.is_not(None)
    after = drawn.drawn + func.row_number().over(partition_by=is_in, order_by=P.advocate_id)
    place = func.coalesce(P.place, after)
    wave = case((is_in, 1 + (P.place - 1) * waves // max(drawn.drawn, 1)), else_=1)
    state = case((is_in, literal(PersonState.QUEUED.value)), else_=literal(PersonState.LEFT_OUT.value))
    reason = case((is_in, null()), else_=P.left_out)
    return [P.advocate_id, place.cast(Integer), wave.cast(Integer), state, reason, func.gen_random_uuid()]
