"""What a worker does with a file before anything of it is imported: the first look, and the check of its lines."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select

from portal.imports import actions, check, claim, queries
from portal.imports.file_content import ReadPiece, pieces
from portal.imports.inspection import inspector
from portal.imports.inspection.inspector import InspectionResult
from portal.imports.inspection.text_inspection import FindRemembered
from portal.imports.models import Import, ImportKind, ImportMapping, ImportMove, ImportState
from portal.imports.parsing import workbooks
from portal.imports.parsing.errors import UnreadableFile
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


def inspect(tenant_id: UUID, import_id: UUID) -> Import | None:
    """The import that was looked at, if its turn has come."""
    this = begin(tenant_id, import_id, ImportMove.RUN_INSPECTION, ImportState.READING)
    if this is None:
        return None
    try:
        source = lambda: pieces(piece_reader(tenant_id), this.file_id, this.file_size)  # noqa: E731
        with inspector.inspect_file(this, source, remembered_reader(tenant_id)) as result:
            finish_inspection(tenant_id, this, result)
    except UnreadableFile as refusal:
        with tenant_session(tenant_id) as session:
            if same := claim.lock_import(session, import_id, ImportState.READING):
                actions.reject(session, same, refusal.failure, **refusal.params)
    return this


def begin(tenant_id: UUID, import_id: UUID, step: ImportMove, *states: ImportState) -> Import | None:
    """Count the attempt first, so that what kills its worker is given up at last. None when its turn has not come."""
    with tenant_session(tenant_id) as session:
        this = claim.lock_import(session, import_id, *states)
        if this is None:
            return None
        if claim.is_tried_out(this):
            actions.give_up(session, this)
            return None
        claim.begin_attempt(session, this, step)
        return this


def finish_inspection(tenant_id: UUID, known: Import, result: InspectionResult) -> None:
    with tenant_session(tenant_id) as session:
        this = claim.lock_import(session, known.id, ImportState.READING)
        if this is not None and this.version == known.version:
            actions.finish_inspection(session, this, result)


def check_file(tenant_id: UUID, import_id: UUID) -> Import | None:
    """The import whose lines were checked, if its turn has come."""
    seen = begin(tenant_id, import_id, ImportMove.RUN_CHECK, ImportState.CHECKING)
    if seen is None:
        return None
    try:
        with tenant_session(tenant_id, read_only=True) as session:
            checked_lines = check.check_lines(session, seen)
    except UnreadableFile as refusal:
        with tenant_session(tenant_id) as session:
            if same := claim.lock_import(session, import_id, ImportState.CHECKING):
                claim.fail(session, same, refusal.failure, **refusal.params)
        return seen
    with tenant_session(tenant_id) as session:
        this = claim.lock_import(session, import_id, ImportState.CHECKING)
        if this is not None and this.version == seen.version:
            actions.finish_check(session, this, check.to_json(checked_lines))
    return seen


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
