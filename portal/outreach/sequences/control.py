"""Starts, pauses, resumes and ends a whole sequence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, cast, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from portal import history
from portal.accounts.models import Account
from portal.advocates.models import Advocate, ConsentPurpose
from portal.declarations.email_kinds import EmailClass
from portal.errors import Conflict
from portal.gateways.queue import WorkQueue
from portal.lifecycle import move
from portal.outreach.models import Email
from portal.outreach.sequences import queries, stopping, timing
from portal.outreach.sequences.audience import can_be_reached, select_advocates
from portal.outreach.sequences.models import (
    LIFECYCLE,
    OWN,
    RUN_LIFECYCLE,
    EmailSequence,
    RunState,
    SequenceAction,
    SequenceMove,
    SequenceRun,
    SequenceStep,
    StopReason,
)
from portal.outreach.status_codes import StatusCode
from portal.outreach.suppressions.blocking import blocking_reason
from portal.outreach.suppressions.queries import active_suppressions
from portal.segments.review_rule import check_for_reviews
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC, tenant_of, wake_after_commit
from tenants.models import Membership


def start_sequence(session: Session, sequence_id: UUID, *, by: Membership) -> int:
    """Start runs for everybody of its audience who may be emailed now; return how many."""
    sequence, now = queries.lock_sequence(session, sequence_id), utc_now()
    LIFECYCLE.after(SequenceMove.START, sequence.state)
    check_reviewable(session, sequence)
    added = _insert_runs(session, sequence, now, by)
    if not added:
        raise Conflict("No one in this audience has agreed and can be emailed. Nothing was started.")
    move(session, sequence, SequenceMove.START, by=by, at=now, columns={"by_id": by.id}, people=added)
    wake_after_commit(session, WorkQueue.MESSAGES.value)
    return added


def check_reviewable(session: Session, sequence: EmailSequence) -> None:
    """An email that stands on the consent to reviews asks for one: satisfaction decides nobody's place in it."""
    if sequence.purpose == ConsentPurpose.REVIEWS:
        check_for_reviews(session, sequence.is_for)


def pause_sequence(session: Session, sequence_id: UUID, *, by: Membership) -> None:
    """Pause it: no step is written, and the claim holds what was."""
    sequence = queries.lock_sequence(session, sequence_id)
    move(session, sequence, SequenceMove.PAUSE, by=by)


def resume_sequence(session: Session, sequence_id: UUID, *, by: Membership) -> None:
    """Resume it: what was held leaves now; steps that fell due meanwhile are made up for, or passed over."""
    sequence = queries.lock_sequence(session, sequence_id)
    move(session, sequence, SequenceMove.RESUME, by=by)
    held = update(Email).where(*queries.held_by_pause(sequence.id))
    session.execute(held.values(due_at=utc_now()), execution_options=WITHOUT_SYNC)
    for queue in (WorkQueue.MESSAGES, WorkQueue.MAIL):
        wake_after_commit(session, queue.value)


def end_sequence(session: Session, sequence_id: UUID, *, by: Membership) -> None:
    """End it for good: what is written and has not left never leaves."""
    sequence = queries.lock_sequence(session, sequence_id)
    if sequence.program != OWN:
        raise Conflict("This sequence is built in. You can pause it, but not end it.")
    stopping.finish_sequence(session, sequence, StopReason.BY_HAND, by=by)


def remove_recipient(session: Session, sequence_id: UUID, run_id: UUID, *, by: Membership) -> SequenceRun:
    sequence = queries.lock_sequence(session, sequence_id)
    run = queries.lock_run(session, sequence_id, run_id)
    if run.state is not RunState.WAITING:
        raise Conflict("%(name)s is no longer in this sequence. Nothing was changed.", name=run.recipient)
    stopping.stop_runs(session, [SequenceRun.id == run.id], StopReason.BY_HAND)
    stopping.withdraw_emails(
        session,
        [stopping.emails_of_runs([SequenceRun.id == run.id])],
        StopReason.BY_HAND,
        StatusCode.SEQUENCE_RECIPIENT_REMOVED,
    )
    history.record(session, sequence, SequenceAction.RECIPIENT_REMOVED, by=by)
    stopping.finish_if_complete(session, sequence)
    return run


def _insert_runs(session: Session, sequence: EmailSequence, now: datetime, by: Membership) -> int:
    """Start runs; return how many."""
    row = _run_columns(sequence, queries.steps(session, sequence.id)[0], now, by) | {
        "tenant_id": literal(tenant_of(session), Uuid)
    }
    chosen = select_advocates(*row.values()).where(can_be_reached(session, sequence.is_for, sequence.purpose))
    new = insert(SequenceRun).from_select([*row], chosen, include_defaults=False).on_conflict_do_nothing()
    done = session.execute(new, execution_options={"preserve_rowcount": True})
    return int(done.rowcount) - _remove_suppressed(session, sequence)  # type: ignore[attr-defined]


def _remove_suppressed(session: Session, sequence: EmailSequence) -> int:
    """Leave out suppressed addresses; the database alone cannot tell, since it keeps only hashes of them."""
    mine = SequenceRun.sequence_id == sequence.id
    held = active_suppressions(session, session.scalars(select(SequenceRun.recipient_norm).where(mine)).all())
    never = [to for to, said in held.items() if blocking_reason(said, EmailClass.PROGRAM, sequence.purpose)]
    session.execute(
        delete(SequenceRun).where(mine, SequenceRun.recipient_norm.in_(never)),
        execution_options=WITHOUT_SYNC,
    )
    return len(never)


def _run_columns(
    sequence: EmailSequence, first: SequenceStep, now: datetime, by: Membership
) -> dict[str, Any]:
    """Select a run for each person, in the order of their ids, as the dry run counts them."""
    own_id, fresh = cast(Advocate.id, Text), cast(func.gen_random_uuid(), Text)
    return {
        "id": cast(func.left(own_id, 18).concat(func.right(fresh, 18)), Uuid),
        "created_at": literal(now),
        "sequence_id": literal(sequence.id, Uuid),
        "advocate_id": Advocate.id,
        "recipient": Advocate.email,
        "recipient_norm": Advocate.email_norm,
        "recipient_name": _recipient_name(),
        "reply_to": literal(""),
        "locale": literal("en"),  # of advocates no other is known
        "time_zone": Advocate.time_zone,
        "subject_type": literal(Advocate.__tablename__),
        "subject_id": Advocate.id,
        "fields": _run_fields(by),
        "links": cast(literal("{}"), JSONB),
        "purpose": literal(sequence.purpose),
        "anchor_at": literal(now),
        "step": literal(0),
        "next_at": literal(timing.due_at(first, now)),
        "state": literal(RUN_LIFECYCLE.initial.value),
    }


def _recipient_name() -> Any:
    """Return the name on one line, whatever a file once brought: it stands in an email's header."""
    whole = Advocate.first_name.concat(" ").concat(Advocate.last_name)
    return func.trim(func.regexp_replace(whole, r"[\s[:cntrl:]]+", " ", "g"))


def _run_fields(by: Membership) -> Any:
    company = func.coalesce(Account.name, Advocate.company)
    return func.jsonb_build_object("company", company, "from_name", cast(literal(by.name), Text))
