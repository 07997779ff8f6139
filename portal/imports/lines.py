"""From a row of the file to a staged line: cleaned, refused with a reason, or known as the end of a report."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from flask_babel import lazy_gettext as _l

from portal.imports.cleaning import Memory, Unreadable, cleaner
from portal.imports.dates import DateFormat
from portal.imports.fields import FIELDS, Field, cells_of
from portal.imports.models import Kind, Outcome
from portal.imports.tables import Row

REPORT_LINE = re.compile(
    r"(grand |sub)?totals?\b.*|confidential\b.*|copyright\b.*|©.*|(report )?generated (by|on|at)\b.*|filtered by\b.*"
    r"|as of \d.*|report (name|run|owner)\b.*|(number of )?records?:.*|\d[\d,.]* (records|rows)|end of report.*",
    re.IGNORECASE,
)
REPORT = _l("The end of a report, not a line of the table.")
TOO_WIDE = _l("This line has more cells than the header: probably a quotation mark is missing.")
REPORT_CELLS = 3
SHOWN = 200


@dataclass(frozen=True)
class Mapping:
    """What the importing person said about the columns."""

    kind: Kind
    columns: dict[str, int]
    date_format: DateFormat = DateFormat.YMD
    decimal_mark: str = "."


@dataclass(slots=True)
class Line:
    number: int
    cells: list[str] = field(default_factory=list)
    outcome: Outcome | None = None
    column: str = ""
    value: str = ""
    reason: str = ""
    left_out: list[dict[str, str]] = field(default_factory=list)


class Step(NamedTuple):
    """A field that has a column, and how its cells are read."""

    column: int
    read: Memory
    field: Field


class Reader:
    """Reads the rows under a header. Made for one pass: it remembers what the columns repeat."""

    def __init__(self, mapping: Mapping, header_line: int, width: int) -> None:
        self.mapping, self.header_line, self.width = mapping, header_line, width
        self.names = cells_of(mapping.kind)
        mapped = [each for each in FIELDS[mapping.kind] if mapping.columns.get(each.name, width) < width]
        starts = [self.names.index(each.name) for each in mapped] + [len(self.names)]
        self.lead = [""] * starts[0]
        self.steps = [
            self._step(each, end - at) for each, at, end in zip(mapped, starts, starts[1:], strict=False)
        ]
        self.splits = "full_name" in mapping.columns

    def _step(self, each: Field, cells: int) -> Step:
        clean = cleaner(each, self.mapping.date_format, self.mapping.decimal_mark)
        read = Memory(clean, pad=cells - len(each.cells), required=each.required)
        return Step(self.mapping.columns[each.name], read, each)

    def lines(self, rows: Iterable[Row], after: int = 0) -> Iterator[Line]:
        """The table's lines below line `after`; rows that look like a report's end are held until that is sure."""
        held: list[Row] = []
        for number, row in rows:
            if number <= self.header_line or not any(row):
                continue
            if self.ends_a_report(row):
                held.append((number, row))
                continue
            for each in chain(held, [(number, row)]):
                if each[0] > after:
                    yield self.line(*each)
            held = []
        for number, row in held:
            if number > after:
                yield Line(number, outcome=Outcome.SKIPPED, value=_shown(row), reason=str(REPORT))

    def ends_a_report(self, row: Sequence[str]) -> bool:
        first = next((cell for cell in row if cell), "")
        if REPORT_LINE.fullmatch(first.strip()) is None:
            return False
        return sum(1 for cell in row if cell.strip()) <= min(REPORT_CELLS, max(1, self.width - 1))

    def line(self, number: int, row: list[str]) -> Line:
        cells = self.lead.copy()
        if len(row) != self.width:
            if any(row[self.width :]):
                return _refused(number, "", _shown(row), str(TOO_WIDE))
            row = [*row[: self.width], *[""] * (self.width - len(row))]
        try:
            for column, read, _ in self.steps:
                cells += read[row[column]]
        except Unreadable:
            return self._faulty(number, row)
        return self._whole(Line(number, cells))

    def _faulty(self, number: int, row: list[str]) -> Line:
        """A line with a value that can't be read: without it, or refused when the line is nothing without it."""
        line = Line(number, self.lead.copy())
        for column, read, each in self.steps:
            try:
                line.cells += read[row[column]]
            except Unreadable as reason:
                if each.required:
                    return _refused(number, each.name, row[column], str(reason))
                line.left_out.append(
                    {"column": each.name, "value": _shown([row[column]]), "reason": str(reason)}
                )
                line.cells += [*[""] * len(each.cells), *read.pad]
        return self._whole(line)

    def _whole(self, line: Line) -> Line:
        if self.splits:
            self._split_name(line.cells)
        return line

    def _split_name(self, cells: list[str]) -> None:
        """A whole name says what first and last name leave open: “Ada Lindqvist”, “Lindqvist, Ada”."""
        whole, first, last = (self.names.index(name) for name in ("full_name", "first_name", "last_name"))
        if cells[whole] and not cells[first] and not cells[last]:
            head, comma, tail = cells[whole].partition(",")
            given, _, family = cells[whole].partition(" ")
            cells[first], cells[last] = (tail.strip(), head.strip()) if comma else (given, family)


def _refused(number: int, column: str, value: str, reason: str) -> Line:
    return Line(number, outcome=Outcome.REFUSED, column=column, value=_shown([value]), reason=reason)


def _shown(row: Sequence[str]) -> str:
    """The start of what stood there, without signs that can't be stored."""
    words = " ".join(cell.strip() for cell in row if cell.strip())[:SHOWN]
    return "".join(sign if sign.isprintable() else " " for sign in words)
