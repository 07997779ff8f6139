"""Letters as staff read them. Sign-in letters are nobody's business, so none of these ever shows one."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.outreach.kinds import HIDDEN
from portal.outreach.models import NEEDS_A_PERSON, Letter, LetterState

S = LetterState


class View(StrEnum):
    ALL = "all"
    NEEDS_YOU = "needs-you"
    WAITING = "waiting"
    SENT = "sent"
    NOT_SENT = "not-sent"


STATES: Mapping[View, frozenset[LetterState]] = {
    View.WAITING: frozenset({S.QUEUED, S.SENDING}),
    View.SENT: frozenset({S.ACCEPTED, S.DELIVERED}),
    View.NOT_SENT: frozenset({S.HELD, S.FAILED, S.UNKNOWN, S.BOUNCED, S.COMPLAINED}),
}
MOST_COUNTED = 1000  # a number beyond it helps nobody


def letters(view: View, address: str = "") -> Select[Letter]:
    """Of one address, as it was written to; upper and lower case are the same."""
    shown = select(Letter).where(Letter.kind.not_in(HIDDEN))
    if address:
        shown = shown.where(Letter.recipient_norm == address.strip().lower())
    if view is View.NEEDS_YOU:
        return shown.where(text(NEEDS_A_PERSON))
    return shown.where(Letter.state.in_(STATES[view])) if view in STATES else shown


def needs_you(session: Session) -> int:
    some = letters(View.NEEDS_YOU).with_only_columns(Letter.id).limit(MOST_COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def get(session: Session, letter_id: UUID) -> Letter:
    found = session.scalar(letters(View.ALL).where(Letter.id == letter_id))
    if found is None:
        raise NotFound("There is no such letter.")
    return found


def locked(session: Session, letter_id: UUID) -> Letter:
    """For a change: a worker may be about to take it."""
    get(session, letter_id)
    return session.scalars(select(Letter).where(Letter.id == letter_id).with_for_update()).one()
