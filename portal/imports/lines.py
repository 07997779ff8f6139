"""From a row of the file to a staged line: cleaned, refused with a reason, or known as the end of a report."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from portal.imports.cleaning import Clean, Unreadable, Values, cleaner
from portal.imports.dates import DateFormat
from portal.imports.fields import FIELDS, Field, cells_of
from portal.imports.models import Kind, Outcome
from portal.imports.tables import Row

REPORT_LINE = re.compile(
    r"(grand |sub)?totals?\b.*|confidential\b.*|copyright\b.*|©.*|(report )?generated (by|on|at)\b.*|filtered by\b.*"
    r"|as of \d.*|report (name|run|owner)\b.*|(number of )?records?:.*|\d[\d,.]* (records|rows)|end of report.*",
    re.IGNORECASE,
)
MISSING = "This line needs a value here."
REPORT = "The end of a report, not a line of the table."
TOO_WIDE = "This line has more cells than the header: probably a quotation mark is missing."
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


@dataclass(frozen=True, slots=True)
class Step:
    """One field of the kind: where its cell stands, how it is read, what an empty cell gives."""

    field: Field
    column: int | None
    clean: Clean
    empty: Values


class Reader:
    """Reads the rows under a header. Made for one pass: it remembers what the columns repeat."""

    def __init__(self, mapping: Mapping, header_line: int, width: int) -> None:
        self.mapping, self.header_line, self.width = mapping, header_line, width
        self.steps = [self._step(each) for each in FIELDS[mapping.kind]]
        self.names = cells_of(mapping.kind)
        self.splits = "full_name" in mapping.columns

    def _step(self, each: Field) -> Step:
        clean = cleaner(each, self.mapping.date_format, self.mapping.decimal_mark)
        return Step(each, self.mapping.columns.get(each.name), clean, ("",) * len(each.cells))

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
                yield Line(number, outcome=Outcome.SKIPPED, value=_shown(row), reason=REPORT)

    def ends_a_report(self, row: Sequence[str]) -> bool:
        filled = [cell.strip() for cell in row if cell.strip()]
        few = len(filled) <= min(REPORT_CELLS, max(1, self.width - 2))
        return few and bool(filled) and REPORT_LINE.fullmatch(filled[0]) is not None

    def line(self, number: int, row: Sequence[str]) -> Line:
        line = Line(number)
        if len(row) > self.width and any(cell.strip() for cell in row[self.width :]):
            return self._refuse(line, self.steps[0], _shown(row), TOO_WIDE)
        for step in self.steps:
            raw = row[step.column] if step.column is not None and step.column < len(row) else ""
            try:
                values = step.clean(raw) if raw else step.empty
            except Unreadable as reason:
                if step.field.required:
                    return self._refuse(line, step, raw, str(reason))
                line.left_out.append(
                    {"column": step.field.name, "value": _shown([raw]), "reason": str(reason)}
                )
                values = step.empty
            if step.field.required and not values[0]:
                return self._refuse(line, step, raw, MISSING)
            line.cells += values
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

    def _refuse(self, line: Line, step: Step, value: str, reason: str) -> Line:
        shown = _shown([value])
        return Line(line.number, outcome=Outcome.REFUSED, column=step.field.name, value=shown, reason=reason)


def _shown(row: Sequence[str]) -> str:
    """The start of what stood there, without signs that can't be stored."""
    words = " ".join(cell.strip() for cell in row if cell.strip())[:SHOWN]
    return "".join(sign if sign.isprintable() else " " for sign in words)
