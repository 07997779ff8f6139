"""Writes the emails of sequences that are due, and ends the runs of people who left.

What is due by time wakes no queue of its own: the ticker looks, and whoever starts runs wakes the queue.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from jobs.service_waits import is_connection_lost
from jobs.time_budget import TimeBudget, round_robin
from portal.advocates.models import AdvocateLeft
from portal.outbox import Message
from portal.outreach.sequences import actions, advance, background_control, queries
from portal.outreach.sequences.models import (
    SequenceEndRequested,
    SequenceResumeRequested,
    SequenceStartRequested,
    StopReason,
)
from tenants.clock import utc_now
from tenants.database import system_session, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()


def run_due(budget: TimeBudget | None = None) -> int:
    return round_robin("sequences", due, run_some, budget or TimeBudget())


def due() -> Sequence[UUID]:
    with system_session(read_only=True) as session:
        return tenants_with_due(session, "sequence_runs", now=utc_now())


def run_some(tenant_id: UUID) -> int:
    with tenant_session(tenant_id, read_only=True) as session:
        ids = queries.sequences_with_due_runs(session, utc_now())
    return sum(advance_sequence(tenant_id, sequence_id) for sequence_id in ids)


def advance_sequence(tenant_id: UUID, sequence_id: UUID) -> int:
    """Advance a batch; a sequence that fails does not hold up the others, and is tried at the next wake-up."""
    try:
        with tenant_session(tenant_id) as session:
            return advance.advance_sequence(session, sequence_id)
    except Exception as problem:
        if is_connection_lost(problem):
            raise
        log.exception("sequence failed", workspace=str(tenant_id), sequence=str(sequence_id))
        return 0


def stop_for_departed(session: Session, message: AdvocateLeft) -> None:
    actions.stop_for_advocate(session, message.advocate_id, "", StopReason.LEFT)


HANDLERS: dict[type[Message], Callable[[Session, Any], None]] = {
    AdvocateLeft: stop_for_departed,
    **dict.fromkeys(
        (SequenceStartRequested, SequenceResumeRequested, SequenceEndRequested),
        background_control.run_request,
    ),
}
