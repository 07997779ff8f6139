"""What a person may do about letters, one or many. Those that moved on meanwhile are left alone, and counted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from portal.errors import Conflict
from portal.outreach.messages import compose, queries
from portal.outreach.models import EmailMove, HoldReason, Letter, LetterState
from tenants.models import Membership

NOT_RETRIED = frozenset(
    {HoldReason.OBSOLETE, HoldReason.PAUSED}
)  # trying again would send what is over, or change nothing


def can_retry(letter: Letter) -> bool:
    """Is there any use in it? What is looked at again by itself needs nobody."""
    if EmailMove.TRY_AGAIN not in letter.possible_moves or letter.state is LetterState.UNKNOWN:
        return False
    if letter.state is not LetterState.HELD or letter.hold_reason is HoldReason.DELIVERY_UNKNOWN:
        return True
    return letter.due_at is None and letter.hold_reason not in NOT_RETRIED


def can_give_up(letter: Letter) -> bool:
    return EmailMove.GIVE_UP in letter.possible_moves and letter.state is not LetterState.UNKNOWN


@dataclass(frozen=True)
class BulkEmailResult:
    changed: int
    skipped: int  # nothing was done about these
    on_hold: int = 0  # of them, those that a rule holds which ends by itself, and those that are over


@dataclass(frozen=True)
class RetrySelection:
    """Letters that may be tried again: surely not arrived, and those that may arrive twice."""

    certain: Sequence[Letter]
    unknown: Sequence[Letter]

    @property
    def all(self) -> list[Letter]:
        return [*self.certain, *self.unknown]


def retry_selection(session: Session, ids: Collection[UUID]) -> RetrySelection:
    found = [letter for letter in queries.get_many(session, ids) if can_retry(letter)]
    return RetrySelection(
        [letter for letter in found if not letter.outcome_unknown],
        [letter for letter in found if letter.outcome_unknown],
    )


def try_again(session: Session, ids: Collection[UUID], *, by: Membership) -> BulkEmailResult:
    found = queries.lock_emails(session, ids)
    may = [letter for letter in found if can_retry(letter)]
    waiting = sum(letter.state is LetterState.HELD and letter not in may for letter in found)
    tried = sum(_retry_one(session, letter, by) for letter in may)
    return BulkEmailResult(tried, len(set(ids)) - tried, waiting)


def _retry_one(session: Session, letter: Letter, by: Membership) -> bool:
    """One that must not leave keeps no other."""
    try:
        compose.try_again(session, letter, by=by)
    except Conflict:
        return False
    return True


def give_up(session: Session, ids: Collection[UUID], *, by: Membership) -> BulkEmailResult:
    may = [letter for letter in queries.lock_emails(session, ids) if can_give_up(letter)]
    for letter in may:
        compose.give_up(session, letter, by=by)
    return BulkEmailResult(len(may), len(set(ids)) - len(may))


def retry_failed_for_reason(session: Session, why: str, *, by: Membership) -> BulkEmailResult:
    """Every letter that failed for this reason, a thousand at a time."""
    return try_again(session, session.scalars(queries.failed_for_reason(why)).all(), by=by)
