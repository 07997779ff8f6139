"""Writes the letters of sequences whose time has come, and ends the way of those who left.

What is due by time rings no bell of its own: the ticker looks, and whoever puts somebody on the way rings.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from jobs.shift import Shift, round_robin
from jobs.waiting import is_away
from portal.advocates.models import AdvocateLeft
from portal.outbox import Message
from portal.outreach.sequences import actions, crowds, queries, walking
from portal.outreach.sequences.models import EndAsked, ResumptionAsked, StartAsked, Stop
from tenants.clock import utc_now
from tenants.database import system_session, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()


def write(shift: Shift | None = None) -> int:
    """A batch of each sequence of each workspace in turn, until nothing is due; returns how many were looked at."""
    return round_robin("sequences", due, write_some, shift or Shift())


def due() -> Sequence[UUID]:
    with system_session(read_only=True) as session:
        return tenants_with_due(session, "sequence_runs", now=utc_now())


def write_some(tenant_id: UUID) -> int:
    with tenant_session(tenant_id, read_only=True) as session:
        ids = queries.with_due_runs(session, utc_now())
    return sum(go_on(tenant_id, sequence_id) for sequence_id in ids)


def go_on(tenant_id: UUID, sequence_id: UUID) -> int:
    """One batch. A sequence that fails does not hold up the others; it is tried again with the next bell."""
    try:
        with tenant_session(tenant_id) as session:
            return walking.go_on(session, sequence_id)
    except Exception as problem:
        if is_away(problem):
            raise
        log.exception("sequence failed", workspace=str(tenant_id), sequence=str(sequence_id))
        return 0


def let_go(session: Session, message: AdvocateLeft) -> None:
    """Whoever left is on no way any more."""
    actions.stop_for(session, message.advocate_id, "", Stop.LEFT)


ANSWERS: dict[type[Message], Callable[[Session, Any], None]] = {
    AdvocateLeft: let_go,
    **dict.fromkeys((StartAsked, ResumptionAsked, EndAsked), crowds.act),
}
