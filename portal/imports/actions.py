"""A file is uploaded, its columns are named, it is taken in, and it can be taken back."""

from datetime import timedelta
from typing import Any, BinaryIO, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import files, history, policies
from portal.errors import Conflict, DomainError
from portal.files import StoredFile
from portal.gateways.bell import Worker
from portal.imports import choices, claims, laying_out, memory, opt_outs, queries
from portal.imports.fields import FIELDS, Value
from portal.imports.lines import Mapping
from portal.imports.looking import Found
from portal.imports.memory import Formats
from portal.imports.models import LIFECYCLE, Import, ImportResult, ImportRow, Kind, Move, State
from portal.imports.policies import KEEP_DAYS, LARGEST_FILE
from portal.imports.receiving import Capped
from portal.imports.workbooks import Sheet
from tenants.clock import utc_now
from tenants.database import ring_after_commit
from tenants.models import Membership

MEGABYTE = 1024 * 1024
REMOVABLE = {State.READING, State.UNREADABLE, State.UPLOADED, State.CHECKING, State.FAILED}
AT_REST = (State.UNREADABLE, State.UPLOADED, State.FAILED, State.DONE, State.UNDONE)


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
    """A look is over: the columns can be named; where they were named before, the lines are checked anew."""
    this.state, this.tries, this.why = LIFECYCLE.after(Move.UNDERSTAND, this.state), 0, ""
    is_recount = "recount" in this.seen
    if is_recount:
        laying_out.recount(this, found.survey)
    else:
        known = queries.remembered(session, found.survey.kind, found.survey.header)
        laying_out.put_down(this, found.survey, found.inspection, known)
        choices.settle(found.seen, known, this.encoding)
    this.seen, this.checked = found.seen, None
    keep_sheet(session, this, found.sheet)
    if is_recount and not what_is_open(this):
        _check(session, this)


def keep_sheet(session: Session, this: Import, sheet: Sheet | None) -> None:
    _forget(session, this, "sheet_id")
    if sheet is not None:
        stored = files.store(session, this.file_name, "application/jsonl", cast(BinaryIO, sheet.open()))
        this.sheet_id, this.sheet_size = stored.id, stored.size


def refuse(session: Session, this: Import, why: str) -> None:
    """There is no table in it, so its bytes are not kept either; one that was understood is so again as before."""
    if choices.was_understood(this):
        this.state, this.tries, this.why = LIFECYCLE.after(Move.STAY, this.state), 0, why
        choices.take_back(session, this)
        return
    claims.give_up(this, why)
    _clear(session, this)


def choose_sheet(session: Session, this: Import, sheet: str) -> None:
    """Another sheet of the workbook is another table."""
    insist_open(this)
    before = choices.before(session, this)
    choices.name_sheet(this, sheet)
    _look_again(session, this, before=before)


def choose_encoding(session: Session, this: Import, encoding: str) -> None:
    """As a person sees that the names are right; understood the next time, too."""
    insist_open(this)
    before = choices.before(session, this)
    choices.name_encoding(session, this, encoding)
    if encoding == this.encoding:
        return
    chosen = {"encoding": encoding, "quotes": this.quotes}
    _look_again(session, this, before=before, chosen=chosen)


def choose_quotes(session: Session, this: Import, quotes: str) -> None:
    """What marks that look wrong are: cells with line breaks, or ordinary characters."""
    insist_open(this)
    before = choices.before(session, this)
    choices.name_quotes(session, this, quotes)
    chosen = {"encoding": this.encoding, "quotes": quotes}
    _look_again(session, this, before=before, chosen=chosen, recount=True)


def _look_again(session: Session, this: Import, **said: object) -> None:
    """By a worker, in the way that somebody chose."""
    this.seen = {**this.seen, **said}
    this.state, this.tries, this.why = LIFECYCLE.after(Move.READ, this.state), 0, ""
    ring_after_commit(session, Worker.IMPORTS.value)


def map_columns(session: Session, this: Import, mapping: Mapping, formats: Formats) -> None:
    """Name the columns; the same header is understood the next time."""
    if this.state != State.CHECKING:
        insist_open(this)
    this.kind, this.mapping, this.opt_outs = mapping.kind, mapping.columns, mapping.opt_outs
    this.date_format, this.decimal_mark = formats.date, formats.mark or "."
    this.inspection = {**this.inspection, "mark": formats.proof}
    memory.remember(session, this, encoding=this.encoding if choices.is_settled(this) else "")
    _check(session, this)


def _check(session: Session, this: Import) -> None:
    this.state, this.checked, this.tries = LIFECYCLE.after(Move.CHECK, this.state), None, 0
    this.why = ""
    ring_after_commit(session, Worker.IMPORTS.value)


def tell(this: Import, checked: dict[str, Any]) -> None:
    """The check is over: this is what would become of the lines."""
    this.state, this.tries, this.why = LIFECYCLE.after(Move.TELL, this.state), 0, ""
    this.checked = checked


def start_as_seen(session: Session, this: Import, version: str, *, by: Membership) -> None:
    """By the button of a page: what comes in is what that page showed."""
    insist_open(this)
    if this.checked is None or version not in {"", str(this.version)}:
        raise Conflict(
            "Somebody changed how this file is read since this page was drawn. Nothing was imported and nothing is "
            "lost: please look at its check again."
        )
    start(session, this, by=by)


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


def undo(session: Session, this: Import, *, by: Membership, lifts_opt_outs: bool = False) -> None:
    """Put back what was there before; what was edited or asked since is left alone and listed.

    Who is opted out stays so, unless the person who undoes it says that the file was wrong about that.
    """
    if this.cleared_at is not None:
        raise DomainError("The lines of this import were deleted, so it can't be undone any more.")
    this.state, this.tries, this.why = LIFECYCLE.after(Move.UNDO, this.state), 0, ""
    this.lifts_opt_outs = lifts_opt_outs
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
    at_rest = Import.state.in_(AT_REST)
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
    if has(this, Value.DAY) and not this.date_format:
        return "Please say how the days in this file are written: both ways are possible."
    if has(this, Value.MONEY, Value.NUMBER) and not this.decimal_mark:
        return "Please say how the amounts in this file are written: both ways are possible."
    if this.kind == Kind.PEOPLE and opt_outs.undecided(this.opt_outs):
        return "Please say what the columns about opting out mean."
    return ""


def has(this: Import, *values: Value) -> bool:
    return any(each.value in values and each.name in this.mapping for each in FIELDS[this.kind])


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
