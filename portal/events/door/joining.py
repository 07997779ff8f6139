"""Somebody pressed “Join” for an event online: they were there, unless a file of the platform says otherwise."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.events import queries as events
from portal.events.door.presence import Presence, mark_present
from portal.events.guest_models import AttendanceSource
from portal.events.lifecycles import EventState
from portal.events.models import Event
from tenants.clock import utc_now

EARLIEST = timedelta(minutes=30)  # before the start
LATEST = timedelta(minutes=30)  # after the end: events run over


class JoinMoment(StrEnum):
    EARLY = "early"
    OPEN = "open"
    OVER = "over"
    CANCELLED = "cancelled"


def moment_of(event: Event) -> JoinMoment:
    now = utc_now()
    if event.state in {EventState.CANCELLED, EventState.DRAFT}:
        return JoinMoment.CANCELLED
    if now < event.starts_at - EARLIEST:
        return JoinMoment.EARLY
    return JoinMoment.OPEN if now < event.ends_at + LATEST else JoinMoment.OVER


def join(session: Session, guest_id: UUID) -> None:
    """Pressed twice, the first time counts; who stands in a file or came through a door is left as they are."""
    here = events.lock_guest(session, guest_id)
    if moment_of(here.event) is JoinMoment.OPEN and here.guest.attended_at is None:
        seen = Presence(at=utc_now(), source=AttendanceSource.JOIN_PAGE)
        mark_present(session, here.event, here.guest, seen)
