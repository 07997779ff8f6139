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

from jobs import dns, events, keys, sequences
from jobs.handlers import handlers_of
from jobs.shift import Shift, round_robin
from portal.gateways.bell import Worker
from portal.outbox import Envelope
from tenants.clock import utc_now
from tenants.database import system_session, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()
BATCH = 100
LATER = [timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800)]
TRIES = len(LATER) + 1


def work() -> None:
    events.handle()
    events.handle()
    drain(Worker.EVENTS)
    sequences.write()
    dns.check_due()
    keys.try_due()


def drain(queue: Worker, shift: Shift | None = None) -> int:
    """Deliver what is due on this queue; returns how many messages were looked at."""
    shift = shift or Shift()
    turn = partial(deliver_some, queue=queue, shift=shift)
    return round_robin(f"messages of {queue}", lambda: due(queue), turn, shift)


def due(queue: Worker) -> list[UUID]:
    with system_session(read_only=True) as session:
        return list(tenants_with_due(session, "envelopes", now=utc_now(), queue=queue.value))


def deliver_some(tenant_id: UUID, queue: Worker, shift: Shift) -> int:
    ids = waiting(tenant_id, queue)
    return sum(deliver(tenant_id, envelope_id) for envelope_id in shift.while_it_lasts(ids))


def waiting(tenant_id: UUID, queue: Worker) -> Sequence[UUID]:
    """A batch, oldest first."""
    mine = select(Envelope.id).where(*_waits(), Envelope.queue == queue.value)
    with tenant_session(tenant_id, read_only=True) as session:
        return session.scalars(mine.order_by(Envelope.due_at, Envelope.id).limit(BATCH)).all()


def deliver(tenant_id: UUID, envelope_id: UUID) -> bool:
    """At most once, by however many workers and however often this is called. False: somebody else has it."""
    try:
        with tenant_session(tenant_id) as session:
            return _claim_and_handle(session, envelope_id)
    except Exception as problem:
        if isinstance(problem, DBAPIError) and problem.connection_invalidated:
            raise
        log.exception("message failed", envelope=str(envelope_id))
        _put_off(tenant_id, envelope_id, problem)
        return True


def _claim_and_handle(session: Session, envelope_id: UUID) -> bool:
    envelope = _locked(session, envelope_id)
    if envelope is None:
        return False
    message = envelope.open()
    for handle in handlers_of(message):
        handle(session, message)
    envelope.handled_at = utc_now()
    return True


def _put_off(tenant_id: UUID, envelope_id: UUID, problem: Exception) -> None:
    with tenant_session(tenant_id) as session:
        envelope = _locked(session, envelope_id)
        if envelope is None:
            return
        envelope.tries += 1
        envelope.why = f"{type(problem).__name__}: {problem}"[:1000].replace("\0", "")
        if envelope.tries >= TRIES:
            envelope.parked_at = utc_now()
        else:
            envelope.due_at = utc_now() + LATER[envelope.tries - 1]


def _locked(session: Session, envelope_id: UUID) -> Envelope | None:
    mine = select(Envelope).where(*_waits(), Envelope.id == envelope_id)
    return session.scalar(mine.with_for_update(skip_locked=True))


def _waits() -> tuple[ColumnElement[bool], ...]:
    return Envelope.handled_at.is_(None), Envelope.parked_at.is_(None), Envelope.due_at <= utc_now()
