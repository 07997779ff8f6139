"""What workers do: freeze an audience, then ask it batch by batch, each batch in one transaction.

Killed at any moment, the next worker goes on from the last commit: who is asked, their emails and their place in the
campaign change together, so nobody is asked or written to twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from portal.advocates.ask_kinds import AskKind
from portal.asks.ask_many import AskBatch, Proposal, propose_many, send_many
from portal.asks.locked_people import LockedPeople
from portal.campaigns import approval, audience, frozen_people, queries, unsent
from portal.campaigns.actions import leave_out, make_move
from portal.campaigns.models import (
    Campaign,
    CampaignMove,
    CampaignPerson,
    CampaignState,
    LeftOut,
    PersonMove,
)
from portal.campaigns.queries import QueuedPerson
from portal.campaigns.refusals import own_refusals, reason_of
from portal.declarations.campaigns import CampaignPart, CampaignRound
from portal.declarations.program_switches import is_on
from portal.declarations.programs import PROGRAMS
from portal.errors import DomainError
from portal.id_arrays import is_one_of
from portal.lifecycle import move_many
from tenants.clock import utc_now

MOST = 500  # people in one transaction
IN_HAND = "a campaign is in hand"  # where a session keeps it, for whoever notes that it failed
LOOK_AGAIN = timedelta(minutes=1)  # whether emails wait still
LONG = timedelta(hours=6)


class InHand(NamedTuple):
    """What a transaction is about: so many people of a campaign; none while its list is written down."""

    campaign_id: UUID
    people: int = 0


def work_on_next(session: Session, most: int = MOST) -> int | None:
    """Do one step of the campaign that waits longest; how many people it was about. None: nothing is due."""
    parts = _parts(session)
    for requested in queries.requested(session, utc_now(), parts):
        if queries.is_mine_to_draw(session, requested):
            return _freeze(session, requested, parts[requested.subject_type])
    campaign = queries.claim_due(session, utc_now(), parts)
    if campaign is None:
        return None
    session.info[IN_HAND] = InHand(campaign.id)
    return _ask_next(session, campaign, parts[campaign.subject_type], min(most, MOST))


def _parts(session: Session) -> dict[str, CampaignPart]:
    """By the table of its records, of every program that is on."""
    return {one.subject_type: one.campaign for one in PROGRAMS if one.campaign and is_on(session, one)}


def _freeze(session: Session, requested: Campaign, part: CampaignPart) -> int:
    """It is not locked while people are drawn: meanwhile whoever stops it waits for nobody, and nothing is drawn."""
    session.info[IN_HAND] = InHand(requested.id)
    with session.begin_nested() as drawing:
        number, draw_id = _draw(session, requested, part)
        campaign = queries.lock_campaign(session, requested.id)
        if campaign.state is not CampaignState.REQUESTED:
            drawing.rollback()
            return 0
    campaign.failures, campaign.draw_id, campaign.size = 0, draw_id, number
    if approval.is_needed(session, number):
        make_move(session, campaign, CampaignMove.ASK_FOR_APPROVAL, by=campaign.requested_by)
    else:
        make_move(session, campaign, CampaignMove.START, columns={"next_at": campaign.starts_at})
    return number


def _draw(session: Session, campaign: Campaign, part: CampaignPart) -> tuple[int, UUID | None]:
    """How many are asked, and the draw; none of one that people join week by week."""
    record = part.record(session, campaign.subject_id)
    audience.check_unchanged(session, part, record, campaign.seen)
    audience.check_reviewable(session, part, record)
    if campaign.is_open_ended:
        people, helps = audience.people_of(session, part, record), audience.helped_company(record)
        return audience.audience_counts(session, part, people, helps).get("", 0), None
    drawn = frozen_people.draw_everybody(session, campaign, part, record)
    return drawn.drawn, drawn.id


def _ask_next(session: Session, campaign: Campaign, part: CampaignPart, most: int) -> int:
    people = queries.next_people(session, campaign.id, most)
    if not people:
        return _rest(session, campaign)
    _keep_days_between(campaign)
    campaign.next_at = max(campaign.wave_at(people[0].wave), utc_now())
    if campaign.next_at > utc_now():
        return 0
    session.info[IN_HAND] = InHand(campaign.id, len(people))
    _ask(session, campaign, part, people)
    campaign.failures = 0
    return len(people)


def _keep_days_between(campaign: Campaign) -> None:
    """Nobody could work on it for long, as while its program was off: its waves do not all go out at once."""
    idle = utc_now() - (campaign.next_at or utc_now())
    if idle > LONG:
        campaign.starts_at += idle


def _rest(session: Session, campaign: Campaign) -> int:
    """Until somebody joins it, until the emails have left, or for good."""
    if campaign.is_open_ended:
        campaign.next_at = None
    elif unsent.do_emails_wait(session, campaign):
        campaign.next_at = utc_now() + LOOK_AGAIN
    else:
        make_move(session, campaign, CampaignMove.FINISH)
    return 0


def _ask(session: Session, campaign: Campaign, part: CampaignPart, people: Sequence[QueuedPerson]) -> None:
    record, by = part.record(session, campaign.subject_id), campaign.requested_by
    asker = by if by is not None and by.is_active else None

    def refusals(session: Session, locked: LockedPeople) -> dict[UUID, DomainError]:
        return own_refusals(session, part, locked)

    proposal = Proposal(
        kind=AskKind(part.kind), subject=record, due_on=part.due_on(session, record), refusals=refusals
    )
    batch = propose_many(session, proposal, [one.advocate_id for one in people])
    send_many(session, batch, asker)
    if batch.sent:
        part.write(session, CampaignRound(record, people[0].round_on, asker), batch.sent)
    _write_down(session, people, batch)


def _write_down(session: Session, people: Sequence[QueuedPerson], batch: AskBatch) -> None:
    sent = {one.advocate.id for one in batch.sent}
    asked = [one.id for one in people if one.advocate_id in sent]
    move_many(session, CampaignPerson, PersonMove.ASK, CampaignPerson.id == is_one_of(asked))
    out: defaultdict[LeftOut, list[UUID]] = defaultdict(list)
    for one in people:
        if one.advocate_id not in sent:
            out[reason_of(batch.refused.get(one.advocate_id))].append(one.id)
    for reason, ids in out.items():
        leave_out(session, ids, reason)
