"""What a worker does with a file before anything of it is imported: the first look, and the check of its lines."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select

from portal.errors import DomainError
from portal.imports import actions, checking, claims, looking, queries, workbooks
from portal.imports.laying_out import Remembered
from portal.imports.looking import Found
from portal.imports.models import Import, ImportMapping, Kind, Move, State
from portal.imports.originals import Ask, pieces
from tenants.database import tenant_session


def asking(tenant_id: UUID) -> Ask:
    """Each question in a short transaction of its own: reading a big file holds nothing open."""

    def ask(question: Select[bytes]) -> bytes | None:
        with tenant_session(tenant_id, read_only=True) as session:
            return session.scalar(question)

    return ask


def remembering(tenant_id: UUID) -> Remembered:
    """What people said of earlier files, each question in a short transaction of its own."""

    def ask(kind: Kind, header: Sequence[str]) -> ImportMapping | None:
        with tenant_session(tenant_id, read_only=True) as session:
            return queries.remembered(session, kind, header)

    return ask


def look(tenant_id: UUID, import_id: UUID) -> bool:
    this = begun(tenant_id, import_id, State.READING, Move.READ)
    if this is None:
        return False
    try:
        source = lambda: pieces(asking(tenant_id), this.file_id, this.file_size)  # noqa: E731
        with looking.look(this, source, remembering(tenant_id)) as found:
            understand(tenant_id, this, found)
    except DomainError as reason:
        with tenant_session(tenant_id) as session:
            if same := claims.take(session, import_id, State.READING):
                actions.refuse(session, same, str(reason))
    return True


def begun(tenant_id: UUID, import_id: UUID, state: State, move: Move) -> Import | None:
    """Counted first, so that a file that kills its worker is given up at last."""
    with tenant_session(tenant_id) as session:
        this = claims.take(session, import_id, state)
        if this is not None and claims.announce(session, this, move):
            return this
        if this is not None and state is State.READING:
            actions.refuse(session, this, claims.GAVE_UP)
        return None


def understand(tenant_id: UUID, seen: Import, found: Found) -> None:
    with tenant_session(tenant_id) as session:
        this = claims.take(session, seen.id, State.READING)
        if this is not None and this.version == seen.version:
            actions.understand(session, this, found)


def check(tenant_id: UUID, import_id: UUID) -> bool:
    seen = begun(tenant_id, import_id, State.CHECKING, Move.CHECK)
    if seen is None:
        return False
    try:
        with tenant_session(tenant_id, read_only=True) as session:
            found = checking.check(session, seen)
    except DomainError as reason:
        with tenant_session(tenant_id) as session:
            if same := claims.take(session, import_id, State.CHECKING):
                claims.give_up(same, str(reason))
        return True
    with tenant_session(tenant_id) as session:
        this = claims.take(session, import_id, State.CHECKING)
        if this is not None and this.version == seen.version:
            actions.tell(this, checking.kept(found))
    return True


def unpacked(tenant_id: UUID, this: Import) -> Import:
    """A workbook may have been uploaded when its sheet was not kept as lines yet."""
    if not this.sheet or this.sheet_id:
        return this
    with workbooks.unpacked(pieces(asking(tenant_id), this.file_id, this.file_size), this.sheet) as sheet:
        with tenant_session(tenant_id) as session:
            if same := claims.take(session, this.id, State.STAGING):
                actions.keep_sheet(session, same, sheet)
        return same or this
