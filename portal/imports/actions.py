"""A file is uploaded, its columns are named, it is taken in, and it can be taken back."""

from datetime import timedelta
from typing import Any, BinaryIO, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import files, history, policies
from portal.errors import Conflict, DomainError
from portal.files import StoredFile
from portal.gateways.queue import WorkQueue
from portal.i18n import mark
from portal.imports import claim, queries
from portal.imports.history_actions import ImportAction
from portal.imports.inspection import reading_choices, remembered_mappings, text_inspection
from portal.imports.inspection.inspector import InspectionResult
from portal.imports.inspection.remembered_mappings import ValueFormats
from portal.imports.models import (
    LIFECYCLE,
    Import,
    ImportFailure,
    ImportKind,
    ImportMove,
    ImportResult,
    ImportRow,
    ImportState,
)
from portal.imports.parsing.size_limit import MEGABYTE, SizeLimitedStream
from portal.imports.parsing.workbooks import UnpackedSheet
from portal.imports.policies import KEEP_DAYS, LARGEST_FILE
from portal.imports.values import custom_columns, opt_out_columns
from portal.imports.values.field_types import AMOUNTS, DAYS, FieldType
from portal.imports.values.fields import FIELDS, is_lacking
from portal.imports.values.row_reader import ColumnMapping
from portal.lifecycle import move
from tenants.clock import utc_now
from tenants.database import wake_after_commit
from tenants.models import Membership

REMOVABLE = {
    ImportState.READING,
    ImportState.UNREADABLE,
    ImportState.UPLOADED,
    ImportState.CHECKING,
    ImportState.FAILED,
}
FINISHED = (
    ImportState.UNREADABLE,
    ImportState.UPLOADED,
    ImportState.FAILED,
    ImportState.DONE,
    ImportState.UNDONE,
)


def upload(
    session: Session, name: str, stream: BinaryIO, *, by: Membership, kind: ImportKind | None = None
) -> Import:
    """Keep the file for a worker to look at. Raise UnreadableFile, and keep nothing, when it is too large."""
    most = policies.value(session, LARGEST_FILE) * MEGABYTE
    file = files.store(
        session, _file_name(name), "application/octet-stream", cast(BinaryIO, SizeLimitedStream(stream, most))
    )
    this = Import(
        file_id=file.id, file_name=file.name, file_size=file.size, by_id=by.id, kind=kind or ImportKind.PEOPLE
    )
    this.inspection_state = {"kind": kind.value} if kind else {}
    session.add(this)
    history.record(session, this, ImportAction.UPLOADED, by=by, file=file.name)
    wake_after_commit(session, WorkQueue.IMPORTS.value)
    return this


def finish_inspection(session: Session, this: Import, result: InspectionResult) -> None:
    move(session, this, ImportMove.FINISH_INSPECTION)
    is_recount = "recount" in this.inspection_state
    if is_recount:
        text_inspection.record_recount(this, result.file)
    else:
        known = queries.remembered_mapping(session, result.file.kind, result.file.header)
        text_inspection.record_inspection(this, result.file, result.diagnostics, known)
        reading_choices.confirm_encoding_as_remembered(result.state, known, this.encoding)
    this.inspection_state, this.check_result = result.state, None
    keep_sheet(session, this, result.sheet)
    if is_recount and not missing_answer(this):
        _check(session, this)


def keep_sheet(session: Session, this: Import, sheet: UnpackedSheet | None) -> None:
    _delete_file(session, this, "sheet_id")
    if sheet is not None:
        stored = files.store(session, this.file_name, "application/jsonl", cast(BinaryIO, sheet.open()))
        this.sheet_id, this.sheet_size = stored.id, stored.size


def reject(session: Session, this: Import, failure: ImportFailure, **params: int | str) -> None:
    columns = {"failure": failure, "failure_params": params}
    if reading_choices.has_header(this):
        move(session, this, ImportMove.KEEP_EARLIER_READING, columns=columns)
        reading_choices.restore_earlier_reading(session, this)
        return
    move(session, this, ImportMove.REJECT, columns=columns)
    _clear(session, this)


def give_up(session: Session, this: Import) -> None:
    """Stop trying; an undo leaves the import done, and the moment since which rows count as edited stays the same."""
    if this.state is ImportState.READING:
        reject(session, this, ImportFailure.GAVE_UP)
    elif this.state is ImportState.UNDOING:
        move(session, this, ImportMove.GIVE_UP_UNDO, columns={"failure": ImportFailure.UNDO_GAVE_UP})
    else:
        claim.fail(session, this, ImportFailure.GAVE_UP)


def choose_sheet(session: Session, this: Import, sheet: str) -> None:
    require_open(this)
    before = reading_choices.current_reading(session, this)
    reading_choices.choose_sheet(this, sheet)
    _inspect_again(session, this, before=before)


def choose_encoding(session: Session, this: Import, encoding: str) -> None:
    require_open(this)
    before = reading_choices.current_reading(session, this)
    reading_choices.choose_encoding(session, this, encoding)
    if encoding == this.encoding:
        return
    chosen = {"encoding": encoding, "quotes": this.quotes}
    _inspect_again(session, this, before=before, chosen=chosen)


def choose_quotes(session: Session, this: Import, quotes: str) -> None:
    require_open(this)
    before = reading_choices.current_reading(session, this)
    reading_choices.choose_quotes(session, this, quotes)
    chosen = {"encoding": this.encoding, "quotes": quotes}
    _inspect_again(session, this, before=before, chosen=chosen, recount=True)


