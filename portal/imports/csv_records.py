"""Records out of the lines of a CSV file: each line of the file belongs to exactly one of them.

A record is numbered by the line of the file on which it begins.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from portal.imports.quotes import (
    FIRST,
    Fault,
    Quotes,
    Reading,
    Shape,
    Suspect,
    SwallowedLine,
    has_mark_inside,
    judge,
    split_literally,
)

MOST_LINES = 5_000  # of one record; a mark that reaches further is no cell
LONGEST_RECORD = 2_000_000  # characters, over as many lines as its cells take
MOST_RETURNS = 100  # long ways back; after that no mark reaches over a line, or reading would take for ever
A_LONG_WAY = 50
SHOWN = 50  # suspects kept for people to see
LONGEST_CELL = 1_000_000

csv.field_size_limit(LONGEST_CELL)

Row = tuple[int, list[str]]


class TooManyLines(Exception):
    """A record that goes on and on."""


@dataclass
class Odd:
    """What was odd in the file, and where the lines went that are no record of their own."""

    suspects: list[Suspect] = field(default_factory=list)
    count: int = 0  # suspects, with those not kept
    joined: int = 0  # lines that continue a cell of the line above them
    empty: int = 0  # lines of delimiters alone

    def add(self, suspect: Suspect) -> None:
        self.count += 1
        if len(self.suspects) < SHOWN:
            self.suspects.append(suspect)


class Records:
    """Reads once, from the start. With `odd`, it also notes what a person should see."""

    def __init__(self, lines: Iterable[str], delimiter: str, quotes: Quotes, odd: Odd | None = None) -> None:
        self._lines, self._back = iter(lines), deque[str]()
        self._taken: list[str] = []  # the lines of the record that is being read
        self._held = 0  # characters of them
        self._ended, self._returns, self._number = False, 0, 0
        self.delimiter, self.quotes, self.odd = delimiter, quotes, odd
        self.shape = Shape(delimiter)

    def __iter__(self) -> Iterator[Row]:
        while (self._back or not self._ended) and self._returns < MOST_RETURNS:
            yield from self._read()
        yield from self._read_line_by_line()

    def _feed(self) -> Iterator[str]:
        self._ended = False
        while True:
            line = self._back.popleft() if self._back else next(self._lines, None)
            if line is None:
                self._ended = True
                return
            self._taken.append(line)
            self._held = len(line) + (self._held if len(self._taken) > 1 else 0)
            if len(self._taken) > MOST_LINES or self._held > LONGEST_RECORD:
                raise TooManyLines
            yield line

    def _read(self) -> Iterator[Row]:
        """To the end, or to a mark that never closes; the lines below that one are read anew."""
        taken = self._taken
        try:
            for cells in csv.reader(self._feed(), delimiter=self.delimiter):
                if len(taken) == 1 and not self._ended:
                    yield self._one(cells)
                    taken.clear()
                else:
                    yield from self._several(cells, unclosed=self._ended)
        except (csv.Error, TooManyLines):
            yield from self._several([], unclosed=True)

    def _one(self, cells: list[str]) -> Row:
        self._number += 1
        if len(cells) == 1 and cells[0].isspace():
            cells = []
        if self._number <= FIRST:
            self.shape.learn(cells)
        if self.odd is not None:
            self._look_at(self._taken[0], cells, self.odd)
        return self._number, cells

    def _look_at(self, line: str, cells: list[str], odd: Odd) -> None:
        if has_mark_inside(line, self.delimiter):
            odd.add(Suspect(self._number, 0, Fault.INSIDE, Reading.LITERAL))
        odd.empty += len(cells) > 1 and not any(cells)

    def _several(self, cells: list[str], *, unclosed: bool) -> Iterator[Row]:
        block = self._taken.copy()
        self._taken.clear()
        found = judge(block, self.shape, unclosed, self.quotes)
        if found and self.odd is not None:
            self.odd.add(Suspect(self._number + 1, len(block) - 1, *found))
        reading = found[1] if found else Reading.ONE_CELL
        yield from READ[reading](self, block, cells)

    def _as_one(self, block: list[str], cells: list[str]) -> Iterator[Row]:
        number = self._number + 1
        self._number += len(block)
        if self.odd is not None:
            self.odd.joined += sum(not line.isspace() for line in block[1:])
        yield number, cells

    def _refused(self, block: list[str], _cells: list[str]) -> Iterator[Row]:
        opened = self._number + 1
        for line in block:
            self._number += 1
            if not line.isspace():
                yield self._number, SwallowedLine(line, opened)

    def _literally(self, block: list[str], _cells: list[str]) -> Iterator[Row]:
        self._back.extendleft(reversed(block[1:]))
        self._returns += len(block) > A_LONG_WAY
        self._number += 1
        yield self._number, split_literally(block[0], self.delimiter)

    def _read_line_by_line(self) -> Iterator[Row]:
        for line in chain(self._back, self._lines):
            self._number += 1
            yield self._number, split_literally(line, self.delimiter)


READ = {
    Reading.ONE_CELL: Records._as_one,
    Reading.REFUSED: Records._refused,
    Reading.LITERAL: Records._literally,
}
