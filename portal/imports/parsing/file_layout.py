"""Rows out of bytes, one at a time: memory stays flat however long the table is."""

import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from portal.imports.parsing.csv_records import CsvRecords, Irregularities, Row
from portal.imports.parsing.line_limit import limited_lines
from portal.imports.parsing.quotation_marks import QuoteMode, split_literally

DELIMITERS = ",;\t|"
SAMPLE_LENGTH = 100_000  # characters


@dataclass(frozen=True)
class FileLayout:
    """How to read this file: an encoding and a delimiter, or a sheet that was unpacked."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    quotes: QuoteMode = QuoteMode.UNDECIDED

    def rows(self, pieces: Iterable[bytes], irregularities: Irregularities | None = None) -> Iterator[Row]:
        if self.sheet:
            return enumerate(_sheet_rows(pieces), start=1)
        lines = limited_lines(text_of(pieces, self.encoding))
        return iter(CsvRecords(lines, self.delimiter, self.quotes, irregularities))


class PieceStream(io.RawIOBase):
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
        io.BufferedReader(PieceStream(pieces), 1 << 16), encoding=encoding, errors="replace", newline=""
    )


def text_layout(head: bytes, encoding: str) -> FileLayout:
    sample = head.decode(encoding, errors="ignore")
    delimiter = max(DELIMITERS, key=lambda sign: _width_agreement(sample, sign))
    return FileLayout(encoding=encoding, delimiter=delimiter)


def _width_agreement(sample: str, delimiter: str) -> tuple[int, int]:
    """Rows that share the commonest width above one column, then that width."""
    lines = io.StringIO(sample, newline="").readlines(SAMPLE_LENGTH)[:200]
    rows = [split_literally(line, delimiter) for line in lines]
    widths = Counter(len(row) for row in rows[:-1] or rows if len(row) > 1)
    width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
    return (count, width)


def _sheet_rows(pieces: Iterable[bytes]) -> Iterator[list[str]]:
    """A sheet as `workbook_process` wrote it."""
    return (json.loads(line) for line in text_of(pieces, "ascii"))
