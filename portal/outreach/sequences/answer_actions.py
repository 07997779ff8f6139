"""Replies to a workspace's own emails: only people read them, so a manager marks who replied."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history
from portal.outreach.sequences import queries, stopping
from portal.outreach.sequences.models import (
    OWN,
    EmailSequence,
    RunState,
    SequenceAction,
    SequenceRun,
    StopReason,
)
from tenants.models import Membership


@dataclass(frozen=True)
class MarkedAnswers:
    runs: Sequence[SequenceRun]
    unchanged: int  # of the picked, nothing was done about these


def can_be_marked_answered(sequence: EmailSequence, run: SequenceRun) -> bool:
    return sequence.program == OWN and run.state in {RunState.WAITING, RunState.DONE}


def mark_answered(
    session: Session, sequence_id: UUID, run_ids: Collection[UUID], *, by: Membership
) -> MarkedAnswers:
    sequence = queries.lock_own_sequence(session, sequence_id)
    picked = [
        run
        for run in queries.lock_runs(session, sequence_id, run_ids)
        if can_be_marked_answered(sequence, run)
    ]
    if picked:
        _stop_answered(session, sequence, picked, by)
    return MarkedAnswers(picked, len(set(run_ids)) - len(picked))


def _stop_answered(
    session: Session, sequence: EmailSequence, picked: Sequence[SequenceRun], by: Membership
) -> None:
    theirs = [SequenceRun.id.in_([run.id for run in picked])]
    stopping.stop_runs(session, theirs, StopReason.ANSWERED)
    stopping.withdraw_emails(session, [stopping.emails_of_runs(theirs)], StopReason.ANSWERED)
    history.record(session, sequence, SequenceAction.ANSWERED, by=by, people=len(picked))
    stopping.finish_if_complete(session, sequence)
