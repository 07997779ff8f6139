"""Whose turn an export is: one worker makes it from beginning to end; a killed one lets go, the next begins anew."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.exports import actions
from portal.exports.models import (
    DUE,
    KEPT_FOR,
    Export,
    ExportFailure,
    ExportMove,
    ExportPiece,
    ExportState,
)
from portal.lifecycle import move
from tenants.clock import utc_now

TRIES = 5


def due(session: Session) -> Sequence[UUID]:
    return session.scalars(
        select(Export.id).where(Export.state.in_(DUE)).order_by(Export.asked_at, Export.id)
    ).all()


def begin(session: Session, export_id: UUID) -> Export | None:
    """Begin anew, without what a killed worker left. None when it is done, or was tried too often."""
    export = _lock_export(session, export_id, DUE)
    if export is None:
        return None
    export.tries += 1
    if export.tries > TRIES:
        give_up(session, export, ExportFailure.GAVE_UP)
        return None
    move(session, export, ExportMove.RUN)
    actions.drop_pieces(session, [export.id])
    return export


def add_piece(session: Session, claimed: Export, number: int, content: bytes, lines_done: int) -> None:
    export = _locked_if_ours(session, claimed)
    session.add(ExportPiece(export_id=export.id, number=number, content=content))
    export.size, export.lines_done = export.size + len(content), lines_done


def set_line_count(session: Session, claimed: Export, lines: int) -> None:
    _locked_if_ours(session, claimed).lines_total = lines


def finish(session: Session, claimed: Export, lines: int) -> None:
    export, now = _locked_if_ours(session, claimed), utc_now()
    whole = {"lines_total": lines, "lines_done": lines, "expires_at": now + KEPT_FOR}
    move(session, export, ExportMove.FINISH, at=now, columns=whole)
    session.flush()
    actions.expire_oldest(session, export)


def fail(session: Session, claimed: Export, why: ExportFailure) -> None:
    give_up(session, _locked_if_ours(session, claimed), why)


def give_up(session: Session, export: Export, why: ExportFailure) -> None:
    move(session, export, ExportMove.FAIL, columns={"failure": why})
    actions.drop_pieces(session, [export.id])


class ClaimLost(Exception):
    """Another worker has begun it anew, or somebody took it away: this one writes nothing more."""


def _locked_if_ours(session: Session, claimed: Export) -> Export:
    export = _lock_export(session, claimed.id, (ExportState.RUNNING,))
    if export is None or export.tries != claimed.tries:
        raise ClaimLost
    return export


def _lock_export(session: Session, export_id: UUID, states: Sequence[ExportState]) -> Export | None:
    mine = select(Export).where(Export.id == export_id, Export.state.in_(states))
    return session.scalar(mine.with_for_update(key_share=True))
