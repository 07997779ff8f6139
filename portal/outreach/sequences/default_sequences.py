"""The sequences every workspace has: those of the email kinds that remind."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.declarations.email_kinds import EMAIL_KINDS, EmailKind
from portal.declarations.reminders import ReminderSequence
from portal.errors import NotFound
from portal.lifecycle import move
from portal.outreach.sequences.models import EmailSequence, SequenceMove, SequenceStep
from tenants.database import tenant_of

DEFAULT_NAME = "reminders"


def ensure_default_sequence(session: Session, reminders: ReminderSequence) -> EmailSequence:
    """Return the workspace's own, made when first asked for; two who make it at once make one."""
    mine = select(EmailSequence).filter_by(program=reminders.program, name=DEFAULT_NAME)
    found = session.scalar(mine)
    if found is None:
        _create(session, [reminders.program])
        found = session.scalars(mine).one()
    return found


def default_of(sequence: EmailSequence) -> tuple[EmailKind, ReminderSequence]:
    found = EMAIL_KINDS.reminders.get(sequence.program)
    if found is None:
        raise NotFound("We couldn’t find this sequence.")
    return found


def create_default_sequences(session: Session) -> None:
    _create(session, list(EMAIL_KINDS.reminders))


def _create(session: Session, programs: Sequence[str]) -> None:
    """Those that are there already stay as they are."""
    rows = [{"tenant_id": tenant_of(session), "program": each, "name": DEFAULT_NAME} for each in programs]
    new = insert(EmailSequence).values(rows).on_conflict_do_nothing().returning(EmailSequence)
    for made in session.scalars(new).all():
        session.add_all(_steps(made))
        move(session, made, SequenceMove.START_BUILT_IN)
    session.flush()


def _steps(sequence: EmailSequence) -> Iterator[SequenceStep]:
    kind, reminders = default_of(sequence)
    for number, minutes in enumerate(reminders.minutes, 1):
        yield SequenceStep(sequence_id=sequence.id, number=number, minutes=minutes, kind=kind.name)
