"""Acts on a sequence of very many people: a worker does the whole of one, in one transaction, as the button would."""

from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session

from portal.errors import DomainError
from portal.outbox import put
from portal.outreach.models import Hold, Letter, LetterState
from portal.outreach.sequences import queries, steering
from portal.outreach.sequences.audience import Audience, size
from portal.outreach.sequences.models import (
    LIFECYCLE,
    OWN,
    CrowdMessage,
    EndAsked,
    Move,
    ResumptionAsked,
    Run,
    Sequence,
    StartAsked,
    State,
)
from tenants.database import tenant_of
from tenants.models import Membership

log = structlog.get_logger()
AT_ONCE = 2_000  # people, or letters
ACTS = {StartAsked: steering.begin, ResumptionAsked: steering.resume, EndAsked: steering.end}


def begin(session: Session, sequence_id: UUID, *, by: Membership) -> int | None:
    """How many are on the way; None when a worker starts it."""
    sequence = queries.locked(session, sequence_id)
    if sequence.state is State.DRAFT and _audience(session, sequence) > AT_ONCE:
        put(session, StartAsked(sequence_id, by.id))
        return None
    return steering.begin(session, sequence_id, by=by)


def resume(session: Session, sequence_id: UUID, *, by: Membership) -> bool:
    """False when a worker does it."""
    sequence = queries.locked(session, sequence_id)
    held = (
        Letter.sequence_id == sequence_id,
        Letter.state == LetterState.HELD,
        Letter.held_for == Hold.PAUSED,
    )
    if sequence.state is State.PAUSED and _many(session, *held):
        put(session, ResumptionAsked(sequence_id, by.id))
        return False
    steering.resume(session, sequence_id, by=by)
    return True


def end(session: Session, sequence_id: UUID, *, by: Membership) -> bool:
    """False when a worker does it; nothing leaves from here on all the same."""
    sequence = queries.locked(session, sequence_id)
    is_open = sequence.state in LIFECYCLE.moves[Move.FINISH][0] and sequence.programme == OWN
    if not (is_open and _many(session, Run.sequence_id == sequence_id)):
        steering.end(session, sequence_id, by=by)
        return True
    if sequence.state is State.RUNNING:
        steering.pause(session, sequence_id, by=by)
    put(session, EndAsked(sequence_id, by.id))
    return False


def act(session: Session, message: CrowdMessage) -> None:
    """Asked for twice, or overtaken by somebody's other wish: the second finds nothing to do."""
    by = session.get_one(Membership, (tenant_of(session), message.by_id))
    try:
        with session.begin_nested():
            ACTS[type(message)](session, message.sequence_id, by=by)
    except DomainError as refusal:
        log.warning("nothing was done", sequence=str(message.sequence_id), why=str(refusal))


def _audience(session: Session, sequence: Sequence) -> int:
    return size(session, Audience.opened(sequence.audience), sequence.purpose)


def _many(session: Session, *which: ColumnElement[bool]) -> bool:
    """Stops counting as soon as it is known."""
    some = select(literal(1)).where(*which).limit(AT_ONCE + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > AT_ONCE
