"""Whose turn an import is: one worker holds it from its first batch to its end, and a killed one lets go."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.i18n import mark
from portal.imports.models import DUE, Import, ImportMove, ImportState
from portal.lifecycle import move

TRIES = 5
GAVE_UP = mark("It failed five times, and nothing was imported. Please contact us with the name of the file.")
UNDO_GAVE_UP = mark(
    "Undoing it failed five times, so nothing was changed. Please contact us with the name of the file."
)


def due(session: Session) -> Sequence[UUID]:
    is_watched = Import.state.in_([ImportState.READING, ImportState.CHECKING])
    ids = select(Import.id).where(Import.state.in_(DUE)).order_by(is_watched.desc(), Import.id)
    return session.scalars(ids).all()


def lock_import(session: Session, import_id: UUID, *states: ImportState) -> Import | None:
    """Lock the import; None when somebody has it or it went on."""
    mine = select(Import).where(Import.id == import_id, Import.state.in_(states))
    return session.scalar(mine.with_for_update(skip_locked=True))


def begin_attempt(session: Session, this: Import, step: ImportMove) -> bool:
    this.tries += 1
    if this.tries > TRIES:
        if this.state == ImportState.UNDOING:
            give_up_undo(session, this)
        elif (
            this.state != ImportState.READING
        ):  # which has a file to clear, or an earlier reading to go back to
            give_up(session, this, GAVE_UP)
        return False
    move(session, this, step)
    return True


def give_up(session: Session, this: Import, reason: str) -> None:
    step = ImportMove.REJECT if this.state == ImportState.READING else ImportMove.FAIL
    move(session, this, step, columns={"status_reason": reason})


def give_up_undo(session: Session, this: Import) -> None:
    """Return the import to done; the moment since which rows count as edited stays the same."""
    move(session, this, ImportMove.GIVE_UP_UNDO, columns={"status_reason": UNDO_GAVE_UP})
