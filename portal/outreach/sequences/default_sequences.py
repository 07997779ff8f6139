"""The sequences every workspace has: what reminds people of an ask and of a call."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.lifecycle import move
from portal.outreach.email_kinds import EmailKind
from portal.outreach.sequences.models import EmailSequence, SequenceMove, SequenceStep
from portal.outreach.sequences.timing import DAY, HOUR
from tenants.database import tenant_of

DEFAULT_NAME = "reminders"


@dataclass(frozen=True)
class DefaultSequence:
    """`minutes` of each email: after the ask was sent, or (negative) before the moment."""

    program: str
    kind: EmailKind
    minutes: tuple[int, ...]
    max_emails: int  # emails
    min_distance: int  # minutes an email is away from the ask or the moment
    max_distance: int

    @property
    def sign(self) -> int:
        return -1 if self.minutes[0] < 0 else 1


ASK_REMINDERS = DefaultSequence(
    "asks", EmailKind.ASK_REMINDER, (3 * DAY,), max_emails=2, min_distance=DAY, max_distance=30 * DAY
)
MEETING_REMINDERS = DefaultSequence(
    "meetings",
    EmailKind.MEETING_REMINDER,
    (-DAY, -HOUR),
    max_emails=3,
    min_distance=15,
    max_distance=14 * DAY,
)
DEFAULT_SEQUENCES = {one.program: one for one in (ASK_REMINDERS, MEETING_REMINDERS)}


def ensure_default_sequence(session: Session, default: DefaultSequence) -> EmailSequence:
    """The workspace's own, made the first time it is asked for; two who make it at once make one."""
    row = {"program": default.program, "name": DEFAULT_NAME}
    mine = select(EmailSequence).filter_by(**row)
    return session.scalar(mine) or _insert(session, default, row) or session.scalars(mine).one()


def default_of(sequence: EmailSequence) -> DefaultSequence:
    """What it can be changed to. One of the workspace's own has other pages."""
    if sequence.program not in DEFAULT_SEQUENCES:
        raise NotFound("There is no such sequence.")
    return DEFAULT_SEQUENCES[sequence.program]


def create_default_sequences(session: Session) -> None:
    for which in DEFAULT_SEQUENCES.values():
        ensure_default_sequence(session, which)


def _insert(session: Session, default: DefaultSequence, row: dict[str, str]) -> EmailSequence | None:
    new = insert(EmailSequence).values(tenant_id=tenant_of(session), **row).on_conflict_do_nothing()
    made = session.scalar(new.returning(EmailSequence))
    if made is not None:
        session.add_all(
            SequenceStep(sequence_id=made.id, number=number, minutes=minutes, kind=default.kind.value)
            for number, minutes in enumerate(default.minutes, 1)
        )
        move(session, made, SequenceMove.START_BUILT_IN)
        session.flush()
    return made
