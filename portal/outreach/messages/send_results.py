"""What the gateway said of claimed emails, written down; what it accepted is true whatever happened since."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, func, literal, update
from sqlalchemy.orm import Session

from portal.gateways.mail import SendOutcome, SendResult
from portal.outreach.governance.daily_stats import add_to_daily_stats, workspace_day
from portal.outreach.messages.claim import ClaimedEmails
from portal.outreach.models import Email, EmailClass, EmailState, HoldReason
from portal.outreach.status_codes import NO_STATUS, EmailStatus, StatusCode
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC

RETRY_DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 720)]
FINAL_STATES = (EmailState.ACCEPTED, EmailState.DELIVERED, EmailState.BOUNCED, EmailState.COMPLAINED)
CLEARED_COLUMNS = {
    "lease_until": None,
    "first_rejected_at": None,
    "outcome_unknown": False,
    "given_up_at": None,
    "hold_reason": HoldReason.NONE,
    **NO_STATUS.columns,
}
NOT_SENT_VERDICTS = {SendOutcome.RETRY, SendOutcome.REFUSED}  # what certainly did not leave


def record_results(
    session: Session,
    claimed: ClaimedEmails,
    receipts: Iterable[SendResult],
    *,
    event_wait: timedelta = timedelta(),
) -> None:
    """Keep what the gateway said of each email. One it did not name is unknown, and checked after `event_wait`."""
    said = {receipt.email_id: receipt for receipt in receipts}
    accepted = _mark_accepted(session, [one for one in said.values() if one.outcome is SendOutcome.ACCEPTED])
    stayed: list[datetime] = []
    for (receipt, tries), ids in _not_accepted(claimed, said).items():
        changed = _mark_not_accepted(
            session, ids, claimed.lease_until, _outcome(receipt, tries + 1, event_wait)
        )
        stayed += changed if receipt.outcome in NOT_SENT_VERDICTS else []
    _update_daily_stats(session, accepted, stayed)


def _not_accepted(
    claimed: ClaimedEmails, said: Mapping[UUID, SendResult]
) -> Mapping[tuple[SendResult, int], Sequence[UUID]]:
    """Those that were not accepted, together where the same was said of them, by how often they were tried."""
    found: dict[tuple[SendResult, int], list[UUID]] = defaultdict(list)
    for email in claimed.emails:
        receipt = said.get(email.id) or SendResult(email.id, SendOutcome.UNKNOWN)
        if receipt.outcome is not SendOutcome.ACCEPTED:
            found[_without_id(receipt), email.tries].append(email.id)
    return found


def _update_daily_stats(session: Session, accepted: int, stayed: Iterable[datetime]) -> None:
    """The limit counts emails, not attempts: what certainly did not leave uses up none of its day."""
    days = Counter(workspace_day(session, claimed_at) for claimed_at in stayed)
    for day, number in sorted(days.items()):
        add_to_daily_stats(session, day, claimed=-number)
    if accepted:
        add_to_daily_stats(session, workspace_day(session, utc_now()), accepted=accepted)


def _mark_accepted(session: Session, receipts: Iterable[SendResult]) -> int:
    """How many it was news of. Good news counts even from a worker that lost its lease meanwhile; what was dropped
    since stays dropped.
    """
    by_call: dict[str, list[UUID]] = defaultdict(list)
    for receipt in receipts:
        by_call[receipt.provider_id].append(receipt.email_id)
    dropped = and_(Email.state == EmailState.FAILED, Email.first_event_at.is_not(None))
    moved = 0
    for provider_id, ids in by_call.items():
        mine = (Email.id == any_(literal(ids, ARRAY(Uuid))), Email.state.not_in(FINAL_STATES), ~dropped)
        sent = {"state": EmailState.ACCEPTED, "sent_at": utc_now(), "provider_id": provider_id}
        done = session.execute(
            update(Email).where(*mine).values(sent | CLEARED_COLUMNS), execution_options=WITHOUT_SYNC
        )
        moved += done.rowcount  # type: ignore[attr-defined]
    return moved


def _mark_not_accepted(
    session: Session, ids: Sequence[UUID], lease_until: datetime, values: dict[str, Any]
) -> list[datetime]:
    """Only while the lease is this worker's own: another may have the email by now.

    Returns when those were claimed that the day's limit counted.
    """
    still = (Email.state == EmailState.SENDING, Email.lease_until == lease_until)
    mine = Email.id == any_(literal(list(ids), ARRAY(Uuid)))
    change = update(Email).where(mine, *still).values(values | {"lease_until": None})
    rows = session.execute(
        change.returning(Email.email_class, Email.claimed_at), execution_options=WITHOUT_SYNC
    )
    return [at for email_class, at in rows if at and email_class is not EmailClass.TRANSACTIONAL]


def _without_id(receipt: SendResult) -> SendResult:
    """Emails of which the same was said are marked together."""
    return SendResult(UUID(int=0), receipt.outcome, receipt.reason, "", receipt.retry_after)


def _outcome(receipt: SendResult, tries: int, event_wait: timedelta) -> dict[str, Any]:
    match receipt.outcome:
        case SendOutcome.REFUSED:
            return _failed(_status(receipt))
        case SendOutcome.RETRY:
            return _retry_later(receipt, tries)
        case _:
            unknown = {"state": EmailState.UNKNOWN, "outcome_unknown": True, "first_rejected_at": None}
            return unknown | _status(receipt).columns | {"due_at": utc_now() + event_wait}


def _status(receipt: SendResult) -> EmailStatus:
    if not receipt.reason:
        return EmailStatus(StatusCode.NO_ANSWER)
    return EmailStatus(StatusCode.GATEWAY_REPLY, {"text": receipt.reason})


def _failed(status: EmailStatus) -> dict[str, Any]:
    return {"state": EmailState.FAILED, "due_at": None, "first_rejected_at": None, **status.columns}


def _retry_later(receipt: SendResult, tries: int) -> dict[str, Any]:
    """A provider that asks us to wait does not use up a try."""
    since = func.coalesce(Email.first_rejected_at, Email.claimed_at)
    queued = {"state": EmailState.QUEUED, "first_rejected_at": since, **_status(receipt).columns}
    if receipt.retry_after > 0:
        return queued | {"due_at": utc_now() + timedelta(seconds=receipt.retry_after), "tries": tries - 1}
    if tries > len(RETRY_DELAYS):
        return _failed(EmailStatus(StatusCode.RETRIES_EXHAUSTED, {"tries": tries, "text": receipt.reason}))
    return queued | {"due_at": utc_now() + RETRY_DELAYS[tries - 1]}
