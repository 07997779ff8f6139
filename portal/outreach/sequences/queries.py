"""Reads sequences, their steps and their runs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.orm import Session

from portal.declarations.email_kinds import EMAIL_KINDS, EmailKind
from portal.errors import NotFound
from portal.outreach.models import Email, EmailState, HoldReason
from portal.outreach.sequences.models import (
    OWN,
    EmailSequence,
    RunState,
    SequenceRun,
    SequenceState,
    SequenceStep,
    StopReason,
)
from portal.outreach.templates.models import EmailTemplate


def get(session: Session, sequence_id: UUID) -> EmailSequence:
    return _found(session.scalar(select(EmailSequence).where(EmailSequence.id == sequence_id)))


@dataclass(frozen=True)
class SequenceDetail:
    """A sequence with its steps, and what its own emails are called."""

    sequence: EmailSequence
    steps: Sequence[SequenceStep]
    template_names: Mapping[UUID, str]

    @cached_property
    def kinds(self) -> Sequence[EmailKind]:
        return [EMAIL_KINDS.get(step.kind) for step in self.steps]


def sequence_detail(session: Session, sequence_id: UUID) -> SequenceDetail:
    its = (
        select(EmailSequence, SequenceStep, EmailTemplate.name)
        .outerjoin(SequenceStep, SequenceStep.sequence_id == EmailSequence.id)
        .outerjoin(EmailTemplate, EmailTemplate.id == SequenceStep.template_id)
        .where(EmailSequence.id == sequence_id)
        .order_by(SequenceStep.number)
    )
    rows: Sequence[Any] = session.execute(its).all()
    sequence = _found(rows[0][0] if rows else None)
    names = {step.template_id: name for _, step, name in rows if step is not None and step.template_id}
    return SequenceDetail(sequence, [step for _, step, _ in rows if step is not None], names)


def lock_sequence(session: Session, sequence_id: UUID) -> EmailSequence:
    """Lock the sequence; always before its runs, and those before their emails."""
    locked = select(EmailSequence).where(EmailSequence.id == sequence_id).with_for_update(key_share=True)
    return _found(session.scalar(locked.execution_options(populate_existing=True)))


def steps(session: Session, sequence_id: UUID) -> Sequence[SequenceStep]:
    return session.scalars(
        select(SequenceStep).where(SequenceStep.sequence_id == sequence_id).order_by(SequenceStep.number)
    ).all()


def lock_run_of(session: Session, sequence_id: UUID, subject_id: UUID, recipient_norm: str) -> SequenceRun:
    same = (
        SequenceRun.sequence_id == sequence_id,
        SequenceRun.subject_id == subject_id,
        SequenceRun.recipient_norm == recipient_norm,
    )
    return session.scalars(select(SequenceRun).where(*same).with_for_update(key_share=True)).one()


def sequences_with_due_runs(session: Session, now: datetime) -> Sequence[UUID]:
    due = (
        select(SequenceRun.id)
        .where(SequenceRun.sequence_id == EmailSequence.id, *_due(now))
        .correlate(EmailSequence)
    )
    running = select(EmailSequence.id).where(EmailSequence.state == SequenceState.RUNNING, due.exists())
    return session.scalars(running.order_by(EmailSequence.id)).all()


def due_runs_for_update(sequence_id: UUID, now: datetime, limit: int) -> Select[SequenceRun]:
    due = select(SequenceRun).where(SequenceRun.sequence_id == sequence_id, *_due(now))
    return (
        due.order_by(SequenceRun.next_at, SequenceRun.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )


def has_waiting_runs(session: Session, sequence_id: UUID) -> bool:
    waiting = select(SequenceRun.id).where(
        SequenceRun.sequence_id == sequence_id, SequenceRun.state == RunState.WAITING
    )
    return bool(session.scalar(select(waiting.exists())))


def is_waiting() -> ColumnElement[bool]:
    """Match emails that are queued, or held for a reason that can pass."""
    can_pass = or_(Email.due_at.is_not(None), Email.hold_reason == HoldReason.PAUSED)
    return or_(Email.state == EmailState.QUEUED, and_(Email.state == EmailState.HELD, can_pass))


def is_still_pending() -> ColumnElement[bool]:
    """Match emails that may still leave: they wait, or are being sent."""
    return or_(is_waiting(), Email.state.in_([EmailState.SENDING, EmailState.UNKNOWN]))


def held_by_pause(sequence_id: UUID) -> tuple[ColumnElement[bool], ...]:
    held = (Email.state == EmailState.HELD, Email.hold_reason == HoldReason.PAUSED)
    return (Email.sequence_id == sequence_id, *held)


def has_pending_emails(session: Session, sequence_id: UUID) -> bool:
    waiting = select(Email.id).where(Email.sequence_id == sequence_id, is_still_pending())
    return bool(session.scalar(select(waiting.exists())))


def lock_exhausted_sequences(session: Session) -> Sequence[EmailSequence]:
    """Lock running and paused sequences of which every email is written; skip those somebody holds."""
    waiting = select(SequenceRun.id).where(
        SequenceRun.sequence_id == EmailSequence.id, SequenceRun.state == RunState.WAITING
    )
    exhausted = select(EmailSequence).where(
        EmailSequence.state.in_([SequenceState.RUNNING, SequenceState.PAUSED]), ~waiting.exists()
    )
    locked = exhausted.order_by(EmailSequence.id).with_for_update(key_share=True, skip_locked=True)
    return session.scalars(locked).all()


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return SequenceRun.state == RunState.WAITING, SequenceRun.next_at <= now


def _found(sequence: EmailSequence | None) -> EmailSequence:
    if sequence is None:
        raise NotFound("We couldn’t find this sequence.")
    return sequence


class RunFilter(StrEnum):
    """Which people of a sequence are looked at."""

    ALL = "all"
    WAITING = "waiting"
    ANSWERED = "answered"
    STOPPED = "stopped"
    DONE = "done"


def filtered_runs(sequence_id: UUID, run_filter: RunFilter) -> Select[SequenceRun]:
    runs = select(SequenceRun).where(SequenceRun.sequence_id == sequence_id)
    return runs if run_filter is RunFilter.ALL else runs.where(RUN_CONDITIONS[run_filter])


def latest_emails(session: Session, sequence_id: UUID, runs: Sequence[SequenceRun]) -> Mapping[UUID, Email]:
    theirs = Email.recipient_norm.in_({run.recipient_norm for run in runs})
    rows = session.scalars(
        select(Email)
        .where(Email.sequence_id == sequence_id, theirs)
        .ext(distinct_on(Email.subject_id, Email.recipient_norm))
        .order_by(Email.subject_id, Email.recipient_norm, Email.created_at.desc(), Email.id.desc())
    )
    known = {(email.subject_id, email.recipient_norm): email for email in rows}
    latest = ((run.id, known.get((run.subject_id, run.recipient_norm))) for run in runs)
    return {run_id: email for run_id, email in latest if email}


RUN_CONDITIONS: Mapping[RunFilter, ColumnElement[bool]] = {
    RunFilter.WAITING: SequenceRun.state == RunState.WAITING,
    RunFilter.ANSWERED: and_(
        SequenceRun.state == RunState.STOPPED, SequenceRun.stop_reason == StopReason.ANSWERED
    ),
    RunFilter.STOPPED: and_(
        SequenceRun.state == RunState.STOPPED, SequenceRun.stop_reason != StopReason.ANSWERED
    ),
    RunFilter.DONE: SequenceRun.state == RunState.DONE,
}


def run_counts(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, Mapping[RunFilter, int]]:
    """Count in one query; each number is the length of the list behind it."""
    each = [func.count().filter(condition) for condition in RUN_CONDITIONS.values()]
    rows = session.execute(
        select(SequenceRun.sequence_id, func.count(), *each)
        .where(SequenceRun.sequence_id.in_(ids))
        .group_by(SequenceRun.sequence_id)
    )
    nobody = dict.fromkeys(RunFilter, 0)
    counts = {
        sequence_id: dict(zip((RunFilter.ALL, *RUN_CONDITIONS), numbers, strict=True))
        for sequence_id, *numbers in rows
    }
    return {sequence_id: counts.get(sequence_id, nobody) for sequence_id in ids}


def step_delays(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[int]]:
    its = select(
        SequenceStep.sequence_id,
        func.array_agg(aggregate_order_by(SequenceStep.minutes, SequenceStep.number)),
    )
    rows = session.execute(its.where(SequenceStep.sequence_id.in_(ids)).group_by(SequenceStep.sequence_id))
    return {sequence_id: delays for sequence_id, delays in rows}  # noqa: C416 (rows are not pairs to mypy)


def lock_own_sequence(session: Session, sequence_id: UUID) -> EmailSequence:
    sequence = lock_sequence(session, sequence_id)
    return _found(sequence if sequence.program == OWN else None)


def lock_runs(session: Session, sequence_id: UUID, ids: Collection[UUID]) -> Sequence[SequenceRun]:
    """Lock runs in one order, so that two managers who pick the same people wait in no circle."""
    in_order = (
        select(SequenceRun)
        .where(SequenceRun.id.in_(ids), SequenceRun.sequence_id == sequence_id)
        .order_by(SequenceRun.id)
    )
    return session.scalars(in_order.with_for_update(key_share=True)).all()


def lock_run(session: Session, sequence_id: UUID, run_id: UUID) -> SequenceRun:
    run_row = select(SequenceRun).where(SequenceRun.id == run_id, SequenceRun.sequence_id == sequence_id)
    run = session.scalar(run_row.with_for_update(key_share=True))
    if run is None:
        raise NotFound("We couldn’t find this person in the sequence.")
    return run
