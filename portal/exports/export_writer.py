"""An export from beginning to end, in a worker: COPY in one session, pieces and progress in short ones beside it."""

import time
from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from sqlalchemy.orm import Session

from portal.errors import DomainError
from portal.exports import claim, export_file, export_table
from portal.exports.export_table import ExportTable
from portal.exports.language import in_language
from portal.exports.models import Export, ExportFailure
from portal.exports.sources import ExportSource
from portal.files import PIECE
from tenants.database import tenant_session
from tenants.models import Membership

LINES_PER_REST, MAX_REST = 1_000, 0.1  # lines, seconds
NumberedPiece = tuple[bytes, int]  # the bytes, and how many lines have begun by their end


def write_export(tenant_id: UUID, export_id: UUID, sources: Iterable[ExportSource]) -> Export | None:
    """Return the export that was written, or could not be; None when there was nothing to do."""
    with tenant_session(tenant_id) as session:
        export = claim.begin(session, export_id)
    if export is None:
        return None
    source = next(each for each in sources if each.kind is export.kind)
    try:
        with tenant_session(tenant_id, read_only=True) as reading, in_language(export.language):
            made = _write(reading, export, source)
    except DomainError:
        _in_session(export, lambda session: claim.fail(session, export, ExportFailure.GONE))
    else:
        _in_session(export, lambda session: claim.finish(session, export, made))
    return export


def _in_session(export: Export, action: Callable[[Session], None]) -> None:
    with tenant_session(export.tenant_id) as session:
        action(session)


def _write(reading: Session, export: Export, source: ExportSource) -> int:
    """Returns the lines below the heading."""
    by = reading.get_one(Membership, (export.tenant_id, export.by_id))
    table = source.table(reading, export.filters, export.asked_at, by)
    total = export_table.count(reading, table)
    with tenant_session(export.tenant_id) as session:
        claim.set_line_count(session, export, total)
    if export_file.is_workbook(export.file_name):
        return _write_workbook(reading, export, table)
    lines = 0
    for number, (content, lines) in enumerate(pieces(throttled(export_table.lines(reading, table)))):
        with tenant_session(export.tenant_id) as session:
            claim.add_piece(session, export, number, content, max(lines - 1, 0))
    return max(lines - 1, 0)


def _write_workbook(reading: Session, export: Export, table: ExportTable) -> int:
    """It is whole before its first byte is kept; its lines are counted as they are read."""
    counted = LineCount(throttled(export_table.lines(reading, table)))
    content = export_file.workbook(counted, table.kinds)
    for number, (piece, _) in enumerate(pieces(content)):
        with tenant_session(export.tenant_id) as session:
            claim.add_piece(session, export, number, piece, counted.rows)
    return counted.rows


class LineCount:
    """Counts lines on their way; the heading is none of the rows."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.lines, self.rows = lines, -1

    def __iter__(self) -> Iterator[bytes]:
        for line in self.lines:
            self.rows += 1
            yield line


def throttled(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines and rest as long as that took: pages come first."""
    began = time.monotonic()
    for number, line in enumerate(lines, 1):
        yield line
        if number % LINES_PER_REST == 0:
            time.sleep(min(time.monotonic() - began, MAX_REST))
            began = time.monotonic()


def pieces(lines: Iterable[bytes], size: int = PIECE) -> Iterator[NumberedPiece]:
    held, begun = bytearray(), 0
    for line in lines:
        held += line
        begun += 1
        while len(held) >= size:
            yield bytes(held[:size]), begun
            del held[:size]
    if held:
        yield bytes(held), begun
