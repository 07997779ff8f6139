"""Waves of invitations that use a segment and wait to be sent (portal/declarations/segment_uses.py)."""

from uuid import UUID

from sqlalchemy import Select, Text, cast, select

from portal.declarations.segment_uses import SegmentUser
from portal.events.models import Event, EventWave
from portal.i18n import mark


def events_with(segment_id: UUID) -> Select[UUID, str]:
    """An id stands nowhere else in an audience."""
    names_it = cast(EventWave.audience, Text).contains(str(segment_id))
    found = select(Event.id, Event.title).join(EventWave, EventWave.event_id == Event.id)
    return found.where(EventWave.sent_at.is_(None), names_it).distinct()


EVENTS = SegmentUser(
    name="events",
    icon="calendar-event",
    rows=events_with,
    endpoint="events.show",
    argument="event_id",
    note=mark("An event. A change counts until its wave of invitations is sent."),
)
