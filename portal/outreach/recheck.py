"""Rechecks emails on hold at once when what held them has changed; the claim decides anew."""

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.gateways.queue import WorkQueue
from portal.outreach import policies
from portal.outreach.models import Email, EmailState, HoldReason
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC, wake_after_commit

HOLD_OF_POLICY = {  # what each number of the workspace holds back
    policies.SEND_FROM_HOUR.name: HoldReason.QUIET_HOURS,
    policies.SEND_UNTIL_HOUR.name: HoldReason.QUIET_HOURS,
    policies.WEEKDAYS_ONLY.name: HoldReason.QUIET_HOURS,
    policies.EMAILS_PER_WEEK.name: HoldReason.FREQUENCY_CAP,
    policies.EMAILS_PER_MONTH.name: HoldReason.FREQUENCY_CAP,
    policies.EMAILS_PER_DAY.name: HoldReason.DAILY_LIMIT,
}


def recheck_after_pause(session: Session, advocate: Advocate) -> int:
    return recheck_held(
        session, Email.recipient_norm == advocate.email_norm, Email.hold_reason == HoldReason.PAUSED
    )


def recheck_after_policy_change(session: Session, policy: str) -> int:
    """Recheck held emails, whether the number went up or down: they say until when they wait."""
    hold = HOLD_OF_POLICY.get(policy)
    return recheck_held(session, Email.hold_reason == hold) if hold else 0


def recheck_held(session: Session, *which: ColumnElement[bool]) -> int:
    asked = update(Email).where(Email.state == EmailState.HELD, *which).values(due_at=utc_now())
    found = session.execute(asked, execution_options=WITHOUT_SYNC).rowcount  # type: ignore[attr-defined]
    for queue in (WorkQueue.MAIL, WorkQueue.SIGN_IN) if found else ():
        wake_after_commit(session, queue.value)
    return int(found)
