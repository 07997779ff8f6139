"""Inviting by the many: waves that a manager plans, each handed to the campaign when its time has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.asks import calendar_days
from portal.campaigns import actions as campaigns
from portal.campaigns import queries as campaign_queries
from portal.campaigns.actions import Addition, Schedule
from portal.campaigns.audience import askable_people
from portal.campaigns.models import Campaign, CampaignState
from portal.declarations import program_switches
from portal.errors import Conflict
from portal.events import queries
from portal.events.campaign import CAMPAIGN
from portal.events.guest_models import EventGuest
from portal.events.models import Event, EventState, EventWave
from portal.segments.audience import Audience, people_in
from tenants.clock import utc_now
from tenants.models import Membership

ENDED = frozenset({CampaignState.STOPPED, CampaignState.FINISHED})


@dataclass(frozen=True, kw_only=True)
class Wave:
    """`size`: at most so many, drawn by the campaign's seed; `invite_at` None: now."""

    audience: Audience
    size: int | None = None
    invite_at: datetime | None = None
    approver_id: UUID | None = None  # asked where so many people need a second person's word


def plan_wave(session: Session, event_id: UUID, wave: Wave, *, by: Membership) -> EventWave:
    """The first one starts the event's campaign, which waits for a second person where there are many."""
    program_switches.require_on(session, Event.__tablename__)
    event = queries.lock_event(session, event_id)
    if not event.takes_answers:
        raise Conflict("Nobody can be invited to this event now. Nothing was changed.")
    campaign = campaign_queries.lock_of_subject(session, Event.__tablename__, event.id)
    if campaign is not None and campaign.state in ENDED:
        raise Conflict("Inviting people to this event was stopped for good. Nothing was changed.")
    if campaign is None or campaign.state is CampaignState.DECLINED:
        event.audience = wave.audience.to_json()
        session.flush()
        schedule = Schedule(approver_id=wave.approver_id)
        campaigns.start(session, event, schedule, by=by, is_open_ended=True)
    return _write(session, event, wave, by)


def _write(session: Session, event: Event, wave: Wave, by: Membership) -> EventWave:
    planned = EventWave(
        event_id=event.id,
        audience=wave.audience.to_json(),
        size=wave.size,
        invite_at=max(wave.invite_at or utc_now(), utc_now()),
        by_id=by.id,
    )
    session.add(planned)
    session.flush()
    return planned


def whom(event_id: UUID, audience: ColumnElement[bool]) -> Sequence[ColumnElement[bool]]:
    """Those of an audience who are no guests yet: for a preview (`audience_counts`) and for the wave alike."""
    guests = select(EventGuest.id).where(
        EventGuest.event_id == event_id, EventGuest.advocate_id == Advocate.id
    )
    return (audience, ~guests.exists())


def due_waves(session: Session) -> Sequence[UUID]:
    its = and_(Campaign.subject_type == Event.__tablename__, Campaign.subject_id == EventWave.event_id)
    runs = (Campaign.state == CampaignState.RUNNING, Event.state == EventState.OPEN)
    due = (EventWave.sent_at.is_(None), EventWave.invite_at <= utc_now(), *runs)
    rows = select(EventWave.id).join(Campaign, its).join(Event, Event.id == EventWave.event_id)
    return session.scalars(rows.where(*due).order_by(EventWave.invite_at, EventWave.id)).all()


def send_wave(session: Session, wave_id: UUID) -> None:
    """Hand it to the campaign, once: the campaign asks batch by batch, and goes on after a fall."""
    event_id = session.scalar(select(EventWave.event_id).where(EventWave.id == wave_id))
    event = queries.find_and_lock_event(session, event_id) if event_id else None
    wave = session.scalar(select(EventWave).where(EventWave.id == wave_id).with_for_update(key_share=True))
    if event is None or wave is None or wave.sent_at is not None or not event.takes_answers:
        return
    campaign = campaign_queries.lock_of_subject(session, Event.__tablename__, event.id)
    if campaign is not None and campaign.state is CampaignState.RUNNING:
        people = _drawn(session, event, wave, campaign)
        size = _invited(session, event.id) + len(people)
        added = Addition(people, calendar_days.today(session), size)
        campaigns.add_people(session, campaign, CAMPAIGN, event, added)
        if campaign.state is CampaignState.RUNNING:  # else it waits for a second person, and so does the wave
            wave.sent_at, wave.people = utc_now(), len(people)


def _invited(session: Session, event_id: UUID) -> int:
    """By all waves so far: many small ones are one large one to whoever approves."""
    sent = select(func.sum(EventWave.people)).where(EventWave.event_id == event_id)
    return session.scalar(sent) or 0


def _drawn(session: Session, event: Event, wave: EventWave, campaign: Campaign) -> list[UUID]:
    """In the order of the seed, so that anybody can draw the same people again."""
    conditions = whom(event.id, people_in(session, wave.is_for))
    today = calendar_days.today(session)
    in_round = set(campaign_queries.people_of_round(session, campaign.id, today))
    free = [one for one in askable_people(session, CAMPAIGN, conditions) if one not in in_round]
    return sorted(free, key=lambda one: sha256(campaign.seed.encode() + one.bytes).digest())[: wave.size]
