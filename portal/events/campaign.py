"""How people are invited by the many (portal/declarations/campaigns.py): until when, and what is written of them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, false, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from uuid_utils.compat import uuid7

from portal.advocates.asked_person import AskedPerson
from portal.asks import calendar_days
from portal.asks.ask_many import ProposedAsk
from portal.asks.models import Ask, AskKind
from portal.asks.policies import MAX_ANSWER_DAYS
from portal.asks.withdraw_many import withdraw_many
from portal.declarations.attributes import Origin
from portal.declarations.campaigns import CampaignPart, CampaignRound
from portal.declarations.email_content import SignedLink
from portal.declarations.origins import NOBODY_KNOWS
from portal.events import emails, queries
from portal.events.guest_models import EventGuest, GuestMove, GuestSource
from portal.events.labels import ALREADY_A_GUEST
from portal.events.link_purposes import EventLinkPurpose
from portal.events.models import Event, EventState, EventWave
from portal.i18n import mark
from portal.id_arrays import is_one_of
from portal.insert_rows import insert_rows
from portal.lifecycle import new_in_state
from portal.segments.audience import Audience
from tenants.clock import utc_now
from tenants.database import tenant_of

GUESTS = EventGuest.metadata.tables[EventGuest.__tablename__]
LONGEST = timedelta(days=MAX_ANSWER_DAYS - 2)
BLANK: Mapping[str, Any] = {
    column.name: column.default.arg
    for column in GUESTS.columns
    if isinstance(column.default, ScalarElementColumnDefault)
}


def is_for(session: Session, event: Event) -> Audience:
    return event.is_for


def origin(session: Session, event: Event) -> Origin:
    """An event is for whomever it likes: coming is no review."""
    return NOBODY_KNOWS


def was_asked_lately(session: Session) -> ColumnElement[bool]:
    """Windows of the ledger alone decide; who is a guest already is in no wave (`invitations.py`)."""
    return false()


def due_on(session: Session, event: Event) -> Callable[[AskedPerson], date]:
    """The day it starts, where the person is; for one that is far off, as long as an ask may wait."""

    def of(advocate: AskedPerson) -> date:
        zone = calendar_days.reader_zone(session, advocate)
        return min(
            calendar_days.day_of(event.starts_at, zone), calendar_days.today_of(session, advocate) + LONGEST
        )

    return of


def due_day(session: Session, ask: Ask, emailed_on: date) -> date:
    """The same once the email has left; a speaker answers as soon as any other ask."""
    if ask.kind is AskKind.EVENT:
        return queries.day_of(session, ask.subject_id, calendar_days.reader_zone(session, ask.advocate))
    began = ask.emailed_at or ask.sent_at or ask.created_at
    zone = calendar_days.reader_zone(session, ask.advocate)
    return emailed_on + (ask.due_on - calendar_days.day_of(began, zone))


def write(session: Session, asked: CampaignRound, asks: Sequence[ProposedAsk]) -> None:
    """Guests, and the invitation to each. Who became one in between is not asked what they answered already."""
    event: Event = asked.record
    known = _guests_already(session, event, [one.advocate.id for one in asks])
    if known:
        withdraw_many(session, [one.id for one in asks if one.advocate.id in known], ALREADY_A_GUEST)
    new = {uuid7(): one for one in asks if one.advocate.id not in known}
    if new:
        _insert_guests(session, event, new)
        pages = [(ask, SignedLink(EventLinkPurpose.GUEST, guest_id)) for guest_id, ask in new.items()]
        emails.send_invitations(session, event, pages, asked.by)


def _guests_already(session: Session, event: Event, ids: Collection[UUID]) -> set[UUID]:
    mine = (EventGuest.event_id == event.id, EventGuest.advocate_id == is_one_of(ids))
    return {one for one in session.scalars(select(EventGuest.advocate_id).where(*mine)) if one is not None}


def _insert_guests(session: Session, event: Event, new: Mapping[UUID, ProposedAsk]) -> None:
    now = utc_now()
    rows = [
        {
            "id": guest_id,
            "advocate_id": one.advocate.id,
            "account_id": one.advocate.account_id,
            "ask_id": one.id,
        }
        for guest_id, one in new.items()
    ]
    alike = {
        **BLANK,
        **new_in_state(EventGuest, GuestMove.INVITE, at=now),
        "tenant_id": tenant_of(session),
        "event_id": event.id,
        "source": GuestSource.ASKED,
        "created_at": now,
    }
    session.execute(insert_rows(GUESTS, rows, alike))


def follow_up(session: Session, asks: Sequence[Ask]) -> None:
    """Reminders to whoever is silent."""
    event = queries.get(session, asks[0].subject_id)
    mine = select(EventGuest.ask_id, EventGuest.id).where(EventGuest.ask_id.in_([ask.id for ask in asks]))
    pages: dict[UUID | None, UUID] = dict(session.execute(mine).all())
    invited = [(ask, pages[ask.id]) for ask in asks if ask.kind is AskKind.EVENT and ask.id in pages]
    links = [(ask, SignedLink(EventLinkPurpose.GUEST, guest_id)) for ask, guest_id in invited]
    emails.start_invitation_reminders(session, event, links)


def declined(session: Session, event: Event) -> None:
    """A second person did not approve: what was planned is forgotten."""
    planned = (EventWave.event_id == event.id, EventWave.sent_at.is_(None))
    session.execute(delete(EventWave).where(*planned))


def closed(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those that nobody can answer any more."""
    over = or_(Event.state != EventState.OPEN, Event.starts_at <= utc_now())
    return set(session.scalars(select(Event.id).where(Event.id.in_(ids), over)))


CAMPAIGN = CampaignPart(
    kind=AskKind.EVENT.value,
    record=queries.get,
    lock=queries.lock_event,
    audience=is_for,
    audience_origin=origin,
    asked_lately=was_asked_lately,
    lately=mark("Had an invitation lately"),
    due_on=due_on,
    write=write,
    follow_up=follow_up,
    declined=declined,
    closed=closed,
)
