"""Says in the log what a manager sees on the page: letters that were due long ago and have not left."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from portal.outreach.alarms import QUEUES, late
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.queries import tenants_with_due

log = structlog.get_logger()
SOONEST = timedelta(minutes=1)  # no workspace is told earlier
MINUTE = 60


def with_late_letters(session: Session) -> Sequence[UUID]:
    due = utc_now() - SOONEST
    found = (tenants_with_due(session, "letters", now=due, queue=queue.value) for queue in QUEUES)
    return sorted({tenant_id for ids in found for tenant_id in ids})


def say_late(session: Session) -> None:
    age = late(session)
    if age is not None:
        minutes = int(age.total_seconds() // MINUTE)
        log.error("letters are late", workspace=str(tenant_of(session)), minutes=minutes)
