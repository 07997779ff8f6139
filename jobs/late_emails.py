"""Says in the log what a manager sees on the page: emails that should have left long ago and have not."""

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from portal.outreach.messages.alarms import QUEUES, Alarm, late_alarms
from portal.outreach.messages.send_results import RETRY_DELAYS
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.queries import tenants_with_due

log = structlog.get_logger()
MINUTE = 60
LOG_MESSAGES = {Alarm.LATE: "emails are late", Alarm.SIGN_IN: "links to sign in are late"}


def tenants_with_late_emails(session: Session) -> Sequence[UUID]:
    due = utc_now() + max(RETRY_DELAYS)
    found = (tenants_with_due(session, "emails", now=due, queue=queue.value) for queue in QUEUES)
    return sorted({tenant_id for ids in found for tenant_id in ids})


def log_late_emails(session: Session) -> None:
    for raised in late_alarms(session):
        what, minutes = LOG_MESSAGES[raised.alarm], int(raised.age.total_seconds() // MINUTE)
        log.error(
            what,
            workspace=str(tenant_of(session)),
            minutes=minutes,
            reason=raised.status.code.value,
            **raised.status.params,
        )
