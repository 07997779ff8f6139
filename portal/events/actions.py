"""What members do with an event as a whole: cancel it, discard a draft. Seats change in `seats/`."""

from uuid import UUID

from sqlalchemy.orm import Session

from portal.campaigns import actions as campaigns
from portal.errors import Conflict
from portal.events import queries
from portal.events.models import Event, EventCancelled, EventMove, EventState, RecordsClosed
from portal.lifecycle import move
from portal.outbox import publish
from tenants.clock import utc_now
from tenants.models import Membership


def cancel(session: Session, event_id: UUID, note: str = "", *, by: Membership) -> Event:
    """Whoever said yes or maybe, or waits, is told by a worker; who is silent is asked no more."""
    event = queries.lock_event(session, event_id)
    if event.starts_at <= utc_now():
        raise Conflict("This event has begun, so it can’t be canceled any more. Nothing was changed.")
    move(session, event, EventMove.CANCEL, by=by, columns={"cancel_note": note})
    session.flush()
    campaigns.stop_for_subject(session, Event.__tablename__, event.id)
    publish(session, EventCancelled(event.id))
    return event


def discard_draft(session: Session, event_id: UUID) -> None:
    """Discarded twice, it is gone all the same."""
    event = queries.find_and_lock_event(session, event_id)
    if event is None:
        return
    if event.state is not EventState.DRAFT:
        raise Conflict("This event is open. You can cancel it instead.")
    session.delete(event)


def close_records(session: Session, event_id: UUID, *, by: Membership | None = None) -> None:
    """By the clock, some days after the end: what changes from here on is a correction."""
    event = queries.find_and_lock_event(session, event_id)
    if event is not None and event.state is EventState.OPEN and event.records_close_at <= utc_now():
        move(session, event, EventMove.CLOSE, by=by)
        publish(session, RecordsClosed(event.id))
