"""Links to the door: made for somebody, for one event, until some hours after it; taken back at any time."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history
from portal.errors import Conflict
from portal.events import queries as events
from portal.events.attendance_models import EventDoorLink
from portal.events.door import queries
from portal.events.history_actions import EventAction
from portal.events.lifecycles import EventState
from tenants.clock import utc_now
from tenants.models import Membership


def make_link(session: Session, event_id: UUID, name: str, hours: int, *, by: Membership) -> EventDoorLink:
    event = events.lock_event(session, event_id)
    ends = event.ends_at + timedelta(hours=hours)
    if event.state is not EventState.OPEN or ends <= utc_now():
        raise Conflict("This event isn’t ahead anymore, so nobody stands at its door.")
    made = EventDoorLink(event_id=event.id, name=name, made_by_id=by.id, expires_at=ends)
    session.add(made)
    history.record(session, event, EventAction.DOOR_LINK_MADE, by=by, who=name)
    return made


def revoke_link(session: Session, event_id: UUID, link_id: UUID, *, by: Membership) -> EventDoorLink:
    event = events.lock_event(session, event_id)
    door = queries.find_link(session, event.id, link_id)
    if door.revoked_at is None:
        door.revoked_at = utc_now()
        door.link_version += 1
        history.record(session, event, EventAction.DOOR_LINK_REVOKED, by=by, who=door.name)
    return door
