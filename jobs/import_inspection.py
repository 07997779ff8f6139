"""What a worker does with a file before anything of it is imported: the first look, and the check of its lines."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select

from portal.errors import DomainError
from portal.imports import actions, check, claim, queries
from portal.imports.file_content import ReadPiece, pieces
from portal.imports.inspection import inspector
from portal.imports.inspection.inspector import InspectionResult
from portal.imports.inspection.text_inspection import FindRemembered
from portal.imports.models import Import, ImportKind, ImportMapping, ImportMove, ImportState
from portal.imports.parsing import workbooks
from tenants.database import tenant_session


def piece_reader(tenant_id: UUID) -> ReadPiece:
    def ask(question: Select[bytes]) -> bytes | None:
        with tenant_session(tenant_id, read_only=True) as session:
            return session.scalar(question)

    return ask


def remembered_reader(tenant_id: UUID) -> FindRemembered:
    def ask(kind: ImportKind, header: Sequence[str]) -> ImportMapping | None:
        with tenant_session(tenant_id, read_only=True) as session:
            return queries.remembered_mapping(session, kind, header)

    return ask


def inspect(tenant_id: UUID, import_id: UUID) -> bool:
    this = begin(tenant_id, import_id, ImportState.READING, ImportMove.RUN_INSPECTION)
    if this is None:
        return False
    try:
        source = lambda: pieces(piece_reader(tenant_id), this.file_id, this.file_size)  # noqa: E731
        with inspector.inspect_file(this, source, remembered_reader(tenant_id)) as found:
            finish_inspection(tenant_id, this, found)
    except DomainError as reason:
        with tenant_session(tenant_id) as session:
            if same := claim.lock_import(session, import_id, ImportState.READING):
                actions.reject(session, same, str(reason))
    return True


def begin(tenant_id: UUID, import_id: UUID, state: ImportState, step: ImportMove) -> Import | None:
    """Count the attempt first, so that a file that kills its worker is given up at last."""
    with tenant_session(tenant_id) as session:
        this = claim.lock_import(session, import_id, state)
        if this is not None and claim.begin_attempt(session, this, step):
            return this
        if this is not None and state is ImportState.READING:
            actions.reject(session, this, claim.GAVE_UP)
        return None


def finish_inspection(tenant_id: UUID, known: Import, result: InspectionResult) -> None:
    with tenant_session(tenant_id) as session:
        this = claim.lock_import(session, known.id, ImportState.READING)
        if this is not None and this.version == known.version:
            actions.finish_inspection(session, this, result)


def check_file(tenant_id: UUID, import_id: UUID) -> bool:
    seen = begin(tenant_id, import_id, ImportState.CHECKING, ImportMove.RUN_CHECK)
    if seen is None:
        return False
    try:
        with tenant_session(tenant_id, read_only=True) as session:
            found = check.check_lines(session, seen)
    except DomainError as reason:
        with tenant_session(tenant_id) as session:
            if same := claim.lock_import(session, import_id, ImportState.CHECKING):
                claim.give_up(session, same, str(reason))
        return True
    with tenant_session(tenant_id) as session:
        this = claim.lock_import(session, import_id, ImportState.CHECKING)
        if this is not None and this.version == seen.version:
            actions.finish_check(session, this, check.to_json(found))
    return True


def with_unpacked_sheet(tenant_id: UUID, this: Import) -> Import:
    if not this.sheet or this.sheet_id:
        return this
    with workbooks.unpacked(
        pieces(piece_reader(tenant_id), this.file_id, this.file_size), this.sheet
    ) as sheet:
        with tenant_session(tenant_id) as session:
            if same := claim.lock_import(session, this.id, ImportState.STAGING):
                actions.keep_sheet(session, same, sheet)
        return same or this
