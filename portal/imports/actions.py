"""A file is uploaded, its columns are named, it is taken in, and it can be taken back."""

from datetime import timedelta
from typing import Any, BinaryIO, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import files, history, policies
from portal.errors import DomainError
from portal.files import StoredFile
from portal.gateways.bell import Worker
from portal.imports import claims, queries
from portal.imports.fields import FIELDS, Value
from portal.imports.lines import Mapping
from portal.imports.looking import Found
from portal.imports.models import LIFECYCLE, Import, ImportMapping, ImportResult, ImportRow, Kind, Move, State
from portal.imports.policies import KEEP_DAYS, LARGEST_FILE
from portal.imports.receiving import Capped
from portal.imports.surveys import Guess, Survey
from portal.imports.workbooks import Sheet
from tenants.clock import utc_now
from tenants.database import ring_after_commit
from tenants.models import Membership

MEGABYTE = 1024 * 1024
REMOVABLE = {State.READING, State.UNREADABLE, State.UPLOADED, State.CHECKING, State.FAILED}


def upload(
    session: Session, name: str, stream: BinaryIO, *, by: Membership, kind: Kind | None = None
) -> Import:
    """Keep the file for a worker to look at. Raises NoTable, and nothing is kept, when it is too large."""
    most = policies.value(session, LARGEST_FILE) * MEGABYTE
    file = files.store(
        session, _file_name(name), "application/octet-stream", cast(BinaryIO, Capped(stream, most))
    )
    this = Import(
        file_id=file.id, file_name=file.name, file_size=file.size, by_id=by.id, kind=kind or Kind.PEOPLE
    )
    this.state, this.seen = State.READING, {"kind": kind.value} if kind else {}
    session.add(this)
    history.record(session, this, "uploaded", by=by, file=file.name)
    ring_after_commit(session, Worker.IMPORTS.value)
    return this


def understand(session: Session, this: Import, found: Found) -> None:
    """The first look is over: the columns can be named."""
    this.state, this.tries, this.why = LIFECYCLE.after(Move.UNDERSTAND, this.state), 0, ""
    _lay_out(session, this, found.survey)
    this.seen, this.checked = found.seen, None
    keep_sheet(session, this, found.sheet)


def keep_sheet(session: Session, this: Import, sheet: Sheet | None) -> None:
    _forget(session, this, "sheet_id")
    if sheet is not None:
        stored = files.store(session, this.file_name, "application/jsonl", cast(BinaryIO, sheet.open()))
        this.sheet_id, this.sheet_size = stored.id, stored.size


def refuse(session: Session, this: Import, why: str) -> None:
    """There is no table in it, so its bytes are not kept either."""
    claims.give_up(this, why)
    _clear(session, this)


def choose_sheet(session: Session, this: Import, sheet: str) -> None:
    """Another sheet of the workbook is another table."""
    insist_open(this)
    if sheet not in this.sheets:
        raise DomainError("This workbook has no sheet of that name.")
    this.sheet, this.tries = sheet, 0
    this.state = LIFECYCLE.after(Move.READ, this.state)
    ring_after_commit(session, Worker.IMPORTS.value)


def map_columns(session: Session, this: Import, mapping: Mapping, *, date_format: str) -> None:
    """Name the columns; the same header is understood the next time."""
    if this.state != State.CHECKING:
        insist_open(this)
    this.kind, this.mapping, this.decimal_mark = mapping.kind, mapping.columns, mapping.decimal_mark
    this.date_format = date_format
    this.state, this.checked, this.tries = LIFECYCLE.after(Move.CHECK, this.state), None, 0
    _remember(session, this)
    ring_after_commit(session, Worker.IMPORTS.value)


def tell(this: Import, checked: dict[str, Any]) -> None:
    """The check is over: this is what would become of the lines."""
    this.state, this.tries, this.why = LIFECYCLE.after(Move.TELL, this.state), 0, ""
    this.checked = checked


def start(session: Session, this: Import, *, by: Membership) -> None:
    """From here on the workers read it; nothing of it shows before all of it does."""
    insist_open(this)
    if lacking := what_is_open(this):
        raise DomainError(lacking)
    this.state = LIFECYCLE.after(Move.START, this.state)
    this.started_at, this.tries, this.why = utc_now(), 0, ""
    this.rows_staged = this.line_staged = 0
    session.execute(delete(ImportRow).where(ImportRow.import_id == this.id))  # of a start that failed
    history.record(session, this, "started", by=by)
    ring_after_commit(session, Worker.IMPORTS.value)


