"""Takes in what providers told us: a batch for each workspace in turn. An event that fails does not stop the others."""

from collections.abc import Sequence
from uuid import UUID

import structlog

from jobs.shift import Shift, round_robin
from jobs.waiting import is_away
from portal.inbox import ReceivedEvent
from portal.outreach.events import actions, queries
from tenants.database import lost_a_race, system_session, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()


def handle(shift: Shift | None = None) -> int:
    """Returns how many events were looked at."""
    return round_robin("events", due, handle_some, shift or Shift())


def due() -> Sequence[UUID]:
    with system_session(read_only=True) as session:
        return tenants_with_due(session, "received_events")


def handle_some(tenant_id: UUID) -> int:
    try:
        with tenant_session(tenant_id) as session:
            return actions.take_in(session)
    except Exception as problem:
        if is_away(problem):
            raise
        if lost_a_race(problem):
            return 0  # with the next bell
        log.exception("events failed, one by one now", workspace=str(tenant_id))
        return one_by_one(tenant_id)


def one_by_one(tenant_id: UUID) -> int:
    with tenant_session(tenant_id, read_only=True) as session:
        ids = session.scalars(queries.waiting(actions.BATCH).with_only_columns(ReceivedEvent.id)).all()
    return sum(handle_one(tenant_id, event_id) for event_id in ids)


def handle_one(tenant_id: UUID, event_id: UUID) -> bool:
    """False: another time."""
    try:
        with tenant_session(tenant_id) as session:
            actions.take_in(session, only=event_id)
    except Exception as problem:
        if is_away(problem):
            raise
        if lost_a_race(problem):
            return False
        log.exception("event failed", workspace=str(tenant_id), received=str(event_id))
        _set_aside(tenant_id, event_id)
    return True


def _set_aside(tenant_id: UUID, event_id: UUID) -> None:
    """It is kept for a while, and the log says why it was of no use."""
    with tenant_session(tenant_id) as session:
        actions.set_aside(session, [event_id])
