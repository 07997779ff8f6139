"""The sequences every workspace has: what reminds people of an ask and of a call."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.outreach.kinds import LetterKind
from portal.outreach.sequences.models import Sequence, State, Step
from portal.outreach.sequences.timing import DAY, HOUR
from tenants.clock import utc_now
from tenants.database import tenant_of

NAME = "reminders"


@dataclass(frozen=True)
class Standard:
    """`minutes` of each letter: after the ask was sent, or (negative) before the moment."""

    programme: str
    kind: LetterKind
    minutes: tuple[int, ...]
    most: int  # letters
    shortest: int  # minutes a letter is away from the ask or the moment
    longest: int

    @property
    def sign(self) -> int:
        return -1 if self.minutes[0] < 0 else 1


ASKS = Standard("asks", LetterKind.ASK_REMINDER, (3 * DAY,), most=2, shortest=DAY, longest=30 * DAY)
MEETINGS = Standard(
    "meetings", LetterKind.MEETING_REMINDER, (-DAY, -HOUR), most=3, shortest=15, longest=14 * DAY
)
STANDARDS = {one.programme: one for one in (ASKS, MEETINGS)}


def standard(session: Session, which: Standard) -> Sequence:
    """The workspace's own, made the first time it is asked for; two who make it at once make one."""
    row = {"programme": which.programme, "name": NAME}
    mine = select(Sequence).filter_by(**row)
    return session.scalar(mine) or _made(session, which, row) or session.scalars(mine).one()


def standard_of(sequence: Sequence) -> Standard:
    """What it can be changed to. One of the workspace's own has other pages."""
    if sequence.programme not in STANDARDS:
        raise NotFound("There is no such sequence.")
    return STANDARDS[sequence.programme]


def furnish(session: Session) -> None:
    for which in STANDARDS.values():
        standard(session, which)


def _made(session: Session, which: Standard, row: dict[str, str]) -> Sequence | None:
    values = {"tenant_id": tenant_of(session), "state": State.RUNNING, "started_at": utc_now(), **row}
    new = insert(Sequence).values(values).on_conflict_do_nothing().returning(Sequence)
    made = session.scalar(new)
    if made is not None:
        session.add_all(
            Step(sequence_id=made.id, number=number, minutes=minutes, kind=which.kind.value)
            for number, minutes in enumerate(which.minutes, 1)
        )
        session.flush()
    return made
