"""Whose turn an import is: one worker holds it from its first batch to its end, and a killed one lets go."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.imports.models import DUE, Import, ImportFailure, ImportMove, ImportState
from portal.lifecycle import move

TRIES = 5


class ImportTaken(Exception):
    """Another worker has gone on with it: this one writes nothing more."""


def due(session: Session) -> Sequence[UUID]:
    is_watched = Import.state.in_([ImportState.READING, ImportState.CHECKING])
    ids = select(Import.id).where(Import.state.in_(DUE)).order_by(is_watched.desc(), Import.id)
    return session.scalars(ids).all()


def lock_import(session: Session, import_id: UUID, *states: ImportState) -> Import | None:
    """Lock the import; None when somebody has it or it went on."""
    mine = select(Import).where(Import.id == import_id, Import.state.in_(states))
    return session.scalar(mine.with_for_update(skip_locked=True))


def is_tried_out(this: Import) -> bool:
    return this.tries >= TRIES


def begin_attempt(session: Session, this: Import, step: ImportMove) -> None:
    this.tries += 1
    move(session, this, step)


def fail(session: Session, this: Import, failure: ImportFailure, **params: int | str) -> None:
    move(session, this, ImportMove.FAIL, columns={"failure": failure, "failure_params": params})
