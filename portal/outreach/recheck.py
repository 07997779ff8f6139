"""Letters that a rule holds are asked again at once when what held them has changed; the claim judges them anew."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.gateways.queue import WorkQueue
from portal.outreach import policies
from portal.outreach.email_kinds import TIME_SENSITIVE_KINDS
from portal.outreach.models import HoldReason, Letter, LetterClass, LetterState
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
        session, Letter.recipient_norm == advocate.email_norm, Letter.hold_reason == HoldReason.PAUSED
    )


def recheck_after_policy_change(session: Session, policy: str) -> int:
    """Up or down: what is held still says until when by the new number."""
    hold = HOLD_OF_POLICY.get(policy)
    return recheck_held(session, Letter.hold_reason == hold) if hold else 0


def recheck_after_lift(session: Session, address: str) -> int:
    """A manager lets letters leave for an address again: what nothing else at the address holds."""
    return _recheck_recent(session, normalize_email(address), HoldReason.SUPPRESSED)


def recheck_after_consent(session: Session, advocate: Advocate) -> int:
    return _recheck_recent(session, advocate.email_norm, HoldReason.SUPPRESSED, HoldReason.CONSENT)


def _recheck_recent(session: Session, address: str, *holds: HoldReason) -> int:
    """What is older has been overtaken, and waits for a person, as do invitations."""
    still = suppressions_of(session, address)
    mine = (
        Letter.recipient_norm == address,
        Letter.created_at > utc_now() - RECENT,
        Letter.state == LetterState.HELD,
        Letter.hold_reason.in_(holds),
        Letter.letter_class != LetterClass.INVITATION,
        Letter.kind.not_in([kind.value for kind in TIME_SENSITIVE_KINDS]),
        ~_is_run_stopped(),
    )
    found = session.execute(select(Letter.id, Letter.letter_class, Letter.purpose).where(*mine))
    free = [letter_id for letter_id, kind, purpose in found if blocking_reason(still, kind, purpose) is None]
    return recheck_held(session, Letter.id.in_(free)) if free else 0


def _is_run_stopped() -> ColumnElement[bool]:
    """Its sequence was ended for this reader, or for everybody. A letter held for good keeps its reason then."""
    end = select(EmailSequence.ended_at).where(EmailSequence.id == Letter.sequence_id).scalar_subquery()
    own = and_(SequenceRun.about_id == Letter.about_id, SequenceRun.recipient_norm == Letter.recipient_norm)
    stopped = (SequenceRun.sequence_id == Letter.sequence_id, SequenceRun.state == RunState.STOPPED)
    return (
        select(SequenceRun.id)
        .where(*stopped, or_(own, SequenceRun.ended_at >= end))
        .correlate(Letter)
        .exists()
    )


def recheck_held(session: Session, *which: ColumnElement[bool]) -> int:
    """How many."""
    asked = update(Letter).where(Letter.state == LetterState.HELD, *which).values(due_at=utc_now())
    found = session.execute(asked, execution_options=WITHOUT_SYNC).rowcount  # type: ignore[attr-defined]
    for queue in (WorkQueue.MAIL, WorkQueue.SIGN_IN) if found else ():
        wake_after_commit(session, queue.value)
    return int(found)
