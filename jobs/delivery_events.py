"""Takes in what providers told us: a batch for each workspace in turn. An event that fails does not stop the others."""

from collections.abc import Sequence
from uuid import UUID

import structlog

from jobs.service_waits import is_connection_lost
from jobs.time_budget import TimeBudget, round_robin
from portal.inbox import ReceivedEvent
from portal.outreach.delivery_events import actions, queries
from tenants.database import is_lock_conflict, system_session, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()


def handle(budget: TimeBudget | None = None) -> int:
    return round_robin("delivery events", due, handle_some, budget or TimeBudget())


def due() -> Sequence[UUID]:
    with system_session(read_only=True) as session:
        return tenants_with_due(session, "received_events")


def handle_some(tenant_id: UUID) -> int:
    try:
        with tenant_session(tenant_id) as session:
            return actions.process_events(session)
    except Exception as problem:
        if is_connection_lost(problem):
            raise
        if is_lock_conflict(problem):
            return 0  # with the next call
        log.exception("events failed, one by one now", workspace=str(tenant_id))
        return handle_each(tenant_id)


def handle_each(tenant_id: UUID) -> int:
    with tenant_session(tenant_id, read_only=True) as session:
        ids = session.scalars(
            queries.unhandled_events(actions.BATCH).with_only_columns(ReceivedEvent.id)
        ).all()
    return sum(handle_one(tenant_id, event_id) for event_id in ids)


def handle_one(tenant_id: UUID, event_id: UUID) -> bool:
    try:
        with tenant_session(tenant_id) as session:
            actions.process_events(session, event_id=event_id)
    except Exception as problem:
        if is_connection_lost(problem):
            raise
        if is_lock_conflict(problem):
            return False
        log.exception("event failed", workspace=str(tenant_id), received=str(event_id))
        _mark_handled(tenant_id, event_id)
    return True


def _mark_handled(tenant_id: UUID, event_id: UUID) -> None:
    """It is kept for a while, and the log says why it was of no use."""
    with tenant_session(tenant_id) as session:
        actions.mark_handled(session, [event_id])
