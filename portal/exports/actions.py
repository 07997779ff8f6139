"""Asking for an export, asking again, and forgetting what is over its time."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.errors import Conflict
from portal.exports import queries
from portal.exports.models import LIFECYCLE, Export, ExportKind, ExportMove, ExportPiece, ExportState
from portal.gateways.queue import WorkQueue
from portal.lifecycle import move, move_many
from tenants.clock import utc_now
from tenants.database import wake_after_commit
from tenants.models import Membership

MAX_RUNNING = 3  # being made for one person
MAX_READY = 10  # ready for one person; the oldest go first
REMEMBERED = timedelta(days=30)  # that there was one


class TooManyExports(Conflict):
    """One person's exports may not keep a workspace's worker for hours."""


def request_export(
    session: Session,
    kind: ExportKind,
    filters: Mapping[str, str],
    *,
    file_name: str,
    language: str,
    by: Membership,
) -> Export:
    """Request an export; the same list asked for twice is made once."""
    _lock_member(session, by)
    if known := queries.running_export_of(session, by, kind, filters):
        return known
    _require_free_slot(session, by)
    asked = Export(kind=kind, filters=dict(filters), file_name=file_name, language=language, by_id=by.id)
    session.add(asked)
    session.flush()
    wake_after_commit(session, WorkQueue.EXPORTS.value)
    return asked


def restart(session: Session, export: Export, *, by: Membership) -> None:
    _lock_member(session, by)
    if export.is_over:  # the clean-up has not come yet
        move(session, export, ExportMove.EXPIRE)
    LIFECYCLE.after(ExportMove.RESTART, export.state)
    _require_free_slot(session, by)
    move(session, export, ExportMove.RESTART)
    drop_pieces(session, [export.id])
    wake_after_commit(session, WorkQueue.EXPORTS.value)


def clean_up(session: Session) -> None:
    expired = queries.expired_exports().with_only_columns(Export.id)
    _expire(session, session.scalars(expired.with_for_update(skip_locked=True)).all())
    session.execute(delete(Export).where(Export.asked_at < utc_now() - REMEMBERED))


def expire_oldest(session: Session, newest: Export) -> None:
    ready = select(Export.id).where(Export.by_id == newest.by_id, Export.state == ExportState.READY)
    kept = ready.order_by(Export.ready_at.desc(), Export.id.desc()).offset(MAX_READY)
    _expire(session, session.scalars(kept.with_for_update(skip_locked=True)).all())


def _expire(session: Session, ids: Sequence[UUID]) -> None:
    if ids:
        move_many(session, Export, ExportMove.EXPIRE, Export.id.in_(ids))
        drop_pieces(session, ids)


def drop_pieces(session: Session, ids: Sequence[UUID]) -> None:
    session.execute(delete(ExportPiece).where(ExportPiece.export_id.in_(ids)))


def _lock_member(session: Session, by: Membership) -> None:
    """Two clicks of one person are looked at one after the other."""
    session.execute(select(Membership.id).where(Membership.id == by.id).with_for_update(key_share=True))


def _require_free_slot(session: Session, by: Membership) -> None:
    if queries.count_running(session, by) >= MAX_RUNNING:
        raise TooManyExports(
            "%(count)s of your exports are still being prepared. Try this one again when one of them is ready.",
            count=MAX_RUNNING,
        )
