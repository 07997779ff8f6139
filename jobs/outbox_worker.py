"""Takes messages out of the outbox and hands them to whoever answers them, each at most once.

Claim and effect share one transaction. What fails is tried again with a back-off and parked after five tries, with
the reason, on a page for admins.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from jobs.handlers import handlers_for
from jobs.time_budget import TimeBudget, round_robin
from portal.gateways.queue import WorkQueue
from portal.outbox import Envelope
from tenants.clock import utc_now
from tenants.database import system_session, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()
BATCH = 100
RETRY_DELAYS = [timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800)]
MAX_TRIES = len(RETRY_DELAYS) + 1


def drain(queue: WorkQueue, budget: TimeBudget | None = None) -> int:
    budget = budget or TimeBudget()
    turn = partial(deliver_some, queue=queue, budget=budget)
    return round_robin(f"messages of {queue}", lambda: due(queue), turn, budget)


def due(queue: WorkQueue) -> list[UUID]:
    with system_session(read_only=True) as session:
        return list(tenants_with_due(session, "envelopes", now=utc_now(), queue=queue.value))


def deliver_some(tenant_id: UUID, queue: WorkQueue, budget: TimeBudget) -> int:
    ids = due_messages(tenant_id, queue)
    return sum(deliver(tenant_id, envelope_id) for envelope_id in budget.within(ids))


def due_messages(tenant_id: UUID, queue: WorkQueue) -> Sequence[UUID]:
    mine = select(Envelope.id).where(*_is_due(), Envelope.queue == queue.value)
    with tenant_session(tenant_id, read_only=True) as session:
        return session.scalars(mine.order_by(Envelope.due_at, Envelope.id).limit(BATCH)).all()


def deliver(tenant_id: UUID, envelope_id: UUID) -> bool:
    """Deliver at most once, by however many workers and however often. False: somebody else has it."""
    try:
        with tenant_session(tenant_id) as session:
            return _claim_and_handle(session, envelope_id)
    except Exception as problem:
        if isinstance(problem, DBAPIError) and problem.connection_invalidated:
            raise
        log.exception("message failed", envelope=str(envelope_id))
        _retry_later(tenant_id, envelope_id, problem)
        return True


def _claim_and_handle(session: Session, envelope_id: UUID) -> bool:
    envelope = _lock_envelope(session, envelope_id)
    if envelope is None:
        return False
    message = envelope.message()
    for handle in handlers_for(message):
        handle(session, message)
    envelope.handled_at = utc_now()
    return True


def _retry_later(tenant_id: UUID, envelope_id: UUID, problem: Exception) -> None:
    with tenant_session(tenant_id) as session:
        envelope = _lock_envelope(session, envelope_id)
        if envelope is None:
            return
        envelope.tries += 1
        envelope.last_error = f"{type(problem).__name__}: {problem}"[:1000].replace("\0", "")
        if envelope.tries >= MAX_TRIES:
            envelope.parked_at = utc_now()
        else:
            envelope.due_at = utc_now() + RETRY_DELAYS[envelope.tries - 1]


def _lock_envelope(session: Session, envelope_id: UUID) -> Envelope | None:
    mine = select(Envelope).where(*_is_due(), Envelope.id == envelope_id)
    return session.scalar(mine.with_for_update(skip_locked=True))


def _is_due() -> tuple[ColumnElement[bool], ...]:
    return Envelope.handled_at.is_(None), Envelope.parked_at.is_(None), Envelope.due_at <= utc_now()
