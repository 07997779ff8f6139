"""Rows out of bytes, one at a time: memory stays flat however long the table is (a workbook is the exception)."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from tempfile import TemporaryFile
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from portal.imports.csv_records import Odd, Records, Row
from portal.imports.merged_cells import spread
from portal.imports.quotes import Quotes, split_literally
from portal.imports.sniffing import NoTable

DELIMITERS = ",;\t|"
MOST_COLUMNS = 150
MOST_SAMPLED = 100_000  # characters
UNPACKED = 500 * 1024 * 1024  # what a workbook may grow to
HEADER_WITHIN = 40
NOTHING_INSIDE = (
    "This is packed like a workbook, but there is no table inside. "
    "If it is a zip, unpack it and upload the file in it."
)
EXACT = 10**15  # a spreadsheet keeps fifteen digits
BROKEN = (zipfile.BadZipFile, NotImplementedError, ValueError)  # what zipfile says of a damaged directory


@dataclass(frozen=True)
class Layout:
    """How to read this file: an encoding and a delimiter, or a sheet."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    quotes: Quotes = Quotes.UNDECIDED

    def rows(self, pieces: Iterable[bytes], odd: Odd | None = None) -> Iterator[Row]:
        """Numbered as a spreadsheet or an editor shows them. `odd` is filled while they are read."""
        if self.sheet:
            return enumerate(_sheet_rows(pieces, self.sheet), start=1)
        return iter(Records(text_of(pieces, self.encoding), self.delimiter, self.quotes, odd))


class Pieces(io.RawIOBase):
    """Pieces of a file as one stream of bytes."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._rest = iter(pieces), memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._rest = self._rest or memoryview(next(self._pieces, b""))
        taken = self._rest[: len(buffer)]
        self._rest = self._rest[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


def text_of(pieces: Iterable[bytes], encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedReader(Pieces(pieces), 1 << 16), encoding=encoding, errors="replace", newline=""
    )


def text_layout(head: bytes, encoding: str) -> Layout:
    """The delimiter is the one that gives the most rows of one width."""
    sample = head.decode(encoding, errors="ignore")
    delimiter = max(DELIMITERS, key=lambda sign: _agreement(sample, sign))
    return Layout(encoding=encoding, delimiter=delimiter)


def workbook_layout(pieces: Iterable[bytes]) -> Layout:
    """The sheets that hold something; the longest is the first guess."""
    with _workbook(pieces) as workbook:
        sizes = {name: workbook.get_sheet_by_name(name).height for name in workbook.sheet_names}
        hidden = {each.name for each in workbook.sheets_metadata if each.visible != SheetVisibleEnum.Visible}
    sheets = [name for name, height in sizes.items() if height]
    if not sheets:
        raise NoTable("This workbook is empty. Export the report again and check that it has rows.")
    best = max(sheets, key=lambda name: (name not in hidden, sizes[name]))
    return Layout(sheet=best, sheets=sorted(sheets, key=lambda name: name in hidden))


def _agreement(sample: str, delimiter: str) -> tuple[int, int]:
    """Rows that share the commonest width above one column, then that width."""
    lines = io.StringIO(sample, newline="").readlines(MOST_SAMPLED)[:200]
    rows = [split_literally(line, delimiter) for line in lines]
    widths = Counter(len(row) for row in rows[:-1] or rows if len(row) > 1)
    width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
    return (count, width)


def _sheet_rows(pieces: Iterable[bytes], sheet: str) -> Iterator[list[str]]:
    with _workbook(pieces) as workbook:
        table = workbook.get_sheet_by_name(sheet)
        rows = ([_as_text(cell) for cell in row] for row in table.iter_rows())
        yield from spread(rows, table.merged_cell_ranges or [])


@contextmanager
def _workbook(pieces: Iterable[bytes]) -> Iterator[CalamineWorkbook]:
    with TemporaryFile() as file:
        for piece in pieces:
            file.write(piece)
        _insist_on_small(file)
        try:
            yield CalamineWorkbook.from_filelike(file)
        except CalamineError:
            raise NoTable(NOTHING_INSIDE) from None


def _insist_on_small(file: IO[bytes]) -> None:
    """A few packed megabytes can unpack to more than a computer holds."""
    file.seek(0)
    if zipfile.is_zipfile(file) and _unpacked(file) > UNPACKED:
        raise NoTable("This workbook is too large once unpacked. Save its sheet as CSV and upload that.")
    file.seek(0)


def _unpacked(file: IO[bytes]) -> int:
    try:
        with zipfile.ZipFile(file) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except BROKEN:
        raise NoTable(NOTHING_INSIDE) from None


def _as_text(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
