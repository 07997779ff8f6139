"""What people do with a campaign: start, approve, decline, pause, go on, stop. Workers do the rest (batches.py)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history
from portal.campaigns import approval, frozen_people, queries, unsent
from portal.campaigns.audience import check_reviewable
from portal.campaigns.lifecycles import ACTIONS
from portal.campaigns.models import (
    Campaign,
    CampaignMove,
    CampaignPerson,
    CampaignState,
    CampaignStopped,
    Halt,
    LeftOut,
    PersonMove,
)
from portal.declarations import program_switches
from portal.declarations.campaigns import CampaignPart
from portal.declarations.programs import PROGRAMS
from portal.errors import Conflict
from portal.gateways.queue import WorkQueue
from portal.id_arrays import is_one_of
from portal.lifecycle import NO_COLUMNS, Columns, move, move_many
from portal.outbox import publish
from portal.segments.audience import fingerprint_of
from portal.segments.review_rule import NotForReviews
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.database import wake_after_commit
from tenants.models import Membership


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When it begins, in how many waves so many days apart, and who is asked to approve it where that is needed."""

    starts_at: datetime | None = None  # None: now
    waves: int = 1
    days_between: int = 1
    approver_id: UUID | None = None
    seen: str = ""  # fingerprint of the audience in the preview; blank: as it is now


NOW = Schedule()


def start(
    session: Session,
    subject: TenantOwned,
    schedule: Schedule = NOW,
    *,
    by: Membership,
    is_open_ended: bool = False,
) -> Campaign:
    """Ask a worker to freeze the audience; nobody is asked before that. Once for a record, unless declined."""
    program_switches.require_on(session, subject.__tablename__)
    seen = schedule.seen
    if part := PROGRAMS.of_subject(subject.__tablename__).campaign:
        check_reviewable(session, part, subject)
        seen = seen or fingerprint_of(session, part.audience(session, subject))
    forget_declined(session, subject)
    campaign = _begun(subject, schedule, by, seen)
    campaign.is_open_ended = is_open_ended
    session.add(campaign)
    session.flush()
    wake_after_commit(session, WorkQueue.CAMPAIGNS.value)
    return campaign


def _begun(subject: TenantOwned, schedule: Schedule, by: Membership, seen: str) -> Campaign:
    now = utc_now()
    return Campaign(
        subject_type=subject.__tablename__,
        subject_id=subject.id,
        seen=seen,
        seed=secrets.token_hex(16),
        starts_at=max(schedule.starts_at or now, now),
        waves=schedule.waves,
        days_between=schedule.days_between,
        next_at=now,
        requested_by_id=by.id,
        approver_id=schedule.approver_id,
    )


def forget_declined(session: Session, subject: TenantOwned) -> None:
    """The record is locked by whoever starts or discards it, so nobody starts it at the same moment."""
    earlier = queries.lock_of_subject(session, subject.__tablename__, subject.id)
    if earlier is None:
        return
    if earlier.state is not CampaignState.DECLINED:
        raise Conflict("This has been started already. Nothing was changed.")
    queries.delete_people(session, earlier.id)
    session.delete(earlier)
    session.flush()


@dataclass(frozen=True)
class Addition:
    """Who joins a round that began on that day; `size`: of everybody who is in it or can be asked in it."""

    advocate_ids: Sequence[UUID]
    round_on: date
    size: int


def add_people(
    session: Session, campaign: Campaign, part: CampaignPart, record: Any, addition: Addition
) -> None:
    """To one that is open-ended and locked; they are asked at once, if it may still ask them."""
    if addition.advocate_ids and _may_go_on(session, campaign, part, record, addition.size):
        frozen_people.add_people(session, campaign, addition.advocate_ids, addition.round_on)
        campaign.next_at = utc_now()
        wake_after_commit(session, WorkQueue.CAMPAIGNS.value)


def _may_go_on(session: Session, campaign: Campaign, part: CampaignPart, record: Any, size: int) -> bool:
    """Its audience is another one week by week: what was looked at when it started is looked at again."""
    try:
        check_reviewable(session, part, record)
    except NotForReviews:
        make_move(session, campaign, CampaignMove.HALT)
        return False
    if approval.has_outgrown(session, campaign.approved_size, size):
        make_move(session, campaign, CampaignMove.ASK_AGAIN, columns={"size": size})
        return False
    return True


def approve(session: Session, campaign_id: UUID, *, by: Membership) -> Campaign:
    found = queries.get(session, campaign_id)
    if part := PROGRAMS.of_subject(found.subject_type).campaign:
        check_reviewable(session, part, part.record(session, found.subject_id))
    campaign = _decide(session, campaign_id, CampaignMove.APPROVE, by)
    wake_after_commit(session, WorkQueue.CAMPAIGNS.value)
    return campaign


