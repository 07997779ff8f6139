"""The letters that somebody had before: the next one of a sequence waits until they have left, and then for a while.

The walk and the dry run ask the same function, so that what the one says is what the other does.
"""

from collections.abc import Collection, Mapping
from collections.abc import Sequence as Row
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, and_, any_, func, literal, or_, select
from sqlalchemy.orm import Session

from portal.outreach.models import Letter, LetterClass
from portal.outreach.sequences import queries, timing
from portal.outreach.sequences.models import Step

LOOK_AGAIN = timedelta(hours=1)  # at the letter before, while it still waits
Reader = tuple[UUID | None, str]  # what a letter is about, and its address


@dataclass(frozen=True)
class Before:
    """The letters a reader had about the same thing: does one still wait, until when, and when did the last leave?"""

    waits: bool
    until: datetime | None
    left_at: datetime | None

    def put_off(self, steps: Row[Step], step: Step, now: datetime) -> datetime | None:
        """Until when this step waits whose turn is now; None: it is written. Steps before a moment wait for nothing."""
        if step.minutes <= 0:
            return None
        if self.waits:
            return max(now + LOOK_AGAIN, self.until or now)
        free = self.left_at and self.left_at + timing.respite(steps, step)
        return free if free and free > now else None

    def as_of(self, then: datetime) -> "Before":
        """How it will stand, where the letter that waits leaves as soon as it may."""
        has_left = self.waits and self.until is not None and self.until <= then
        return Before(False, None, self.until) if has_left else self


def letters_before(
    session: Session, sequence_id: UUID, kinds: Collection[str], about: Collection[UUID | None]
) -> Mapping[Reader, Before]:
    """Letters of this sequence, and those written singly about the same thing: the ask before its reminder."""
    singly = and_(Letter.sequence_id.is_(None), Letter.letter_class == LetterClass.PROGRAMME)
    its = select(
        Letter.about_id,
        Letter.recipient_norm,
        func.bool_or(queries.still_waits()),
        func.max(Letter.due_at).filter(queries.still_waits()),
        func.max(func.coalesce(Letter.sent_at, Letter.claimed_at)),
    ).where(
        Letter.about_kind == any_(literal([*kinds], ARRAY(Text))),
        Letter.about_id == any_(literal([*about], ARRAY(Uuid))),
        or_(Letter.sequence_id == sequence_id, singly),
    )
    rows = session.execute(its.group_by(Letter.about_id, Letter.recipient_norm))
    return {(about_id, norm): Before(*said) for about_id, norm, *said in rows}
