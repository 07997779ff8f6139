"""Read lines become rows of `import_rows`, a batch and a transaction at a time.

COPY is refused on walled tables, so a batch goes through a temporary one.
"""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

from psycopg import Connection
from sqlalchemy.orm import Session
from uuid_utils import uuid7

from portal.imports.inspection.diagnostics import FileDiagnostics
from portal.imports.models import Import
from portal.imports.parsing.file_layout import FileLayout
from portal.imports.values import custom_columns
from portal.imports.values.dates import DateFormat
from portal.imports.values.row_reader import ColumnMapping, ImportLine, RowReader
from tenants.clock import utc_now
from tenants.database import tenant_of

BATCH = 25_000  # rows a transaction: what a killed worker loses at most
NULL = r"\N"  # as COPY writes it
CELL_SEPARATOR = "\x1f"  # between the cells of a line on their way; cleaned values hold no control characters

CREATE_BATCH = """CREATE TEMP TABLE batch (id uuid, line integer, cells text, outcome text, "column" text, value text,
    reason text, left_out jsonb) ON COMMIT DROP"""
COPY_BATCH = 'COPY batch (id, line, cells, outcome, "column", value, reason, left_out) FROM STDIN'
INSERT_ROWS = """
    INSERT INTO import_rows (tenant_id, id, created_at, import_id, line, cells, outcome, "column", value, reason,
        left_out)
    SELECT %(tenant)s, id, %(now)s, %(import)s, line, string_to_array(cells, chr(31)), outcome, "column", value,
        reason, left_out
    FROM batch ORDER BY line"""


class Batch(NamedTuple):
    rows: str
    lines: int
    last: int  # the number of its last line


def layout_of(this: Import) -> FileLayout:
    return FileLayout(this.encoding, this.delimiter, this.sheet, this.sheets, this.quotes)


def mapping_of(this: Import) -> ColumnMapping:
    order = DateFormat(this.date_format or DateFormat.YMD)
    custom = custom_columns.from_json(this.custom_fields)
    return ColumnMapping(this.kind, this.mapping, order, this.decimal_mark or ".", this.opt_outs, custom)


def lines_of(this: Import, pieces: Iterable[bytes]) -> Iterator[ImportLine]:
    most = FileDiagnostics.from_json(this.diagnostics).width
    reader = RowReader(mapping_of(this), this.header_line, len(this.header), most)
    return reader.lines(layout_of(this).rows(pieces), after=this.line_staged)


def pack_batch(lines: Iterable[ImportLine]) -> Batch:
    """Pack lines as text for COPY: a hundred thousand small objects would keep the collector busy."""
    rows, last = [], 0
    for line in lines:
        rows.append(_copy_row(line))
        last = line.number
    return Batch("".join(rows), len(rows), last)


def store_batch(session: Session, this: Import, batch: Batch) -> None:
    """Store a batch, and how far we are, in one transaction."""
    cursor = _psycopg_connection(session).cursor()
    cursor.execute(CREATE_BATCH)
    with cursor.copy(COPY_BATCH) as copy:
        copy.write(batch.rows)
    cursor.execute(INSERT_ROWS, {"tenant": tenant_of(session), "now": utc_now(), "import": this.id})
    this.line_staged = batch.last
    this.rows_staged += batch.lines


def _psycopg_connection(session: Session) -> Connection:
    """COPY is spoken below SQLAlchemy, in the same transaction."""
    return cast(Connection, session.connection().connection.driver_connection)


def _copy_row(line: ImportLine) -> str:
    """A line as COPY reads it; cleaned and shown values hold no tab, no line break and no other control character."""
    cells = CELL_SEPARATOR.join(line.cells)
    if line.outcome is None and not line.left_out and "\\" not in cells:
        return f"{uuid7()}\t{line.number}\t{cells}\t\\N\t\t\t\\N\t\\N\n"
    outcome, reason = line.outcome or NULL, line.reason or NULL
    left_out = _escaped(json.dumps(line.left_out)) if line.left_out else NULL
    said = (outcome, line.column, _escaped(line.value), reason, left_out)
    return "\t".join((str(uuid7()), str(line.number), _escaped(cells), *said)) + "\n"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\")
