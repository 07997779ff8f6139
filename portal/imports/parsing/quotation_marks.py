"""Quotation marks: which ones hold a cell together, and which ones only swallow the lines below them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

LONG_RECORD = 20  # lines of one cell that are worth a second look
FEW_LINES = 10  # lines in which the heading alone tells
LEARNED_LINES = 200  # lines from which the shape of the table is learned
TABLE_SHARE = 0.8  # of the lines a mark swallowed: then it is no cell
CLOSED_CELL = {  # a cell in marks that closes on its line, by delimiter
    sign: re.compile(rf'"((?:[^"]|"")*+)"({re.escape(sign)}|$)') for sign in ",;\t|"
}
QUOTE_INSIDE = {sign: re.compile(rf'[^"\r\n{re.escape(sign)}]"[^"\r\n{re.escape(sign)}]') for sign in ",;\t|"}
ADDRESS_HEADING = re.compile(r"^\s*(work |business )?e-?mail( address|adresse)?\s*$", re.IGNORECASE)
ADDRESS = re.compile(r"""\s*[^\s@,;"<>]+@[^\s@,;"<>]+\.[^\s@,;"<>]+\s*""")


class QuoteMode(StrEnum):
    """What the person said about marks that look wrong."""

    UNDECIDED = ""
    LITERAL = "literal"  # an ordinary character
    CELLS = "cells"  # they hold cells with line breaks


class QuoteFault(StrEnum):
    UNCLOSED = "unclosed"
    SWALLOWS = "swallows"  # lines that look like lines of the table
    LONG = "long"
    INSIDE = "inside"  # in the middle of a cell


class QuoteReading(StrEnum):
    """What became of a suspicious mark."""

    LITERAL = "literal"
    ONE_CELL = "one_cell"
    REFUSED = "refused"


@dataclass(frozen=True)
class SuspectQuote:
    line: int  # of the file, where the mark opens
    below: int  # lines it reaches over
    fault: QuoteFault
    reading: QuoteReading


class SwallowedLine(list[str]):
    """A line of the file behind a mark that may be wrong: shown and refused, never lost."""

    def __init__(self, text: str, opened: int) -> None:
        super().__init__([text.rstrip("\r\n")])
        self.opened = opened


@dataclass
class TableShape:
    """What a line of this table looks like, learned from the first ones."""

    delimiter: str
    widths: Counter[int] = field(default_factory=Counter)
    addresses: Counter[int] = field(default_factory=Counter)
    named: Counter[int] = field(default_factory=Counter)  # columns called “E-mail”
    seen: int = 0

    def learn(self, cells: Sequence[str]) -> None:
        self.seen += 1
        self.widths[len(cells)] += 1
        self.addresses.update(at for at, cell in enumerate(cells) if "@" in cell and ADDRESS.fullmatch(cell))
        self.named.update(at for at, cell in enumerate(cells) if ADDRESS_HEADING.search(cell))

    @property
    def width(self) -> int:
        wide = {width: count for width, count in self.widths.items() if width > 1}
        return max(wide, key=lambda width: (wide[width], width), default=0)

    def is_row(self, line: str) -> bool:
        cells = split_literally(line, self.delimiter)
        if any(cell.endswith('"') and cell.count('"') % 2 for cell in cells):
            return False  # here a cell ends that began on a line above
        address = self._address_column()
        if address is not None:
            has_address = address < len(cells) and ADDRESS.fullmatch(cells[address]) is not None
            return has_address and len(cells) >= max(2, self.width - 1)
        is_prose = any(cell.startswith(" ") for cell in cells[1:])
        is_filled = bool(cells[0]) and sum(map(bool, cells)) > 1
        return len(cells) == self.width > 2 and is_filled and not is_prose

    def _address_column(self) -> int | None:
        column, count = max(self.addresses.items(), key=lambda pair: pair[1], default=(0, 0))
        if count * 2 >= self.seen - 1 > 0:
            return column
        return next(iter(self.named), None) if self.seen < FEW_LINES else None


def classify_record(
    block: Sequence[str], shape: TableShape, unclosed: bool, quotes: QuoteMode
) -> tuple[QuoteFault, QuoteReading] | None:
    """Return what is wrong with a record of several lines, and how it is read; None when nothing is."""
    if unclosed:
        return QuoteFault.UNCLOSED, QuoteReading.LITERAL
    alike = sum(shape.is_row(line) for line in block[1:])
    if not alike and len(block) < LONG_RECORD:
        return None
    fault = QuoteFault.SWALLOWS if alike else QuoteFault.LONG
    if quotes == QuoteMode.LITERAL:
        return fault, QuoteReading.LITERAL
    if quotes == QuoteMode.CELLS or not alike:
        return fault, QuoteReading.ONE_CELL
    is_table = shape.is_row(block[0]) and alike >= TABLE_SHARE * (len(block) - 1)
    return fault, QuoteReading.LITERAL if is_table else QuoteReading.REFUSED


def has_quote_inside(line: str, delimiter: str) -> bool:
    if '"' not in line:
        return False
    if line.startswith('"') and line.replace(f'"{delimiter}"', "").count('"') == 2:
        return False  # every cell in marks, as most exports write them: the quick way to see it
    return QUOTE_INSIDE[delimiter].search(line) is not None


def split_literally(line: str, delimiter: str) -> list[str]:
    """Split one line; a quotation mark that doesn't close in it is an ordinary character."""
    rest, cells, is_more = line.rstrip("\r\n"), list[str](), True
    while is_more:
        if match := CLOSED_CELL[delimiter].match(rest):
            cell, is_more, rest = match[1].replace('""', '"'), bool(match[2]), rest[match.end() :]
        else:
            cell, found, rest = rest.partition(delimiter)
            is_more = bool(found)
        cells.append(cell)
    return cells
