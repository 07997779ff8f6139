"""What a file says of a guest, beside what is known: its minutes beat a pressed link, and neither beats a door."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from portal.events.attendance_models import AttendanceLine, AttendanceMatch
from portal.events.door.presence import clear, moment_key
from portal.events.guest_models import AttendanceSource, EventGuest
from portal.events.models import Event
from tenants.clock import utc_now

SEEN_BY_PEOPLE = {AttendanceSource.DOOR, AttendanceSource.BY_HAND}
NEAR = timedelta(days=1)


def snapshot(guest: EventGuest) -> dict[str, Any]:
    return {
        "attended_at": moment_key(guest.attended_at) if guest.attended_at else None,
        "left_at": moment_key(guest.left_at) if guest.left_at else None,
        "minutes": guest.minutes,
        "source": guest.attendance_source.value if guest.attendance_source else None,
        "by": guest.attended_by,
    }


def restore(guest: EventGuest, before: dict[str, Any]) -> None:
    """Unless somebody at a door or by hand said something since."""
    was_door = before["source"] in {each.value for each in SEEN_BY_PEOPLE}
    if guest.attendance_source in SEEN_BY_PEOPLE and not was_door:
        return
    source = before["source"]
    guest.attendance_source = AttendanceSource(source) if source else None
    guest.attended_at, guest.left_at = _moment(before["attended_at"]), _moment(before["left_at"])
    guest.minutes, guest.attended_by = before["minutes"], before["by"]
    guest.attendance_changed_at = utc_now()


def apply(event: Event, guest: EventGuest, lines: Sequence[AttendanceLine]) -> None:
    """All lines of one file that mean this guest count together. The first keeps what was known before."""
    minutes = sum(line.minutes for line in lines)
    is_long = minutes >= event.minimum_minutes
    for line in lines:
        line.guest_id = guest.id
        line.match = AttendanceMatch.MATCHED if is_long else AttendanceMatch.TOO_SHORT
    if lines[0].before is None:
        lines[0].before = snapshot(guest)
    _write(event, guest, lines, minutes, is_long=is_long)


def _write(
    event: Event, guest: EventGuest, lines: Sequence[AttendanceLine], minutes: int, *, is_long: bool
) -> None:
    minutes = max(minutes, guest.minutes or 0)
    if guest.attendance_source in SEEN_BY_PEOPLE or guest.attendance_source is AttendanceSource.FILE:
        guest.minutes, guest.attendance_changed_at = minutes, utc_now()
        return
    clear(guest)
    guest.minutes = minutes
    if is_long:
        joined = min((line.joined_at for line in lines if line.joined_at), default=None)
        left = max((line.left_at for line in lines if line.left_at), default=None)
        guest.attended_at = _near(joined, event) or event.starts_at
        guest.left_at = left if left and left >= guest.attended_at else None
        guest.attendance_source = AttendanceSource.FILE


def _near(at: datetime | None, event: Event) -> datetime | None:
    return at if at and event.starts_at - NEAR < at < event.ends_at + NEAR else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
