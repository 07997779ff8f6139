"""Writing down that somebody was there, or was not: under the lock of the event, whatever the guest answered.

Later changes, once the records closed, are corrections and say so in the history.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import history
from portal.events.guest_models import AttendanceSource, EventGuest
from portal.events.history_actions import GuestAction
from portal.events.lifecycles import EventState
from portal.events.models import Event
from tenants.clock import utc_now
from tenants.models import Membership

LONGEST_NAME = 80


@dataclass(frozen=True, kw_only=True)
class Presence:
    """`by`: who saw them, by name: at a door nobody has an account."""

    at: datetime
    source: AttendanceSource
    by: str = ""
    left_at: datetime | None = None
    minutes: int | None = None


def mark_present(
    session: Session, event: Event, guest: EventGuest, seen: Presence, by: Membership | None = None
) -> None:
    _write(guest, seen)
    if not event.has_record:
        event.has_record = True
    _note(session, event, guest, GuestAction.CHECKED_IN, by, source=seen.source.value, who=seen.by)


def mark_absent(
    session: Session, event: Event, guest: EventGuest, *, who: str = "", by: Membership | None = None
) -> None:
    """`undone` in the history says which check-in this took back, so that a late copy of it changes nothing."""
    undone = moment_key(guest.attended_at) if guest.attended_at else ""
    clear(guest)
    _note(session, event, guest, GuestAction.CHECK_IN_UNDONE, by, who=who, undone=undone)


def mark_left(session: Session, guest: EventGuest, at: datetime, who: str) -> None:
    guest.left_at, guest.attendance_changed_at = at, utc_now()
    history.record(session, guest, GuestAction.CHECKED_OUT, who=who)


def clear(guest: EventGuest) -> None:
    guest.attended_at = guest.left_at = guest.minutes = guest.attendance_source = None
    guest.attended_by, guest.attendance_changed_at = "", utc_now()


def moment_key(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def is_corrected(event: Event) -> bool:
    """Tell whether what is written now changes figures that were final."""
    return event.state is EventState.CLOSED or utc_now() > event.records_close_at


def _write(guest: EventGuest, seen: Presence) -> None:
    guest.attended_at, guest.left_at, guest.minutes = seen.at, seen.left_at, seen.minutes
    guest.attendance_source, guest.attended_by = seen.source, seen.by[:LONGEST_NAME]
    guest.attendance_changed_at = utc_now()


def _note(
    session: Session,
    event: Event,
    guest: EventGuest,
    action: GuestAction,
    by: Membership | None,
    **detail: Any,
) -> None:
    history.record(session, guest, action, by=by, **detail)
    if is_corrected(event):
        history.record(session, guest, GuestAction.ATTENDANCE_CORRECTED, by=by, **detail)
