"""Reading exports: one's own, and nobody else's."""

from collections.abc import Iterator, Mapping
from itertools import count
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal import paging
from portal.errors import NotFound
from portal.exports.models import DUE, Export, ExportKind, ExportPiece, ExportState
from portal.paging import KeysetPage
from tenants.clock import utc_now
from tenants.database import tenant_session
from tenants.models import Membership


def get(session: Session, export_id: UUID, *, member: Membership) -> Export:
    found = session.scalar(_exports_of(member).where(Export.id == export_id))
    if found is None:
        raise NotFound("We couldn’t find this export.")
    return found


def exports_page(session: Session, member: Membership, cursor: str | None) -> KeysetPage[Export]:
    key = (Export.asked_at, Export.id)
    return paging.paginate(session, _exports_of(member), key=key, cursor=cursor, descending=True)


def running_export_of(
    session: Session, member: Membership, kind: ExportKind, filters: Mapping[str, str]
) -> Export | None:
    alike = (Export.kind == kind, Export.filters == dict(filters), Export.state.in_(DUE))
    return session.scalar(_exports_of(member).where(*alike).order_by(Export.id).limit(1))


def count_running(session: Session, member: Membership) -> int:
    made = select(func.count()).where(Export.by_id == member.id, Export.state.in_(DUE))
    return session.scalar(made) or 0


def pieces(tenant_id: UUID, export_id: UUID, size: int) -> Iterator[bytes]:
    """Yield pieces, each read in a session of its own: a slow reader holds no transaction open."""
    for number in count():
        if size <= 0:
            return
        with tenant_session(tenant_id, read_only=True) as session:
            content = session.scalar(_piece(export_id, number))
        if content is None:
            return  # deleted meanwhile: the browser says that the file is not whole
        yield content
        size -= len(content)


def expired_exports() -> Select[Export]:
    return select(Export).where(Export.state == ExportState.READY, Export.expires_at <= utc_now())


def _exports_of(of: Membership) -> Select[Export]:
    return select(Export).where(Export.by_id == of.id)


def _piece(export_id: UUID, number: int) -> Select[bytes]:
    return select(ExportPiece.content).where(ExportPiece.export_id == export_id, ExportPiece.number == number)