def decline(session: Session, campaign_id: UUID, *, by: Membership) -> Campaign:
    """The record is locked before its campaign, as by whoever closes it."""
    part, record = _lock_record(session, campaign_id)
    step = CampaignMove.KEEP_SIZE if _has_grown(session, campaign_id) else CampaignMove.DECLINE
    campaign = _decide(session, campaign_id, step, by)
    if part and step is CampaignMove.DECLINE:
        part.declined(session, record)
    return campaign


def _has_grown(session: Session, campaign_id: UUID) -> bool:
    """People of it were asked already: not approved, it is no draft again but paused."""
    return queries.lock_campaign(session, campaign_id).halt is Halt.GREW


def refuse(session: Session, campaign_id: UUID, step: CampaignMove = CampaignMove.REFUSE) -> None:
    """By a worker: its people may not be asked, or are others than were seen. As if it was not approved."""
    part, record = _lock_record(session, campaign_id)
    campaign = queries.lock_campaign(session, campaign_id)
    if step in campaign.moves:
        make_move(session, campaign, step)
        if part:
            part.declined(session, record)


def _lock_record(session: Session, campaign_id: UUID) -> tuple[CampaignPart | None, Any]:
    found = queries.get(session, campaign_id)
    part = PROGRAMS.of_subject(found.subject_type).campaign
    return part, part.lock(session, found.subject_id) if part else None


def _decide(session: Session, campaign_id: UUID, step: CampaignMove, by: Membership) -> Campaign:
    campaign = queries.lock_campaign(session, campaign_id)
    waiting = approval.WaitingCampaign.of(campaign)
    if waiting is not None and not approval.can_decide(session, waiting, by):
        raise Conflict("Somebody else has to decide this. Nothing was changed.")
    columns: dict[str, object] = {"decided_by_id": by.id}
    if step is CampaignMove.APPROVE:
        starts_at = max(campaign.starts_at, utc_now())
        columns |= {"starts_at": starts_at, "next_at": starts_at, "approved_size": campaign.size}
    make_move(session, campaign, step, by=by, columns=columns)
    if step is CampaignMove.APPROVE and not campaign.is_open_ended:
        frozen_people.begin_round(session, campaign)
    return campaign


def pause(session: Session, campaign_id: UUID, *, by: Membership) -> Campaign:
    """Nobody else is asked from here on, and no email of it leaves, until it goes on."""
    campaign = queries.lock_campaign(session, campaign_id)
    make_move(session, campaign, CampaignMove.PAUSE, by=by)
    return campaign


def go_on(session: Session, campaign_id: UUID, *, by: Membership) -> Campaign:
    """As many days lie between two waves as before."""
    campaign = queries.lock_campaign(session, campaign_id)
    paused_for = utc_now() - (campaign.paused_at or utc_now())
    columns = {"starts_at": campaign.starts_at + paused_for, "failures": min(campaign.failures, 1)}
    make_move(session, campaign, CampaignMove.GO_ON, by=by, columns=columns)
    unsent.free_emails(session, campaign)
    wake_after_commit(session, WorkQueue.CAMPAIGNS.value)
    return campaign


def stop(session: Session, campaign_id: UUID, *, by: Membership | None = None) -> Campaign:
    """For good. Who got the email stays asked; a worker withdraws the other asks, and who waits is left out."""
    campaign = queries.lock_campaign(session, campaign_id)
    make_move(session, campaign, CampaignMove.STOP, by=by)
    leave_out_the_rest(session, campaign)
    publish(session, CampaignStopped(campaign.id))
    return campaign


def stop_for_subject(session: Session, subject_type: str, subject_id: UUID) -> None:
    """The record closed: nobody who still waits is asked."""
    campaign = queries.lock_of_subject(session, subject_type, subject_id)
    if campaign is not None and CampaignMove.STOP in campaign.moves:
        make_move(session, campaign, CampaignMove.STOP)
        leave_out_the_rest(session, campaign)


def leave_out_the_rest(session: Session, campaign: Campaign) -> None:
    its, columns = CampaignPerson.campaign_id == campaign.id, {"left_out": LeftOut.CLOSED}
    move_many(session, CampaignPerson, PersonMove.LEAVE_OUT, its, columns=columns)


def leave_out(session: Session, ids: Sequence[UUID], reason: LeftOut) -> None:
    these = CampaignPerson.id == is_one_of(ids)
    move_many(session, CampaignPerson, PersonMove.LEAVE_OUT, these, columns={"left_out": reason})


def make_move(
    session: Session,
    campaign: Campaign,
    step: CampaignMove,
    *,
    by: Membership | None = None,
    columns: Columns = NO_COLUMNS,
) -> None:
    """Its line of the history is the record's, on whose page people read it."""
    move(session, campaign, step, by=by, columns=columns)
    session.flush()
    if action := ACTIONS.get(step):
        history.record_many(session, campaign.subject_type, [campaign.subject_id], action, by=by)
