"""Starts, resumes and ends sequences of very many people: a worker does what the button would, in one transaction."""

from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session

from portal.errors import DomainError
from portal.outbox import publish
from portal.outreach.sequences import control, queries
from portal.outreach.sequences.audience import audience_size
from portal.outreach.sequences.models import (
    FINISHABLE_STATES,
    OWN,
    EmailSequence,
    SequenceEndRequested,
    SequenceRequest,
    SequenceResumeRequested,
    SequenceRun,
    SequenceStartRequested,
    SequenceState,
)
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
        publish(session, SequenceStartRequested(sequence_id, by.id))
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
            HANDLERS[type(message)](session, message.sequence_id, by=by)
    except DomainError as refusal:
        log.warning("nothing was done", sequence=str(message.sequence_id), why=str(refusal))


def _audience_size(session: Session, sequence: EmailSequence) -> int:
    return audience_size(session, sequence.is_for, sequence.purpose)


def _is_large(session: Session, *conditions: ColumnElement[bool]) -> bool:
    """Tell whether there are more than `MAX_IN_REQUEST`; stop counting as soon as that is known."""
    some = select(literal(1)).where(*conditions).limit(MAX_IN_REQUEST + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > MAX_IN_REQUEST
