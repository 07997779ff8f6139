"""Rows out of bytes, one at a time: memory stays flat however long the table is."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from portal.imports.short_lines import ShortLines
from portal.imports.sniffing import NoTable

DELIMITERS = ",;\t|"
MOST_COLUMNS = 100
LONGEST_CELL = 1_000_000
HEADER_WITHIN = 40
csv.field_size_limit(LONGEST_CELL)

Row = tuple[int, list[str]]  # its number, as a spreadsheet shows it, and its cells


@dataclass(frozen=True)
class Layout:
    """How to read this file: an encoding and a delimiter, or a sheet that was unpacked."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)

    def rows(self, pieces: Iterable[bytes]) -> Iterator[Row]:
        rows = _sheet_rows(pieces) if self.sheet else _csv_rows(pieces, self)
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
    lines = ShortLines(text_of(pieces, layout.encoding))
    reader = csv.reader(lines, delimiter=layout.delimiter)
    try:
        for row in reader:
            lines.begin_row()
            yield row
    except csv.Error:
        raise NoTable(
            "Somewhere before line %(line)s a quotation mark opens and never closes, so the rows run together.",
            line=reader.line_num,
        ) from None


def _sheet_rows(pieces: Iterable[bytes]) -> Iterator[list[str]]:
    """A sheet as `unpacking` wrote it."""
    return (json.loads(line) for line in text_of(pieces, "ascii"))
