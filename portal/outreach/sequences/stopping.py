"""Ends runs early, and withdraws emails that were written and have not left."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from portal.lifecycle import move, move_many
from portal.outreach.models import Email, EmailMove, EmailState
from portal.outreach.sequences import queries
from portal.outreach.sequences.models import (
    FINISHABLE_STATES,
    OWN,
    EmailSequence,
    RunMove,
    SequenceMove,
    SequenceRun,
    StopReason,
)
from portal.outreach.status_codes import EmailStatus, StatusCode
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC
from tenants.models import Membership

WITHDRAWAL_REASONS = {
    StopReason.ANSWERED: StatusCode.SEQUENCE_ANSWERED,
    StopReason.WITHDRAWN: StatusCode.SEQUENCE_WITHDRAWN,
    StopReason.DISMISSED: StatusCode.SEQUENCE_WITHDRAWN,
    StopReason.UNSUBSCRIBED: StatusCode.SEQUENCE_UNSUBSCRIBED,
    StopReason.LEFT: StatusCode.SEQUENCE_LEFT,
    StopReason.LIMIT: StatusCode.SEQUENCE_LIMIT,
    StopReason.BY_HAND: StatusCode.SEQUENCE_BY_HAND,
}


def stop_runs(session: Session, conditions: Collection[ColumnElement[bool]], reason: StopReason) -> None:
    step = RunMove.STOP_ANSWERED if reason is StopReason.ANSWERED else RunMove.STOP
    move_many(session, SequenceRun, step, *conditions, columns={"stop_reason": reason})


def withdraw_emails(
    session: Session,
    conditions: Collection[ColumnElement[bool]],
    reason: StopReason,
    code: StatusCode | None = None,
) -> None:
    """Withdraw emails that wait, or are held for a reason that would pass.

    One that is being sent at this moment may arrive; if it comes back it is not sent again.
    """
    of_a_sequence, why = Email.sequence_id.is_not(None), EmailStatus(code or WITHDRAWAL_REASONS[reason])
    waiting = (*conditions, of_a_sequence, queries.is_waiting())
    move_many(session, Email, EmailMove.WITHDRAW, *waiting, columns=why.columns)
    on_their_way = Email.state.in_((EmailState.SENDING, EmailState.UNKNOWN))
    back = update(Email).where(*conditions, of_a_sequence, on_their_way).values(obsolete_at=utc_now())
    session.execute(back, execution_options=WITHOUT_SYNC)


def emails_of_runs(runs: Any) -> ColumnElement[bool]:
    same = (SequenceRun.sequence_id, SequenceRun.subject_id, SequenceRun.recipient_norm)
    its = tuple_(Email.sequence_id, Email.subject_id, Email.recipient_norm)
    return its.in_(select(*same).where(*runs))


def is_finite(sequence: EmailSequence) -> bool:
    """Tell whether it ends by itself: at a limit, or without recipients. Its turns are taken one by one."""
    return sequence.program == OWN or sequence.max_emails is not None or sequence.max_answers is not None


def finish_sequence(
    session: Session, sequence: EmailSequence, reason: StopReason, *, by: Membership | None = None
) -> None:
    move(session, sequence, SequenceMove.FINISH, by=by, why=reason.value)
    stop_runs(session, [SequenceRun.sequence_id == sequence.id], reason)
    withdraw_emails(session, [Email.sequence_id == sequence.id], reason)


def finish_if_complete(session: Session, sequence: EmailSequence) -> None:
    """Finish a complete sequence; the caller has locked it.

    While an email of it may still leave, it stays open: one that does not leave after all frees its place.
    """
    if sequence.state not in FINISHABLE_STATES:
        return
    if sequence.max_answers is not None and count_answers(session, sequence.id) >= sequence.max_answers:
        finish_sequence(session, sequence, StopReason.LIMIT)
    elif remaining_emails(session, sequence) == 0:
        if not queries.has_pending_emails(session, sequence.id):
            finish_sequence(session, sequence, StopReason.LIMIT)
    elif sequence.program == OWN and not _is_ongoing(session, sequence):
        move(session, sequence, SequenceMove.COMPLETE)


def finish_complete_sequences(session: Session) -> None:
    for sequence in (
        *filter(is_finite, queries.lock_exhausted_sequences(session)),
        *_lock_full_sequences(session),
    ):
        finish_if_complete(session, sequence)


def _lock_full_sequences(session: Session) -> Sequence[EmailSequence]:
    """Lock running or paused sequences that may write no further email; skip locked ones."""
    written = (
        select(func.count())
        .where(Email.sequence_id == EmailSequence.id, _counts_toward_limit())
        .correlate(EmailSequence)
    )
    limited = (
        EmailSequence.state.in_(FINISHABLE_STATES),
        EmailSequence.max_emails.is_not(None),
    )
    found = select(EmailSequence).where(*limited, EmailSequence.max_emails <= written.scalar_subquery())
    locked = found.order_by(EmailSequence.id).with_for_update(key_share=True, skip_locked=True)
    return session.scalars(locked).all()


def _is_ongoing(session: Session, sequence: EmailSequence) -> bool:
    return queries.has_waiting_runs(session, sequence.id) or queries.has_pending_emails(session, sequence.id)


def remaining_emails(session: Session, sequence: EmailSequence) -> int | None:
    if sequence.max_emails is None:
        return None
    written = (
        select(func.count())
        .select_from(Email)
        .where(Email.sequence_id == sequence.id, _counts_toward_limit())
    )
    return max(sequence.max_emails - (session.scalar(written) or 0), 0)


def _counts_toward_limit() -> ColumnElement[bool]:
    """Match emails that left, may have arrived, or may still leave; those on hold for good reached nobody."""
    stays_here = Email.state.in_((EmailState.HELD, EmailState.FAILED))
    return or_(~stays_here, queries.is_still_pending(), Email.outcome_unknown)


def count_answers(session: Session, sequence_id: UUID) -> int:
    answered = (SequenceRun.sequence_id == sequence_id, SequenceRun.stop_reason == StopReason.ANSWERED)
    return session.scalar(select(func.count()).select_from(SequenceRun).where(*answered)) or 0
