"""Earlier emails of a recipient: a sequence's next one waits until they have left, and then for a while.

`advance` and the dry run ask the same function, so that what the one says is what the other does.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, and_, any_, func, literal, or_, select
from sqlalchemy.orm import Session

from portal.declarations.email_kinds import EmailClass
from portal.outreach.models import Email
from portal.outreach.sequences import queries, timing
from portal.outreach.sequences.models import SequenceStep

PREVIOUS_RECHECK = timedelta(hours=1)  # at the email before, while it still waits
RecipientKey = tuple[UUID | None, str]  # what an email is about, and its address


@dataclass(frozen=True)
class PreviousEmails:
    """Earlier emails about the same record: is one still pending, until when, and when did the last leave?"""

    is_pending: bool
    pending_until: datetime | None
    last_left_at: datetime | None

    def postponed_until(
        self, steps: Sequence[SequenceStep], step: SequenceStep, now: datetime
    ) -> datetime | None:
        """Return until when this step waits; None: it is written. Steps before a moment wait for nothing."""
        if step.minutes <= 0:
            return None
        if self.is_pending:
            return max(now + PREVIOUS_RECHECK, self.pending_until or now)
        free = self.last_left_at and self.last_left_at + timing.min_gap(steps, step)
        return free if free and free > now else None

    def as_of(self, moment: datetime) -> "PreviousEmails":
        has_left = self.is_pending and self.pending_until is not None and self.pending_until <= moment
        return PreviousEmails(False, None, self.pending_until) if has_left else self


def previous_emails(
    session: Session, sequence_id: UUID, subject_types: Collection[str], subject_ids: Collection[UUID | None]
) -> Mapping[RecipientKey, PreviousEmails]:
    singly = and_(Email.sequence_id.is_(None), Email.email_class == EmailClass.PROGRAM)
    its = select(
        Email.subject_id,
        Email.recipient_norm,
        func.bool_or(queries.is_still_pending()),
        func.max(Email.due_at).filter(queries.is_still_pending()),
        func.max(func.coalesce(Email.sent_at, Email.claimed_at)),
    ).where(
        Email.subject_type == any_(literal([*subject_types], ARRAY(Text))),
        Email.subject_id == any_(literal([*subject_ids], ARRAY(Uuid))),
        or_(Email.sequence_id == sequence_id, singly),
    )
    rows = session.execute(its.group_by(Email.subject_id, Email.recipient_norm))
    return {(subject_id, norm): PreviousEmails(*said) for subject_id, norm, *said in rows}
