"""Rows out of bytes, one at a time: memory stays flat however long the table is (a workbook is the exception)."""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook

from portal.imports.sniffing import NoTable

DELIMITERS = ",;\t|"
MOST_COLUMNS = 100
LONGEST_CELL = 1_000_000
UNPACKED = 500 * 1024 * 1024  # what a workbook may grow to
HEADER_WITHIN = 40
NOTHING_INSIDE = (
    "This is packed like a workbook, but there is no table inside. "
    "If it is a zip, unpack it and upload the file in it."
)
BROKEN = (zipfile.BadZipFile, NotImplementedError, ValueError)  # what zipfile says of a damaged directory

csv.field_size_limit(LONGEST_CELL)

Row = tuple[int, list[str]]  # its number, as a spreadsheet shows it, and its cells


@dataclass(frozen=True)
class Layout:
    """How to read this file: an encoding and a delimiter, or a sheet."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)

    def rows(self, pieces: Iterable[bytes]) -> Iterator[Row]:
        rows = _sheet_rows(pieces, self.sheet) if self.sheet else _csv_rows(pieces, self)
        return enumerate(rows, start=1)


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
    sheets = [name for name, height in sizes.items() if height]
    if not sheets:
        raise NoTable("This workbook is empty. Export the report again and check that it has rows.")
    return Layout(sheet=max(sheets, key=lambda name: sizes[name]), sheets=sheets)


def _agreement(sample: str, delimiter: str) -> tuple[int, int]:
    """Rows that share the commonest width above one column, then that width."""
    try:
        rows = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), 200))
    except csv.Error:
        return (0, 0)
    widths = Counter(len(row) for row in rows[:-1] or rows if len(row) > 1)
    width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
    return (count, width)


def _csv_rows(pieces: Iterable[bytes], layout: Layout) -> Iterator[list[str]]:
    reader = csv.reader(text_of(pieces, layout.encoding), delimiter=layout.delimiter)
    try:
        yield from reader
    except csv.Error:
        raise NoTable(
            "Somewhere before line %(line)s a quotation mark opens and never closes, so the rows run together.",
            line=reader.line_num,
        ) from None


def _sheet_rows(pieces: Iterable[bytes], sheet: str) -> Iterator[list[str]]:
    with _workbook(pieces) as workbook:
        for row in workbook.get_sheet_by_name(sheet).iter_rows():
            yield [_as_text(cell) for cell in row]


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
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
