"""Starts, resumes and ends sequences of very many people: a worker does what the button would, in one transaction."""

from uuid import NAMESPACE_OID, UUID, uuid5

import structlog
from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session

from portal import history
from portal.errors import Conflict, DomainError
from portal.lifecycle import ImpossibleMove
from portal.outbox import publish
from portal.outreach.sequences import control, queries
from portal.outreach.sequences.audience import audience_size
from portal.outreach.sequences.models import (
    FINISHABLE_STATES,
    OWN,
    EmailSequence,
    SequenceAction,
    SequenceEndRequested,
    SequenceRequest,
    SequenceResumeRequested,
    SequenceRun,
    SequenceStartRequested,
    SequenceState,
)
from portal.segments.audience import fingerprint_of
from tenants.database import tenant_of
from tenants.models import Membership

log = structlog.get_logger()
MAX_IN_REQUEST = 2_000  # people, or emails
HANDLERS = {
    SequenceStartRequested: control.start_sequence,
    SequenceResumeRequested: control.resume_sequence,
    SequenceEndRequested: control.end_sequence,
}


def start_or_request(session: Session, sequence_id: UUID, *, by: Membership) -> int | None:
    sequence = queries.lock_sequence(session, sequence_id)
    if sequence.state is SequenceState.DRAFT and _audience_size(session, sequence) > MAX_IN_REQUEST:
        control.check_reviewable(session, sequence)
        publish(session, SequenceStartRequested(sequence_id, by.id, (_seen(session, sequence),)))
        return None
    return control.start_sequence(session, sequence_id, by=by)


def resume_or_request(session: Session, sequence_id: UUID, *, by: Membership) -> bool:
    sequence = queries.lock_sequence(session, sequence_id)
    if sequence.state is SequenceState.PAUSED and _is_large(session, *queries.held_by_pause(sequence_id)):
        publish(session, SequenceResumeRequested(sequence_id, by.id))
        return False
    control.resume_sequence(session, sequence_id, by=by)
    return True


def end_or_request(session: Session, sequence_id: UUID, *, by: Membership) -> bool:
    sequence = queries.lock_sequence(session, sequence_id)
    is_open = sequence.state in FINISHABLE_STATES and sequence.program == OWN
    if not (is_open and _is_large(session, SequenceRun.sequence_id == sequence_id)):
        control.end_sequence(session, sequence_id, by=by)
        return True
    if sequence.state is SequenceState.RUNNING:
        control.pause_sequence(session, sequence_id, by=by)
    publish(session, SequenceEndRequested(sequence_id, by.id))
    return False


def run_request(session: Session, message: SequenceRequest) -> None:
    by = session.get_one(Membership, (tenant_of(session), message.by_id))
    try:
        with session.begin_nested():
            _check_unchanged(session, message)
            HANDLERS[type(message)](session, message.sequence_id, by=by)
    except ImpossibleMove:
        log.info("somebody was quicker", sequence=str(message.sequence_id))
    except DomainError as refusal:
        log.warning("nothing was done", sequence=str(message.sequence_id), why=str(refusal))
        history.record_many(
            session,
            EmailSequence.__tablename__,
            [message.sequence_id],
            SequenceAction.REFUSED,
            by=by,
            why=str(refusal),
        )


def _check_unchanged(session: Session, message: SequenceRequest) -> None:
    if isinstance(message, SequenceStartRequested) and message.seen:
        sequence = queries.lock_sequence(session, message.sequence_id)
        if sequence.state is SequenceState.DRAFT and message.seen != (_seen(session, sequence),):
            raise Conflict("Who is in this audience was changed after the preview. Look again and start.")


def _seen(session: Session, sequence: EmailSequence) -> UUID:
    """Messages hold ids only."""
    return uuid5(NAMESPACE_OID, fingerprint_of(session, sequence.is_for))


def _audience_size(session: Session, sequence: EmailSequence) -> int:
    return audience_size(session, sequence.is_for, sequence.purpose)


def _is_large(session: Session, *conditions: ColumnElement[bool]) -> bool:
    """Tell whether there are more than `MAX_IN_REQUEST`; stop counting as soon as that is known."""
    some = select(literal(1)).where(*conditions).limit(MAX_IN_REQUEST + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > MAX_IN_REQUEST
