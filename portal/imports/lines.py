"""From a row of the file to a staged line: cleaned, refused with a reason, or known as the end of a report."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.imports import opt_outs
from portal.imports.characters import storable
from portal.imports.cleaning import Memory, Unreadable, cleaner
from portal.imports.csv_records import Row
from portal.imports.dates import DateFormat
from portal.imports.fields import FIELDS, OPT_OUTS, Field, Value, cells_of
from portal.imports.models import Kind, Outcome
from portal.imports.numbers import DOLLARS
from portal.imports.opt_outs import Means
from portal.imports.person_names import split_name
from portal.imports.quotes import SwallowedLine

REPORT_LINE = re.compile(
    r"(grand |sub)?totals?\b.*|confidential\b.*|copyright\b.*|©.*|(report )?generated (by|on|at)\b.*|filtered by\b.*"
    r"|as of \d.*|report (name|run|owner)\b.*|(number of )?records?:.*|\d[\d,.]* (records|rows)|end of report.*",
    re.IGNORECASE,
)
REPORT = _l("The end of a report, not a line of the table.")
TOO_WIDE = _l("This line has more cells than the header: probably a quotation mark is missing.")
SWALLOWED = _l(
    "A quotation mark opens here or above and reaches over lines of the table. The check page asks about it."
)
EMPTY = _l("An empty line.")
NO_CURRENCY = _l("The currency of this amount can’t be read.")
OTHER_CURRENCY = _l("The amount names one currency and its currency column another.")
REPORT_CELLS = 3
SHOWN = 200


@dataclass(frozen=True)
class Mapping:
    """What the importing person said about the columns."""

    kind: Kind
    columns: dict[str, int]
    date_format: DateFormat = DateFormat.YMD
    decimal_mark: str = "."
    opt_outs: dict[str, str] = field(default_factory=dict)


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
    """Reads the rows under a header. Made for one pass: it remembers what the columns repeat.

    `most`: cells of the header with those that have no name, behind which nothing should stand.
    """

    def __init__(self, mapping: Mapping, header_line: int, width: int, most: int = 0) -> None:
        self.mapping, self.header_line, self.width, self.most = mapping, header_line, width, max(width, most)
        self.names = cells_of(mapping.kind)
        mapped = [each for each in FIELDS[mapping.kind] if mapping.columns.get(each.name, width) < width]
        starts = [self.names.index(each.name) for each in mapped] + [len(self.names)]
        self.lead = [""] * starts[0]
        self.steps = [
            self._step(each, end - at) for each, at, end in zip(mapped, starts, starts[1:], strict=False)
        ]
        self.splits = "full_name" in mapping.columns
        self.opt_outs = self._opt_outs()
        self.amounts = self._amounts()

    def _opt_outs(self) -> list[tuple[int, Means]]:
        if self.mapping.kind != Kind.PEOPLE:
            return []
        said = ((int(column), Means(means)) for column, means in self.mapping.opt_outs.items())
        return [(column, means) for column, means in said if means not in {Means.NOTHING, Means.UNDECIDED}]

    def _amounts(self) -> list[str]:
        """Amounts that have a currency column."""
        columns = self.mapping.columns if "currency" in self.mapping.columns else {}
        return [
            each.name
            for each in FIELDS[self.mapping.kind]
            if each.value == Value.MONEY and each.name in columns
        ]

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
            if isinstance(row, SwallowedLine):
                return _refused(number, "", row[0], str(SWALLOWED))
            if any(row[self.most :]):
                return _refused(number, "", _shown(row), str(TOO_WIDE))
            row = [*row[: self.width], *[""] * (self.width - len(row))]
        try:
            for column, read, _ in self.steps:
                cells += read[row[column]]
        except Unreadable:
            return self._faulty(number, row)
        return self._whole(Line(number, cells), row)

    def _faulty(self, number: int, row: list[str]) -> Line:
        """A line with a value that can't be read: without it, or refused when the line is nothing without it."""
        line = Line(number, self.lead.copy())
        for column, read, each in self.steps:
            try:
                line.cells += read[row[column]]
            except Unreadable as reason:
                if each.required and is_empty(row):
                    return Line(number, outcome=Outcome.SKIPPED, reason=str(EMPTY))
                if each.required:
                    return _refused(number, each.name, row[column], str(reason))
                line.left_out.append(
                    {"column": each.name, "value": _shown([row[column]]), "reason": str(reason)}
                )
                line.cells += [*[""] * len(each.cells), *read.pad]
        return self._whole(line, row)

    def _whole(self, line: Line, row: Sequence[str]) -> Line:
        if self.splits:
            self._split_name(line.cells)
        if self.opt_outs:
            line.cells[self.names.index(OPT_OUTS)] = self._opted_out(row)
        for amount in self.amounts:
            self._compare_currency(line, amount)
        return line

    def _leave_out(self, line: Line, amount: str, shown: str, reason: LazyString) -> None:
        at = self.names.index(amount)
        line.left_out.append({"column": amount, "value": shown, "reason": str(reason)})
        line.cells[at] = line.cells[at + 1] = ""

    def _opted_out(self, row: Sequence[str]) -> str:
        """“4! 7?”: the columns that say so, and whether they can be read."""
        said = ((column, opt_outs.says_out(means, row[column])) for column, means in self.opt_outs)
        return " ".join(f"{column}{mark}" for column, mark in said if mark)

    def _compare_currency(self, line: Line, amount: str) -> None:
        """“€5” beside “GBP” is no amount we know; “$5” beside “CAD” is one in Canadian dollars."""
        at = self.names.index(amount)
        written, beside, own = line.cells[at], line.cells[at + 1], line.cells[self.names.index("currency")]
        if written and any(each["column"] == "currency" for each in line.left_out):
            self._leave_out(line, amount, _in_units(written), NO_CURRENCY)
        if beside and own and beside != own and not (beside == "USD" and own in DOLLARS):
            self._leave_out(line, amount, f"{beside} {_in_units(written)}, {own}", OTHER_CURRENCY)

    def _split_name(self, cells: list[str]) -> None:
        """A whole name says what first and last name leave open; it is kept to be compared with what is known."""
        whole, first, last = (self.names.index(name) for name in ("full_name", "first_name", "last_name"))
        if cells[first] or cells[last]:
            cells[whole] = ""
        elif cells[whole]:
            cells[first], cells[last] = split_name(cells[whole])


def _refused(number: int, column: str, value: str, reason: str) -> Line:
    return Line(number, outcome=Outcome.REFUSED, column=column, value=_shown([value]), reason=reason)


def _shown(row: Sequence[str]) -> str:
    """The start of what stood there, without signs that can't be stored."""
    words = " ".join(cell.strip() for cell in row if cell.strip())[:SHOWN]
    return "".join(map(storable, words))


def _in_units(cents: str) -> str:
    return f"{int(cents) / 100:,.2f}"


def is_empty(row: Sequence[str]) -> bool:
    """Blanks and delimiters alone."""
    return not "".join(row).strip(" \t;,|\u00a0\r\n")
