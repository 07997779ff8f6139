"""Asks campaigns: a batch for each workspace in turn, small enough that nobody waits long for its locks.

Killed at any moment, the next wake-up goes on from the last commit (portal/campaigns/batches.py).
"""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from jobs.service_waits import is_connection_lost
from jobs.time_budget import TimeBudget, round_robin
from jobs.worker_context import worker_context
from portal.asks.locked_people import LOCKED_SINCE
from portal.campaigns import actions, batches
from portal.campaigns.audience import AudienceChanged
from portal.campaigns.failures import note_failure
from portal.campaigns.models import CampaignMove, CampaignStopped
from portal.campaigns.unsent import withdraw_unsent
from portal.declarations.program_switches import ProgramIsOff
from portal.gateways.queue import WorkQueue
from portal.outbox import Message
from portal.segments.review_rule import NotForReviews
from tenants.clock import utc_now
from tenants.database import bound_lock_waits, is_lock_conflict, system_session, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()
TARGET_SECONDS = 0.15  # that companies and people of one batch are locked; never 0.3
LONGEST_WAIT = timedelta(milliseconds=100)  # for one lock, while the batch holds those of others
FIRST, ONE = 50, 1  # people
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
    """Return whether anything was done. A batch that fails is tried person by person (campaigns/failures.py)."""
    most, info = sizes[tenant_id], dict[Any, Any]()
    try:
        with tenant_session(tenant_id) as session:
            info = session.info
            bound_lock_waits(session, LONGEST_WAIT)
            people = batches.work_on_next(session, most)
    except ProgramIsOff:
        return 0  # somebody has just switched it off: everybody keeps their place
    except NotForReviews:
        return _refuse(tenant_id, info[batches.IN_HAND].campaign_id, CampaignMove.REFUSE)
    except AudienceChanged:
        return _refuse(tenant_id, info[batches.IN_HAND].campaign_id, CampaignMove.TURN_BACK)
    except Exception as problem:
        if is_connection_lost(problem):
            raise
        if is_lock_conflict(problem):
            sizes[tenant_id] = max(most // 2, ONE)  # fewer people meet fewer others
            return int(most > ONE)
        log.exception("batch failed", workspace=str(tenant_id), people=most)
        _after_failure(tenant_id, info.get(batches.IN_HAND))
        return 0
    if (locked_since := info.get(LOCKED_SINCE)) is not None and people == most:
        sizes[tenant_id] = _next_size(people, time.monotonic() - locked_since)
    return int(people is not None)


def _next_size(people: int, seconds: float) -> int:
    """As many as fit into the time of their locks, and at most twice as many as before."""
    fitting = max(int(people * TARGET_SECONDS / seconds), ONE)
    return min(fitting, 2 * people, batches.MOST)


def _refuse(tenant_id: UUID, campaign_id: UUID, step: CampaignMove) -> int:
    with tenant_session(tenant_id) as session:
        actions.refuse(session, campaign_id, step)
    return 1


def _after_failure(tenant_id: UUID, in_hand: batches.InHand | None) -> None:
    if in_hand is None or in_hand.people:
        sizes[tenant_id] = ONE  # a list that fails says nothing of batches
    if in_hand is not None:
        with tenant_session(tenant_id) as session:
            note_failure(session, in_hand.campaign_id, in_hand.people)


HANDLERS: dict[type[Message], Callable[[Session, Any], None]] = {CampaignStopped: withdraw_unsent}
