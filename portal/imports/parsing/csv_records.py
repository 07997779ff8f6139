"""Records out of the lines of a CSV file: each line of the file belongs to exactly one of them.

A record is numbered by the line of the file on which it begins.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from portal.imports.parsing.quotation_marks import (
    LEARNED_LINES,
    QuoteFault,
    QuoteMode,
    QuoteReading,
    SuspectQuote,
    SwallowedLine,
    TableShape,
    classify_record,
    has_quote_inside,
    split_literally,
)

MAX_RECORD_LINES = 5_000  # of one record; a mark that reaches further is no cell
MAX_RECORD_LENGTH = 2_000_000  # characters, over as many lines as its cells take
MAX_REREADS = 100  # long ways back; after that no mark reaches over a line, or reading would take for ever
LONG_REREAD = 50
KEPT_SUSPECTS = 50  # suspects kept for people to see
MAX_CELL_LENGTH = 1_000_000

csv.field_size_limit(MAX_CELL_LENGTH)

Row = tuple[int, list[str]]


class RecordTooLong(Exception):
    """A record that goes on and on."""


@dataclass
class Irregularities:
    """What was odd in the file, and where the lines went that are no record of their own."""

    suspects: list[SuspectQuote] = field(default_factory=list)
    count: int = 0  # suspects, with those not kept
    joined: int = 0  # lines that continue a cell of the line above them
    empty: int = 0  # lines of delimiters alone

    def add(self, suspect: SuspectQuote) -> None:
        self.count += 1
        if len(self.suspects) < KEPT_SUSPECTS:
            self.suspects.append(suspect)


class CsvRecords:
    """Reads once, from the start. With `odd`, it also notes what a person should see."""

    def __init__(
        self,
        lines: Iterable[str],
        delimiter: str,
        quotes: QuoteMode,
        irregularities: Irregularities | None = None,
    ) -> None:
        self._lines, self._pushed_back = iter(lines), deque[str]()
        self._record_lines: list[str] = []  # the lines of the record that is being read
        self._record_length = 0  # characters of them
        self._ended, self._rereads, self._number = False, 0, 0
        self.delimiter, self.quotes, self.irregularities = delimiter, quotes, irregularities
        self.shape = TableShape(delimiter)

    def __iter__(self) -> Iterator[Row]:
        while (self._pushed_back or not self._ended) and self._rereads < MAX_REREADS:
            yield from self._read()
        yield from self._read_line_by_line()

    def _next_lines(self) -> Iterator[str]:
        """Each is kept until its record is over; one line alone is never too long, since lines have their limit."""
        self._ended, taken, back = False, self._record_lines, self._pushed_back
        while (line := back.popleft() if back else next(self._lines, None)) is not None:
            taken.append(line)
            if len(taken) == 1:
                self._record_length = len(line)
            else:
                self._continue_record(len(line))
            yield line
        self._ended = True

    def _continue_record(self, length: int) -> None:
        self._record_length += length
        if len(self._record_lines) > MAX_RECORD_LINES or self._record_length > MAX_RECORD_LENGTH:
            raise RecordTooLong

    def _read(self) -> Iterator[Row]:
        """To the end, or to a mark that never closes; the lines below that one are read anew."""
        taken = self._record_lines
        try:
            for cells in csv.reader(self._next_lines(), delimiter=self.delimiter):
                if len(taken) == 1 and not self._ended:
                    yield self._single_line(cells)
                    taken.clear()
                else:
                    yield from self._multi_line(cells, unclosed=self._ended)
        except (csv.Error, RecordTooLong):
            yield from self._multi_line([], unclosed=True)

    def _single_line(self, cells: list[str]) -> Row:
        self._number += 1
        if len(cells) == 1 and cells[0].isspace():
            cells = []
        if self._number <= LEARNED_LINES:
            self.shape.learn(cells)
        if self.irregularities is not None:
            self._note_irregularities(self._record_lines[0], cells, self.irregularities)
        return self._number, cells

    def _note_irregularities(self, line: str, cells: list[str], odd: Irregularities) -> None:
        if has_quote_inside(line, self.delimiter):
            odd.add(SuspectQuote(self._number, 0, QuoteFault.INSIDE, QuoteReading.LITERAL))
        odd.empty += len(cells) > 1 and not any(cells)

    def _multi_line(self, cells: list[str], *, unclosed: bool) -> Iterator[Row]:
        block = self._record_lines.copy()
        self._record_lines.clear()
        found = classify_record(block, self.shape, unclosed, self.quotes)
        if found and self.irregularities is not None:
            self.irregularities.add(SuspectQuote(self._number + 1, len(block) - 1, *found))
        reading = found[1] if found else QuoteReading.ONE_CELL
        yield from READERS[reading](self, block, cells)

    def _as_one(self, block: list[str], cells: list[str]) -> Iterator[Row]:
        number = self._number + 1
        self._number += len(block)
        if self.irregularities is not None:
            self.irregularities.joined += sum(not line.isspace() for line in block[1:])
        yield number, cells

    def _refused(self, block: list[str], _cells: list[str]) -> Iterator[Row]:
        opened = self._number + 1
        for line in block:
            self._number += 1
            if not line.isspace():
                yield self._number, SwallowedLine(line, opened)

    def _literally(self, block: list[str], _cells: list[str]) -> Iterator[Row]:
        self._pushed_back.extendleft(reversed(block[1:]))
        self._rereads += len(block) > LONG_REREAD
        self._number += 1
        yield self._number, split_literally(block[0], self.delimiter)

    def _read_line_by_line(self) -> Iterator[Row]:
        for line in chain(self._pushed_back, self._lines):
            self._number += 1
            yield self._number, split_literally(line, self.delimiter)


READERS = {
    QuoteReading.ONE_CELL: CsvRecords._as_one,
    QuoteReading.REFUSED: CsvRecords._refused,
    QuoteReading.LITERAL: CsvRecords._literally,
}
