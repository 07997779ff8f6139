"""What a program says about its emails: start a run, or stop it as something was answered, withdrawn or ended.

Called in the transaction of the change itself. Locks: the sequence, then its runs, then their emails.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.declarations.email_content import About, EmailLinks, FieldValues, Recipient
from portal.errors import Conflict
from portal.gateways.queue import WorkQueue
from portal.id_arrays import is_one_of
from portal.lifecycle import move
from portal.outreach.email_content import dump_fields, dump_links
from portal.outreach.models import Email
from portal.outreach.sequences import queries, stopping, timing
from portal.outreach.sequences.models import (
    OWN,
    EmailSequence,
    RunMove,
    RunState,
    SequenceRun,
    SequenceState,
    StopReason,
)
from tenants.clock import utc_now
from tenants.database import tenant_of, wake_after_commit

ACCEPTING_STATES = frozenset({SequenceState.RUNNING, SequenceState.PAUSED})
FINAL_STOPS = frozenset({StopReason.LIMIT, StopReason.BY_HAND})


def start_run(
    session: Session,
    sequence: EmailSequence,
    to: Recipient,
    *,
    about: About,
    anchor_at: datetime,
    fields: FieldValues | None = None,
    links: EmailLinks | None = None,
    purpose: str = "",
    time_zone: str = "",
) -> SequenceRun:
    """Start a run. Repeated it brings the fields up to date; for another moment it begins anew."""
    if sequence.state not in ACCEPTING_STATES:
        raise Conflict("The sequence “%(name)s” isn’t running, so no one was added.", name=sequence.name)
    values = {
        **_recipient_values(to, time_zone),
        "subject_type": about[0],
        "fields": dump_fields(fields or {}),
        "links": dump_links(links or {}),
        "purpose": purpose,
    }
    place = timing.first_position(queries.steps(session, sequence.id), anchor_at, utc_now())
    schedule = {"anchor_at": anchor_at, "step": place.step, "next_at": place.next_at}
    run = _insert_run(session, sequence, to, about[1], values | schedule)
    if run is None:
        earlier = queries.lock_run_of(session, sequence.id, about[1], to.norm)
        run = _restart_run(session, earlier, values, schedule)
    wake_after_commit(session, WorkQueue.MESSAGES.value)
    return run


def _recipient_values(to: Recipient, time_zone: str) -> dict[str, Any]:
    return {
        "user_id": to.user_id,
        "advocate_id": to.advocate_id,
        "recipient": to.email.strip(),
        "recipient_name": to.name,
        "reply_to": to.reply_to,
        "locale": to.locale,
        "time_zone": time_zone or to.time_zone,
    }


def _insert_run(
    session: Session, sequence: EmailSequence, to: Recipient, subject_id: UUID, values: dict[str, Any]
) -> SequenceRun | None:
    """Insert a run; without a step left, it is over at once."""
    key = {"sequence_id": sequence.id, "subject_id": subject_id, "recipient_norm": to.norm}
    waits = {"next_at": values["next_at"] or values["anchor_at"]}
    new = insert(SequenceRun).values(tenant_id=tenant_of(session), **key, **values | waits)
    run = session.scalar(new.on_conflict_do_nothing().returning(SequenceRun))
    if run is not None and values["next_at"] is None:
        move(session, run, RunMove.COMPLETE)
        session.flush()
    return run


def _restart_run(
    session: Session, run: SequenceRun, values: dict[str, Any], schedule: dict[str, Any]
) -> SequenceRun:
    is_moved = run.anchor_at != schedule["anchor_at"]
    is_restarted = run.stop_reason is StopReason.WITHDRAWN or (
        is_moved and run.stop_reason not in FINAL_STOPS
    )
    if is_moved and is_restarted:
        stopping.withdraw_emails(
            session, [stopping.emails_of_runs([SequenceRun.id == run.id])], StopReason.WITHDRAWN
        )
    if run.state is RunState.WAITING or is_restarted:
        for name, value in values.items():
            setattr(run, name, value)
    if is_restarted:
        move(session, run, RunMove.RESTART, columns=schedule)
        if schedule["next_at"] is None:
            move(session, run, RunMove.COMPLETE)
    session.flush()
    return run


def move_anchors(
    session: Session, kind: str, row_ids: Collection[UUID], anchor_at: datetime, fields: FieldValues
) -> None:
    """Of the runs about all these, which wait: each step is so long after another moment now."""
    waiting_runs = [SequenceRun.subject_type == kind, SequenceRun.subject_id == is_one_of(row_ids)]
    waiting_runs.append(SequenceRun.state == RunState.WAITING)
    _lock_finite_sequences(session, waiting_runs)
    waiting = (
        select(SequenceRun).where(*waiting_runs).order_by(SequenceRun.id).with_for_update(key_share=True)
    )
    runs = session.scalars(waiting.execution_options(populate_existing=True)).all()
    steps = {each: queries.steps(session, each) for each in {run.sequence_id for run in runs}}
    for run in runs:
        run.anchor_at, run.fields = anchor_at, {**run.fields, **dump_fields(fields)}
        run.next_at = timing.position_after(steps[run.sequence_id], run.step, anchor_at).next_at


def stop_for_subject(session: Session, about: About, reason: StopReason) -> None:
    """Stop every sequence about this, and withdraw what has not left."""
    kind, row_id = about
    _stop_runs(
        session,
        [SequenceRun.subject_type == kind, SequenceRun.subject_id == row_id],
        [Email.subject_type == kind, Email.subject_id == row_id],
        reason,
    )


def stop_for_subjects(session: Session, kind: str, row_ids: Collection[UUID], reason: StopReason) -> None:
    """As the one before, about many in a few statements."""
    _stop_runs(
        session,
        [SequenceRun.subject_type == kind, SequenceRun.subject_id == is_one_of(row_ids)],
        [Email.subject_type == kind, Email.subject_id == is_one_of(row_ids)],
        reason,
    )


def stop_for_advocate(session: Session, advocate_id: UUID, purpose: str, reason: StopReason) -> None:
    """Stop emails that need this purpose; an empty one means all."""
    runs: list[ColumnElement[bool]] = [SequenceRun.advocate_id == advocate_id]
    if purpose:
        runs.append(SequenceRun.purpose == purpose)
    _stop_runs(session, runs, [stopping.emails_of_runs(runs)], reason)


def _stop_runs(
    session: Session, runs: list[ColumnElement[bool]], emails: list[ColumnElement[bool]], reason: StopReason
) -> None:
    watched = _lock_finite_sequences(session, runs)
    stopping.stop_runs(session, runs, reason)
    stopping.withdraw_emails(session, emails, reason)
    for sequence in watched:
        stopping.finish_if_complete(session, sequence)


def _lock_finite_sequences(session: Session, runs: list[ColumnElement[bool]]) -> list[EmailSequence]:
    """Lock sequences in one order before any of their runs, so that one caller at a time counts an answer."""
    ends_itself = or_(
        EmailSequence.program == OWN,
        EmailSequence.max_emails.is_not(None),
        EmailSequence.max_answers.is_not(None),
    )
    sequence_ids = select(SequenceRun.sequence_id).where(*runs)
    finite = (
        select(EmailSequence)
        .where(EmailSequence.id.in_(sequence_ids), ends_itself)
        .order_by(EmailSequence.id)
    )
    locked = finite.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(session.scalars(locked))
