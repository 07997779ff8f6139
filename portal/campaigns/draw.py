"""Freezes an audience: who is in it, in which order and wave, and who is left out by which first reason.

The order is that of sha256(seed, person): the same seed draws the same people in the same order, whoever they are.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    LargeBinary,
    Text,
    case,
    cast,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session

from portal.asks import calendar_days
from portal.campaigns.audience import helped_company, judged
from portal.campaigns.models import Campaign, CampaignPerson, PersonState
from portal.declarations.campaigns import CampaignPart, Conditions
from portal.id_arrays import id_array
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC, tenant_of

PEOPLE = CampaignPerson.metadata.tables[CampaignPerson.__tablename__]
GIVEN = ("advocate_id", "left_out", "wave", "position")


def draw_everybody(
    session: Session, campaign: Campaign, part: CampaignPart, record: Any, people: Conditions
) -> None:
    """In one statement, however many there are."""
    chosen = judged(session, part, people, helped_company(record))
    is_in = chosen.c.reason.is_(None)
    place = func.row_number().over(partition_by=is_in, order_by=_order(campaign.seed, chosen.c.id))
    wave = 1 + (place - 1) * campaign.waves // func.count().over(partition_by=is_in)
    given = _given(chosen.c.id, chosen.c.reason, wave, place)
    _write(session, campaign, given, round_day(session, campaign))


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
    who = func.unnest(id_array(advocate_ids)).table_valued("id").render_derived("who")
    place = func.row_number().over(order_by=_order(campaign.seed, who.c.id))
    _write(session, campaign, _given(who.c.id, cast(literal(None), Text), literal(1), place), round_on)


def _given(advocate_id: Any, reason: Any, wave: Any, place: Any) -> FromClause:
    columns = (advocate_id, reason, cast(wave, Integer), cast(place, Integer))
    return select(*(each.label(name) for name, each in zip(GIVEN, columns, strict=True))).subquery("given")


def _order(seed: str, advocate_id: ColumnElement[Any]) -> ColumnElement[Any]:
    said = func.convert_to(literal(seed) + cast(advocate_id, Text), "UTF8", type_=LargeBinary)
    return func.sha256(said)


def _write(session: Session, campaign: Campaign, given: FromClause, round_on: date) -> None:
    queued, out = literal(PersonState.QUEUED.value), literal(PersonState.LEFT_OUT.value)
    alike = {
        "tenant_id": tenant_of(session),
        "created_at": utc_now(),
        "campaign_id": campaign.id,
        "round_on": round_on,
    }
    shared = (literal(value, PEOPLE.columns[name].type) for name, value in alike.items())
    state = case((given.c.left_out.is_(None), queued), else_=out)
    rows = select(*given.c, func.gen_random_uuid(), state, *shared)
    new = insert(PEOPLE).from_select([*GIVEN, "id", "state", *alike], rows, include_defaults=False)
    session.execute(new)
