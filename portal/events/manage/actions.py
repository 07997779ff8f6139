"""Writing an event down, opening it, and making the next one of a series."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import history
from portal.declarations import program_switches
from portal.errors import Conflict, DomainError
from portal.events import queries
from portal.events.agenda_models import EventMaterial, EventSession
from portal.events.history_actions import EventAction
from portal.events.local_times import LocalTime, typed_time
from portal.events.manage import consent_words
from portal.events.manage.details import RECORD_DAYS, EventDetails, apply_details, new_slug
from portal.events.manage.pictures import remove_picture, set_picture
from portal.events.models import (
    AnswersAskedAgain,
    Event,
    EventCost,
    EventMove,
    EventMoved,
    EventQuestion,
    EventState,
)
from portal.lifecycle import move
from portal.outbox import publish
from tenants.clock import utc_now
from tenants.database import tenant
from tenants.models import Membership

COPIED = (
    "kind", "title", "description", "time_zone", "format", "venue", "address", "directions", "join_url", "capacity",
    "plus_ones", "allows_delegates", "audience", "registration", "guest_list", "asks_needs", "photo_text_id",
    "recording_text_id", "host_id", "minimum_minutes", "has_checkout", "budget_cents", "currency",
)  # fmt: skip

PARTS: dict[Any, tuple[str, ...]] = {
    EventSession: ("title", "description", "room", "is_chosen", "capacity"),
    EventMaterial: ("title", "moment", "url", "file_id", "position"),
    EventQuestion: ("question", "kind", "choices", "is_required", "position"),
    EventCost: ("label", "quantity", "unit_cents", "position"),
}


@dataclass(frozen=True, kw_only=True)
class EventTexts:
    """What stands in other tables: words of consent and a picture."""

    photos: str = ""
    recording: str = ""
    picture: BinaryIO | None = None
    removes_picture: bool = False


def create(session: Session, details: EventDetails, texts: EventTexts, *, capacity: int | None) -> Event:
    """A draft: nobody is told of it."""
    program_switches.require_on(session, Event.__tablename__)
    event = Event(capacity=capacity, currency=tenant(session).currency)
    apply_details(event, details)
    session.add(event)
    session.flush()
    _write_texts(session, event, texts)
    return event


def change(
    session: Session,
    event: Event,
    details: EventDetails,
    texts: EventTexts,
    *,
    by: Membership,
    tells: bool = False,
    asks_again: bool = False,
) -> None:
    """Of a locked event. Only `tells` lets guests know of another start, end or place; a typo tells nobody."""
    if event.state in (EventState.CANCELLED, EventState.CLOSED):
        raise Conflict("This event is over, so it stays as it was.")
    changed, moved = details.changes(event), details.moves(event)
    before = {name: str(getattr(event, name)) for name in moved}
    apply_details(event, details)
    _write_texts(session, event, texts)
    session.flush()
    if event.state is EventState.DRAFT or not changed:
        return
    if moved and tells:
        event.calendar_sequence += 1
        history.record(session, event, EventAction.MOVED, by=by, before=before, asks_again=asks_again)
        publish(session, EventMoved(event.id))
        if asks_again:
            publish(session, AnswersAskedAgain(event.id))
    else:
        history.record(session, event, EventAction.CHANGED, by=by, fields=sorted(changed))


def _write_texts(session: Session, event: Event, texts: EventTexts) -> None:
    consent_words.set_words(session, event, texts.photos, texts.recording)
    if texts.picture is not None:
        set_picture(session, event, texts.picture)
    elif texts.removes_picture:
        remove_picture(session, event)


def open_event(session: Session, event_id: UUID, *, by: Membership) -> Event:
    """From here on people are invited, and a public page takes registrations."""
    program_switches.require_on(session, Event.__tablename__)
    event = queries.lock_event(session, event_id)
    if event.ends_at <= utc_now():
        raise DomainError("This event would be over already. Please change its time first.")
    move(session, event, EventMove.OPEN, by=by)
    session.flush()
    return event


def discard_draft(session: Session, event_id: UUID) -> None:
    """Discarded twice, it is gone all the same."""
    event = queries.find_and_lock_event(session, event_id)
    if event is None:
        return
    if event.state is not EventState.DRAFT:
        raise Conflict("This event is open. You can cancel it instead.")
    remove_picture(session, event)
    session.delete(event)


def clone(session: Session, event: Event, starts: Sequence[datetime], *, by: Membership) -> list[Event]:
    """Drafts at these local times, with agenda, questions, materials and cost lines; guests are invited anew."""
    return [_clone_at(session, event, typed, by) for typed in starts]


def _clone_at(session: Session, event: Event, typed: datetime, by: Membership) -> Event:
    starts_at = LocalTime(typed, ZoneInfo(event.time_zone)).first
    copy = Event(**{name: getattr(event, name) for name in COPIED})
    copy.starts_at = starts_at
    copy.ends_at = starts_at + (event.ends_at - event.starts_at)
    copy.records_close_at = copy.ends_at + RECORD_DAYS
    copy.series_id = event.series_id or event.id
    copy.slug = new_slug(event.title) if event.slug else None
    session.add(copy)
    session.flush()
    _copy_parts(session, event, copy)
    history.record(session, copy, EventAction.CLONED, by=by, of=str(event.id))
    return copy


def _copy_parts(session: Session, event: Event, copy: Event) -> None:
    """Sessions at the same time of the day; a material belongs to the event alone in the copy."""
    zone = ZoneInfo(event.time_zone)
    later = typed_time(copy.starts_at, zone.key) - typed_time(event.starts_at, zone.key)

    def moved(at: datetime) -> datetime:
        return LocalTime(typed_time(at, zone.key) + later, zone).first

    for kind, names in PARTS.items():
        for row in session.scalars(select(kind).where(kind.event_id == event.id).order_by(kind.id)):
            part = kind(event_id=copy.id, **{name: getattr(row, name) for name in names})
            if isinstance(part, EventSession):
                part.starts_at = moved(row.starts_at)
                part.ends_at = moved(row.ends_at) if row.ends_at else None
            session.add(part)