def _inspect_again(session: Session, this: Import, **said: object) -> None:
    """By a worker, in the way that somebody chose."""
    this.inspection_state = {**this.inspection_state, **said}
    move(session, this, ImportMove.INSPECT_AGAIN)
    wake_after_commit(session, WorkQueue.IMPORTS.value)


def map_columns(session: Session, this: Import, mapping: ColumnMapping, formats: ValueFormats) -> None:
    """Name the columns; the same header is understood the next time."""
    if this.state != ImportState.CHECKING:
        require_open(this)
    this.kind, this.mapping, this.opt_outs = mapping.kind, mapping.columns, mapping.opt_outs
    this.custom_fields = custom_columns.to_json(mapping.custom)
    this.date_format, this.decimal_mark = formats.date, formats.decimal_mark or "."
    this.diagnostics = {**this.diagnostics, "mark": formats.mark_proof}
    remembered_mappings.remember(
        session, this, encoding=this.encoding if reading_choices.is_encoding_confirmed(this) else ""
    )
    _check(session, this)


def _check(session: Session, this: Import) -> None:
    move(session, this, ImportMove.CHECK)
    wake_after_commit(session, WorkQueue.IMPORTS.value)


def finish_check(session: Session, this: Import, checked: dict[str, Any]) -> None:
    move(session, this, ImportMove.FINISH_CHECK, columns={"check_result": checked})


def start_as_seen(session: Session, this: Import, version: str, *, by: Membership) -> None:
    """Start from a page's button: what comes in is what that page showed."""
    require_open(this)
    if this.check_result is None or version not in {"", str(this.version)}:
        raise Conflict(
            "Someone has changed how this file is read since you opened this page. Nothing was imported. "
            "Check the file again."
        )
    start(session, this, by=by)


def start(session: Session, this: Import, *, by: Membership) -> None:
    require_open(this)
    if lacking := missing_answer(this):
        raise DomainError(lacking)
    move(session, this, ImportMove.START, by=by)
    session.execute(delete(ImportRow).where(ImportRow.import_id == this.id))  # of a start that failed
    wake_after_commit(session, WorkQueue.IMPORTS.value)


def undo(session: Session, this: Import, *, by: Membership, lifts_opt_outs: bool = False) -> None:
    """Put back what was there before; what was edited or asked since is left alone and listed.

    Whoever is opted out stays so, unless the person who undoes it says that the file was wrong about that.
    """
    if this.cleared_at is not None:
        raise DomainError("The rows of this import were deleted, so it can no longer be undone.")
    move(session, this, ImportMove.START_UNDO, by=by, columns={"lifts_opt_outs": lifts_opt_outs})
    wake_after_commit(session, WorkQueue.IMPORTS.value)


def discard(session: Session, this: Import, *, by: Membership) -> None:
    if this.state not in REMOVABLE:
        raise DomainError("You can only remove a file that wasn’t imported. Undo the import instead.")
    history.record(session, this, ImportAction.REMOVED, by=by, file=this.file_name)
    _clear(session, this)
    session.flush()
    session.delete(this)


def clean_up(session: Session) -> None:
    oldest = utc_now() - timedelta(days=policies.value(session, KEEP_DAYS))
    at_rest = Import.state.in_(FINISHED)
    for this in session.scalars(
        select(Import).where(Import.created_at < oldest, Import.cleared_at.is_(None), at_rest)
    ):
        _clear(session, this)
        this.cleared_at = utc_now()


def require_open(this: Import) -> None:
    LIFECYCLE.after(ImportMove.START, this.state)
    if this.file_id is None:
        raise DomainError("The original file was deleted. Please upload it again.")


def missing_answer(this: Import) -> str:
    if any(is_lacking(each, this.mapping) for each in FIELDS[this.kind]):
        return mark("Choose a column for every required field.")
    if has_mapped(this, *DAYS) and not this.date_format:
        return mark("Choose the date format: the dates in this file can be read two ways.")
    if has_mapped(this, *AMOUNTS) and not this.decimal_mark:
        return mark("Choose the number format: the amounts in this file can be read two ways.")
    if this.kind == ImportKind.PEOPLE and opt_out_columns.undecided_columns(this.opt_outs):
        return mark("Choose what the opt-out columns mean.")
    return ""


def has_mapped(this: Import, *values: FieldType) -> bool:
    fields = (*FIELDS[this.kind], *custom_columns.from_json(this.custom_fields))
    return any(each.type in values and each.name in this.mapping for each in fields)


def _clear(session: Session, this: Import) -> None:
    mine = select(Import.id).where(Import.id == this.id)
    session.execute(mine.with_for_update(key_share=True))  # before its lines, as workers do
    for lines in (ImportRow, ImportResult):
        session.execute(delete(lines).where(lines.import_id == this.id))
    _delete_file(session, this, "file_id")
    _delete_file(session, this, "sheet_id")


def _delete_file(session: Session, this: Import, column: str) -> None:
    file_id = getattr(this, column)
    setattr(this, column, None)
    session.flush()
    if file_id is not None:
        session.execute(delete(StoredFile).where(StoredFile.id == file_id))


def _file_name(uploaded_name: str) -> str:
    name = "".join(
        sign for sign in uploaded_name.replace("\\", "/").rpartition("/")[2] if sign.isprintable()
    ).strip()
    return name[-200:] or "import"
