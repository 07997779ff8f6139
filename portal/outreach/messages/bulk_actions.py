"""What a person may do about one email or many. Those that changed meanwhile are left alone, and counted."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from portal.errors import Conflict
from portal.lifecycle import move_many
from portal.outreach.messages import actions, queries
from portal.outreach.models import Email, EmailMove, EmailState, HoldReason
from portal.outreach.status_codes import EmailStatus
from tenants.models import Membership

NOT_RETRIED = frozenset(
    {HoldReason.OBSOLETE, HoldReason.PAUSED}
)  # trying again would send what is over, or change nothing


def can_retry(email: Email) -> bool:
    """Tell whether trying again is any use; what is rechecked by itself needs nobody."""
    if EmailMove.TRY_AGAIN not in email.possible_moves or email.state is EmailState.UNKNOWN:
        return False
    if email.state is not EmailState.HELD or email.hold_reason is HoldReason.DELIVERY_UNKNOWN:
        return True
    return email.due_at is None and email.hold_reason not in NOT_RETRIED


def can_give_up(email: Email) -> bool:
    return EmailMove.GIVE_UP in email.possible_moves and email.state is not EmailState.UNKNOWN


@dataclass(frozen=True)
class BulkEmailResult:
    changed: int
    skipped: int  # nothing was done about these
    refused: Collection[UUID] = ()  # of them, those that must not leave though they could be tried


def try_again(session: Session, ids: Collection[UUID], *, by: Membership) -> BulkEmailResult:
    may = [email for email in queries.lock_emails(session, ids) if can_retry(email)]
    refused = [email.id for email in may if not _retry_one(session, email, by)]
    tried = len(may) - len(refused)
    return BulkEmailResult(tried, len(set(ids)) - tried, refused)


def _retry_one(session: Session, email: Email, by: Membership) -> bool:
    """Retry one email; one that must not leave does not stop the others."""
    try:
        actions.try_again(session, email, by=by)
    except Conflict:
        return False
    return True


def give_up(session: Session, ids: Collection[UUID], *, by: Membership) -> BulkEmailResult:
    may = [email.id for email in queries.lock_emails(session, ids) if can_give_up(email)]
    move_many(session, Email, EmailMove.GIVE_UP, Email.id.in_(may), by=by)
    return BulkEmailResult(len(may), len(set(ids)) - len(may))


def retry_failed_for_reason(session: Session, status: EmailStatus, *, by: Membership) -> BulkEmailResult:
    return try_again(session, session.scalars(queries.failed_for_reason(status)).all(), by=by)
