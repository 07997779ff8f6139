"""The sequences every workspace has: those of the email kinds that remind."""

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
    row = {"program": reminders.program, "name": DEFAULT_NAME}
    mine = select(EmailSequence).filter_by(**row)
    return session.scalar(mine) or _insert(session, row) or session.scalars(mine).one()


def default_of(sequence: EmailSequence) -> tuple[EmailKind, ReminderSequence]:
    found = EMAIL_KINDS.reminders.get(sequence.program)
    if found is None:
        raise NotFound("We couldn’t find this sequence.")
    return found


def create_default_sequences(session: Session) -> None:
    for _kind, reminders in EMAIL_KINDS.reminders.values():
        ensure_default_sequence(session, reminders)


def _insert(session: Session, row: dict[str, str]) -> EmailSequence | None:
    kind, reminders = EMAIL_KINDS.reminders[row["program"]]
    new = insert(EmailSequence).values(tenant_id=tenant_of(session), **row).on_conflict_do_nothing()
    made = session.scalar(new.returning(EmailSequence))
    if made is not None:
        session.add_all(
            SequenceStep(sequence_id=made.id, number=number, minutes=minutes, kind=kind.name)
            for number, minutes in enumerate(reminders.minutes, 1)
        )
        move(session, made, SequenceMove.START_BUILT_IN)
        session.flush()
    return made
