"""What emails need of asks and their campaigns: handed down to outreach by `portal/programs.py`."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.asks.models import Ask, AskState
from portal.campaigns.models import Campaign, CampaignState
from portal.declarations.programs import PROGRAMS
from portal.id_arrays import is_one_of
from portal.outreach.governance.open_asks import OpenAsk

ITS_CAMPAIGN = and_(Campaign.subject_type == Ask.subject_type, Campaign.subject_id == Ask.subject_id)


def open_asks(session: Session, ask_ids: Collection[UUID]) -> dict[UUID, OpenAsk]:
    """Those of them that wait for an answer: their record is open, and their campaign was not stopped before."""
    is_paused = func.coalesce(Campaign.state == CampaignState.PAUSED, False)
    about = (Ask.subject_type, Ask.subject_id)
    waiting = select(Ask.id, Ask.link_version, Ask.kind, is_paused, *about).outerjoin(Campaign, ITS_CAMPAIGN)
    waiting = waiting.where(Ask.id == is_one_of(ask_ids), Ask.state == AskState.SENT, ~was_stopped_before())
    rows = session.execute(waiting).all()
    closed = _closed_records(session, (row[-2:] for row in rows))
    return {row[0]: OpenAsk(*row[1:4]) for row in rows if tuple(row[-2:]) not in closed}


def was_stopped_before() -> ColumnElement[bool]:
    """The campaign of an ask was stopped before its first email left."""
    never_left = or_(Ask.emailed_at.is_(None), Ask.emailed_at > Campaign.ended_at)
    return func.coalesce(and_(Campaign.state == CampaignState.STOPPED, never_left), False)


def _closed_records(session: Session, records: Iterable[Any]) -> set[tuple[str, UUID]]:
    by_table: defaultdict[str, set[UUID]] = defaultdict(set)
    for table, record_id in records:
        by_table[table].add(record_id)
    return {
        (table, record_id)
        for table, ids in by_table.items()
        if (program := PROGRAMS.find_by_subject(table)) and program.campaign
        for record_id in program.campaign.closed(session, ids)
    }
