"""Asks campaigns: a batch for each workspace in turn, small enough that nobody waits long for its locks.

Killed at any moment, the next wake-up goes on from the last commit (portal/campaigns/batches.py).
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import structlog

from jobs.service_waits import is_connection_lost
from jobs.time_budget import TimeBudget, round_robin
from jobs.worker_context import worker_context
from portal.asks.locked_people import LOCKED_SINCE
from portal.campaigns import batches
from portal.declarations.program_switches import ProgramIsOff
from portal.gateways.queue import WorkQueue
from tenants.clock import utc_now
from tenants.database import is_lock_conflict, system_session, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()
TARGET_SECONDS = 0.2  # that companies and people of one batch are locked; never 0.3
FIRST, USUAL, ONE = (
    50,
    100,
    1,
)  # people; with fewer than the usual a batch is hardly quicker, only the campaign slower
sizes: defaultdict[UUID, int] = defaultdict(lambda: FIRST)  # of the next batch, by workspace


def work() -> None:
    budget = TimeBudget()
    process_due(budget)
    if budget.is_spent:
        worker_context().queues.wake(WorkQueue.CAMPAIGNS.value)  # what is left goes on at once


def process_due(budget: TimeBudget) -> int:
    return round_robin("campaigns", due, process_batch, budget)


def due() -> Sequence[UUID]:
    with system_session(read_only=True) as session:
        return tenants_with_due(session, "campaigns", now=utc_now())


def process_batch(tenant_id: UUID) -> int:
    """Return whether anything was done. A batch that fails is tried person by person."""
    most = sizes[tenant_id]
    try:
        with tenant_session(tenant_id) as session:
            people = batches.work_on_next(session, most)
    except ProgramIsOff:
        return 0  # somebody has just switched it off: everybody keeps their place
    except Exception as problem:
        if is_connection_lost(problem):
            raise
        if not is_lock_conflict(problem):
            log.exception("batch failed", workspace=str(tenant_id), people=most)
            _after_failure(tenant_id, most)
        return 0
    locked_since = session.info.get(LOCKED_SINCE)
    if locked_since is not None and people == most:
        sizes[tenant_id] = _next_size(people, time.monotonic() - locked_since)
    return int(people is not None)


def _next_size(people: int, seconds: float) -> int:
    """As many as fit into the time of their locks, but no fewer than usual, and at most twice as many as before."""
    fitting = max(int(people * TARGET_SECONDS / seconds), USUAL)
    return min(fitting, 2 * people, batches.MOST)


def _after_failure(tenant_id: UUID, most: int) -> None:
    sizes[tenant_id] = ONE
    if most == ONE:
        with tenant_session(tenant_id) as session:
            batches.refuse_next(session)
