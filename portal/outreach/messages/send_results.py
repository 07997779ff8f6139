"""Records what the gateway said of claimed emails; what it accepted is true whatever happened since."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, func, literal
from sqlalchemy.orm import Session

from portal.declarations.email_kinds import EmailClass
from portal.gateways.mail import SendOutcome, SendResult
from portal.lifecycle import move_many
from portal.outreach import ask_emails
from portal.outreach.governance.daily_stats import add_to_daily_stats, workspace_day
from portal.outreach.messages.claim import ClaimedEmails
from portal.outreach.models import Email, EmailMove, EmailState
from portal.outreach.status_codes import EmailStatus, StatusCode
from tenants.clock import utc_now

RETRY_DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 720)]
NOT_SENT_VERDICTS = {SendOutcome.RETRY, SendOutcome.REFUSED}  # what certainly did not leave


class Outcome(NamedTuple):
    """What becomes of emails that the gateway did not take."""

    step: EmailMove
    columns: dict[str, Any]


def record_results(
    session: Session,
    claimed: ClaimedEmails,
    receipts: Iterable[SendResult],
    *,
    event_wait: timedelta = timedelta(),
) -> None:
    """Keep the result of each email; one without is unknown, and checked after `event_wait`."""
    results = {receipt.email_id: receipt for receipt in receipts}
    accepted = _mark_accepted(
        session, [one for one in results.values() if one.outcome is SendOutcome.ACCEPTED]
    )
    ask_emails.tell_schedule(
        session, (email for email in claimed.emails if _is_accepted(results.get(email.id)))
    )
    stayed: list[datetime] = []
    for (receipt, tries), ids in _not_accepted(claimed, results).items():
        outcome = _outcome(receipt, tries + 1, event_wait)
        changed = _mark_not_accepted(session, ids, claimed.lease_until, outcome)
        stayed += changed if receipt.outcome in NOT_SENT_VERDICTS else []
    _update_daily_stats(session, accepted, stayed)


def _is_accepted(receipt: SendResult | None) -> bool:
    return receipt is not None and receipt.outcome is SendOutcome.ACCEPTED


def _not_accepted(
    claimed: ClaimedEmails, results: Mapping[UUID, SendResult]
) -> Mapping[tuple[SendResult, int], Sequence[UUID]]:
    """Group emails that were not accepted by their result and how often they were tried."""
    rejected: dict[tuple[SendResult, int], list[UUID]] = defaultdict(list)
    for email in claimed.emails:
        receipt = results.get(email.id) or SendResult(email.id, SendOutcome.UNKNOWN)
        if receipt.outcome is not SendOutcome.ACCEPTED:
            rejected[_without_id(receipt), email.tries].append(email.id)
    return rejected


def _update_daily_stats(session: Session, accepted: int, stayed: Iterable[datetime]) -> None:
    """Count emails, not attempts: what certainly did not leave uses up none of the day's limit."""
    days = Counter(workspace_day(session, claimed_at) for claimed_at in stayed)
    for day, number in sorted(days.items()):
        add_to_daily_stats(session, day, claimed=-number)
    if accepted:
        add_to_daily_stats(session, workspace_day(session, utc_now()), accepted=accepted)


def _mark_accepted(session: Session, receipts: Iterable[SendResult]) -> int:
    """Mark accepted emails, also for a worker that lost its lease; return how many were not known to be accepted.

    What was dropped since stays dropped.
    """
    by_call: dict[str, list[UUID]] = defaultdict(list)
    for receipt in receipts:
        by_call[receipt.provider_id].append(receipt.email_id)
    dropped = and_(Email.state == EmailState.FAILED, Email.first_event_at.is_not(None))
    moved = 0
    for provider_id, ids in by_call.items():
        accepted = Email.id == any_(literal(ids, ARRAY(Uuid)))
        called = {"provider_id": provider_id}
        moved += len(move_many(session, Email, EmailMove.ACCEPT, accepted, ~dropped, columns=called))
    return moved


def _mark_not_accepted(
    session: Session, ids: Sequence[UUID], lease_until: datetime, outcome: Outcome
) -> list[datetime]:
    """Only while the lease is this worker's own: another may have the email by now.

    Returns when those were claimed that the day's limit counted.
    """
    still_leased = (Email.id == any_(literal(list(ids), ARRAY(Uuid))), Email.lease_until == lease_until)
    counted = (Email.email_class, Email.claimed_at)
    rows = move_many(session, Email, outcome.step, *still_leased, columns=outcome.columns, returning=counted)
    return [at for _, email_class, at in rows if at and email_class is not EmailClass.TRANSACTIONAL]


def _without_id(receipt: SendResult) -> SendResult:
    """Drop the id, so that emails with the same result are marked together."""
    return SendResult(UUID(int=0), receipt.outcome, receipt.reason, "", receipt.retry_after)


def _outcome(receipt: SendResult, tries: int, event_wait: timedelta) -> Outcome:
    match receipt.outcome:
        case SendOutcome.REFUSED:
            return Outcome(EmailMove.REFUSE, _status(receipt).columns)
        case SendOutcome.RETRY:
            return _retry_later(receipt, tries)
        case _:
            checked = {"due_at": utc_now() + event_wait}
            return Outcome(EmailMove.LOSE_TRACK, _status(receipt).columns | checked)


def _status(receipt: SendResult) -> EmailStatus:
    if not receipt.reason:
        return EmailStatus(StatusCode.NO_ANSWER)
    return EmailStatus(StatusCode.GATEWAY_REPLY, {"text": receipt.reason})


def _retry_later(receipt: SendResult, tries: int) -> Outcome:
    """Retry later; a provider that asks us to wait does not use up a try."""
    since = func.coalesce(Email.first_rejected_at, Email.claimed_at)
    columns = {"first_rejected_at": since, **_status(receipt).columns}
    if receipt.retry_after > 0:
        columns |= {"due_at": utc_now() + timedelta(seconds=receipt.retry_after), "tries": tries - 1}
    elif tries > len(RETRY_DELAYS):
        exhausted = EmailStatus(StatusCode.RETRIES_EXHAUSTED, {"tries": tries, "text": receipt.reason})
        return Outcome(EmailMove.REFUSE, exhausted.columns)
    else:
        columns["due_at"] = utc_now() + RETRY_DELAYS[tries - 1]
    return Outcome(EmailMove.RETRY_LATER, columns)
