"""Emails that a rule holds are asked again at once when what held them has changed; the claim judges them anew."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.gateways.queue import WorkQueue
from portal.outreach import policies
from portal.outreach.email_kinds import TIME_SENSITIVE_KINDS
from portal.outreach.models import Email, EmailClass, EmailState, HoldReason
from portal.outreach.sequences.models import EmailSequence, RunState, SequenceRun
from portal.outreach.suppressions.queries import suppressions_of
from portal.outreach.suppressions.rules import blocking_reason
from tenants.clock import utc_now
from tenants.database import wake_after_commit
from tenants.email_addresses import normalize_email

RECENT = timedelta(days=14)
HOLD_OF_POLICY = {  # what each number of the workspace holds back
    policies.SEND_FROM_HOUR.name: HoldReason.QUIET_HOURS,
    policies.SEND_UNTIL_HOUR.name: HoldReason.QUIET_HOURS,
    policies.WEEKDAYS_ONLY.name: HoldReason.QUIET_HOURS,
    policies.EMAILS_PER_WEEK.name: HoldReason.FREQUENCY_CAP,
    policies.EMAILS_PER_MONTH.name: HoldReason.FREQUENCY_CAP,
    policies.EMAILS_PER_DAY.name: HoldReason.DAILY_LIMIT,
}
WITHOUT_SYNC = {"synchronize_session": False}  # these rows are not read again in this session


def recheck_after_pause(session: Session, advocate: Advocate) -> int:
    """What the pause of a sequence holds is held again by the claim."""
    return recheck_held(
        session, Email.recipient_norm == advocate.email_norm, Email.hold_reason == HoldReason.PAUSED
    )


def recheck_after_policy_change(session: Session, policy: str) -> int:
    """Up or down: what is held still says until when by the new number."""
    hold = HOLD_OF_POLICY.get(policy)
    return recheck_held(session, Email.hold_reason == hold) if hold else 0


def recheck_after_lift(session: Session, address: str) -> int:
    """A manager lets emails leave for an address again: what nothing else at the address holds."""
    return _recheck_recent(session, normalize_email(address), HoldReason.SUPPRESSED)


def recheck_after_consent(session: Session, advocate: Advocate) -> int:
    return _recheck_recent(session, advocate.email_norm, HoldReason.SUPPRESSED, HoldReason.CONSENT)


def _recheck_recent(session: Session, address: str, *holds: HoldReason) -> int:
    """What is older has been overtaken, and waits for a person, as do invitations."""
    still = suppressions_of(session, address)
    mine = (
        Email.recipient_norm == address,
        Email.created_at > utc_now() - RECENT,
        Email.state == EmailState.HELD,
        Email.hold_reason.in_(holds),
        Email.email_class != EmailClass.INVITATION,
        Email.kind.not_in([kind.value for kind in TIME_SENSITIVE_KINDS]),
        ~_is_run_stopped(),
    )
    found = session.execute(select(Email.id, Email.email_class, Email.purpose).where(*mine))
    free = [email_id for email_id, kind, purpose in found if blocking_reason(still, kind, purpose) is None]
    return recheck_held(session, Email.id.in_(free)) if free else 0


def _is_run_stopped() -> ColumnElement[bool]:
    """Its sequence was ended for this reader, or for everybody. An email held for good keeps its reason then."""
    end = select(EmailSequence.ended_at).where(EmailSequence.id == Email.sequence_id).scalar_subquery()
    own = and_(SequenceRun.subject_id == Email.subject_id, SequenceRun.recipient_norm == Email.recipient_norm)
    stopped = (SequenceRun.sequence_id == Email.sequence_id, SequenceRun.state == RunState.STOPPED)
    return (
        select(SequenceRun.id)
        .where(*stopped, or_(own, SequenceRun.ended_at >= end))
        .correlate(Email)
        .exists()
    )


def recheck_held(session: Session, *which: ColumnElement[bool]) -> int:
    """How many."""
    asked = update(Email).where(Email.state == EmailState.HELD, *which).values(due_at=utc_now())
    found = session.execute(asked, execution_options=WITHOUT_SYNC).rowcount  # type: ignore[attr-defined]
    for queue in (WorkQueue.MAIL, WorkQueue.SIGN_IN) if found else ():
        wake_after_commit(session, queue.value)
    return int(found)