def undo(session: Session, this: Import, *, by: Membership) -> None:
    """Put back what was there before; what was edited or asked since is left alone and listed."""
    if this.cleared_at is not None:
        raise DomainError("The lines of this import were deleted, so it can't be undone any more.")
    this.state, this.tries, this.why = LIFECYCLE.after(Move.UNDO, this.state), 0, ""
    history.record(session, this, "undo started", by=by)
    ring_after_commit(session, Worker.IMPORTS.value)


def discard(session: Session, this: Import, *, by: Membership) -> None:
    """A file that was uploaded and never taken in goes at once."""
    if this.state not in REMOVABLE:
        raise DomainError("Only a file that was not imported can be removed. An import can be undone.")
    history.record(session, this, "removed", by=by, file=this.file_name)
    _clear(session, this)
    session.flush()
    session.delete(this)


def clean_up(session: Session) -> None:
    """For the clock: originals and lines go after the days the workspace set, and undo ends there."""
    oldest = utc_now() - timedelta(days=policies.value(session, KEEP_DAYS))
    at_rest = Import.state.in_([State.UPLOADED, State.FAILED, State.DONE, State.UNDONE])
    for this in session.scalars(
        select(Import).where(Import.created_at < oldest, Import.cleared_at.is_(None), at_rest)
    ):
        _clear(session, this)
        this.cleared_at = utc_now()


def insist_open(this: Import) -> None:
    """Its columns can be named as long as nothing of it was imported."""
    LIFECYCLE.after(Move.START, this.state)
    if this.file_id is None:
        raise DomainError("The original of this import was deleted. Please upload the file again.")


def what_is_open(this: Import) -> str:
    """Why this import can't start yet, in words; nothing when it can."""
    if any(each.required and each.name not in this.mapping for each in FIELDS[this.kind]):
        return "Please say which column holds what every line needs."
    if has_days(this) and not this.date_format:
        return "Please say how the days in this file are written: both ways are possible."
    return ""


def has_days(this: Import) -> bool:
    return any(each.value == Value.DAY and each.name in this.mapping for each in FIELDS[this.kind])


def _lay_out(session: Session, this: Import, found: Survey) -> None:
    layout = found.layout
    this.encoding, this.delimiter = layout.encoding, layout.delimiter
    this.sheet, this.sheets = layout.sheet, layout.sheets
    this.kind, this.header_line, this.header, this.rows_total = (
        found.kind,
        found.header_line,
        found.header,
        found.rows,
    )
    guess = recall(queries.remembered(session, this.kind, this.header), found.guess)
    this.mapping, this.date_format, this.decimal_mark = guess.mapping, guess.date_format, guess.decimal_mark


def recall(known: ImportMapping | None, guess: Guess) -> Guess:
    """What a person said the last time about a file with this header goes before any guess."""
    if known is None:
        return guess
    return Guess(known.mapping, guess.date_format or known.date_format, known.decimal_mark)


def _remember(session: Session, this: Import) -> None:
    known = queries.remembered(session, this.kind, this.header)
    if known is None:
        session.add(known := ImportMapping(kind=this.kind, header_norm=queries.header_norm(this.header)))
    known.mapping, known.date_format, known.decimal_mark = this.mapping, this.date_format, this.decimal_mark


def _clear(session: Session, this: Import) -> None:
    for lines in (ImportRow, ImportResult):
        session.execute(delete(lines).where(lines.import_id == this.id))
    _forget(session, this, "file_id")
    _forget(session, this, "sheet_id")


def _forget(session: Session, this: Import, column: str) -> None:
    file_id = getattr(this, column)
    setattr(this, column, None)
    session.flush()
    if file_id is not None:
        session.execute(delete(StoredFile).where(StoredFile.id == file_id))


def _file_name(given: str) -> str:
    name = "".join(sign for sign in given.replace("\\", "/").rpartition("/")[2] if sign.isprintable()).strip()
    return name[-200:] or "import"
