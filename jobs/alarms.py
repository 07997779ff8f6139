"""Says in the log what a manager sees on the page: letters that should have left long ago and have not."""

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from portal.outreach.alarms import QUEUES, Alarm, late
from portal.outreach.claims import LATER
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.queries import tenants_with_due

log = structlog.get_logger()
MINUTE = 60
SAID = {Alarm.LATE: "letters are late", Alarm.SIGN_IN: "links to sign in are late"}


def with_late_letters(session: Session) -> Sequence[UUID]:
    """Those with a letter that is due, or is tried again later: tries lie half a day apart at most."""
    due = utc_now() + max(LATER)
    found = (tenants_with_due(session, "letters", now=due, queue=queue.value) for queue in QUEUES)
    return sorted({tenant_id for ids in found for tenant_id in ids})


def say_late(session: Session) -> None:
    for found in late(session):
        what, minutes = SAID[found.alarm], int(found.age.total_seconds() // MINUTE)
        log.error(what, workspace=str(tenant_of(session)), minutes=minutes, why=found.why)
