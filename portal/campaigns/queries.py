"""Reading campaigns: the one of a record, what is due, how far it is, who waits and who is left out."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, delete, func, literal, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.advocates.models import Advocate
from portal.campaigns.models import MOST_FAILURES, Campaign, CampaignPerson, CampaignState, PersonState
from portal.declarations.programs import PROGRAMS
from portal.errors import NotFound
from portal.paging import KeysetPage, paginate
from tenants.database import WITHOUT_SYNC
from tenants.models import Membership

P = CampaignPerson


@dataclass
class Progress:
    """Of one campaign, or of one round of it."""

    queued: int = 0
    asked: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    next_wave: int | None = None

    def count(self, state: PersonState, reason: str | None, number: int, wave: int) -> None:
        if state is PersonState.QUEUED:
            self.queued += number
            self.next_wave = min(wave, self.next_wave or wave)
        elif state is PersonState.ASKED:
            self.asked += number
        elif reason is not None:
            self.left_out[reason] += number

    @property
    def total(self) -> int:
        """Who was to be asked when it began; those left out since then were."""
        return self.queued + self.asked

    @property
    def percent(self) -> int:
        return 100 * self.asked // self.total if self.total else 0


def get(session: Session, campaign_id: UUID) -> Campaign:
    return _found(session.scalar(_with_members().where(Campaign.id == campaign_id)))


def of_subject(session: Session, subject_type: str, subject_id: UUID) -> Campaign | None:
    return session.scalar(_with_members().where(*_is_about(subject_type, subject_id)))


def lock_campaign(session: Session, campaign_id: UUID) -> Campaign:
    """For a change, as it is now; whoever asks a batch holds it for its transaction."""
    mine = _with_members().where(Campaign.id == campaign_id)
    locked = mine.with_for_update(key_share=True, of=Campaign)
    return _found(session.scalar(locked, execution_options={"populate_existing": True}))


def lock_of_subject(session: Session, subject_type: str, subject_id: UUID) -> Campaign | None:
    mine = select(Campaign).where(*_is_about(subject_type, subject_id)).with_for_update(key_share=True)
    return session.scalar(mine, execution_options={"populate_existing": True})


def requested(session: Session, now: datetime, subject_types: Collection[str]) -> Sequence[Campaign]:
    """Whose people are to be drawn; not locked."""
    return session.scalars(_due(now, subject_types).where(Campaign.state == CampaignState.REQUESTED)).all()


def is_mine_to_draw(session: Session, campaign: Campaign) -> bool:
    """Until this transaction ends nobody else draws it."""
    key = func.hashtextextended(f"draw of campaign {campaign.id}", 0)
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(key))))


def _due(now: datetime, subject_types: Collection[str]) -> Select[Campaign]:
    due = _with_members().where(Campaign.next_at <= now, Campaign.subject_type.in_(subject_types))
    return due.order_by(Campaign.next_at, Campaign.id)


def claim_due(session: Session, now: datetime, subject_types: Collection[str]) -> Campaign | None:
    """The one about such a record that is asking, waits longest, and that nobody else has in hand."""
    due = _due(now, subject_types).where(Campaign.state == CampaignState.RUNNING).limit(1)
    return session.scalar(due.with_for_update(key_share=True, skip_locked=True, of=Campaign))


MEMBERS = (joinedload(Campaign.requested_by), joinedload(Campaign.approver))


def _with_members() -> Select[Campaign]:
    return select(Campaign).options(*MEMBERS)


def _is_about(subject_type: str, subject_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return Campaign.subject_type == subject_type, Campaign.subject_id == subject_id


def _found(campaign: Campaign | None) -> Campaign:
    if campaign is None:
        raise NotFound("There is no such campaign.")
    return campaign


def waiting_campaigns() -> ScalarSelect[Any]:
    """Those that wait for a second person, as JSON within another statement (`WaitingCampaign` of approval.py)."""
    by, approver = aliased(Membership), aliased(Membership)
    is_here = and_(approver.joined_at.is_not(None), approver.ended_at.is_(None))
    about = ("subject_type", Campaign.subject_type, "subject_id", Campaign.subject_id)
    people = ("requested_by_id", Campaign.requested_by_id, "requested_by", by.name)
    decides = ("approver_id", Campaign.approver_id, "approver_is_here", func.coalesce(is_here, False))
    line = func.jsonb_build_object(*about, *people, *decides, "asked_at", Campaign.approval_asked_at)
    waiting = select(func.jsonb_agg(line)).outerjoin(by, by.id == Campaign.requested_by_id)
    waiting = waiting.outerjoin(approver, approver.id == Campaign.approver_id)
    asked = Campaign.approval_asked_at.is_not(None)
    return waiting.where(Campaign.state == CampaignState.WAITING, asked).scalar_subquery()


def troubled_campaigns() -> ScalarSelect[Any]:
    """Those whose list cannot be written down, and those that paused themselves, as JSON within another statement."""
    is_preparing = and_(Campaign.state == CampaignState.REQUESTED, Campaign.failures > 0)
    paused_itself = and_(Campaign.state == CampaignState.PAUSED, Campaign.failures > MOST_FAILURES)
    about = ("subject_type", Campaign.subject_type, "subject_id", Campaign.subject_id)
    line = func.jsonb_build_object(
        *about, "state", Campaign.state, "name", _record_name(), "halt", Campaign.halt
    )
    halted = and_(
        Campaign.halt.is_not(None), Campaign.state.in_((CampaignState.DECLINED, CampaignState.PAUSED))
    )
    troubled = select(func.jsonb_agg(line)).where(or_(is_preparing, paused_itself, halted))
    return troubled.scalar_subquery()


def _record_name() -> ColumnElement[str]:
    """Of what it is about, where its program says which column that is."""
    named = [
        (
            Campaign.subject_type == program.subject_type,
            select(program.campaign.name).where(program.subject.id == Campaign.subject_id).scalar_subquery(),
        )
        for program in PROGRAMS
        if program.campaign and program.campaign.name is not None
    ]
    return case(*named, else_="") if named else literal("")


def counts() -> ScalarSelect[Any]:
    """Of the people of a campaign by round, state and reason, as JSON within the statement that reads it."""
    columns = (P.round_on, P.state, P.left_out)
    grouped = select(*columns, func.count().label("number"), func.min(P.wave).label("wave"))
    each = grouped.where(P.campaign_id == Campaign.id).group_by(*columns).correlate(Campaign).lateral("each")
    lines = func.jsonb_agg(func.jsonb_build_array(*each.c))
    return select(lines).select_from(each).correlate(Campaign).scalar_subquery()


def progress_of(lines: Sequence[Sequence[Any]] | None, round_on: date | None = None) -> Progress:
    """Of all rounds, or of one. `lines`: of `counts`."""
    found = Progress()
    for day, state, reason, number, wave in lines or ():
        if round_on is None or date.fromisoformat(day) == round_on:
            found.count(PersonState(state), reason, number, wave)
    return found


def progress(session: Session, campaign_id: UUID, round_on: date | None = None) -> Progress:
    lines = session.scalar(select(counts()).where(Campaign.id == campaign_id))
    return progress_of(lines, round_on)


class QueuedPerson(NamedTuple):
    id: UUID
    advocate_id: UUID
    round_on: date
    wave: int


def next_people(session: Session, campaign_id: UUID, most: int) -> list[QueuedPerson]:
    """Those whose turn it is, of one wave and one round; the campaign is locked, so nobody else takes them."""
    queued = (P.campaign_id == campaign_id, P.state == PersonState.QUEUED)
    rows = select(P.id, P.advocate_id, P.round_on, P.wave).where(*queued).order_by(P.wave, P.position)
    found = [QueuedPerson(*row) for row in session.execute(rows.limit(most))]
    return [one for one in found if (one.round_on, one.wave) == (found[0].round_on, found[0].wave)]


def people_of_round(session: Session, campaign_id: UUID, round_on: date) -> set[UUID]:
    return set(
        session.scalars(select(P.advocate_id).where(P.campaign_id == campaign_id, P.round_on == round_on))
    )


def people(
    session: Session, campaign_id: UUID, which: ColumnElement[bool], cursor: str | None
) -> KeysetPage[CampaignPerson]:
    """In the order of the draw, with their companies."""
    found = select(P).where(P.campaign_id == campaign_id, which)
    found = found.options(joinedload(P.advocate).joinedload(Advocate.account))
    return paginate(session, found, key=(P.position, P.id), cursor=cursor)


def delete_people(session: Session, campaign_id: UUID) -> None:
    """Of one that was declined: nobody of it was asked."""
    session.execute(delete(P).where(P.campaign_id == campaign_id), execution_options=WITHOUT_SYNC)
