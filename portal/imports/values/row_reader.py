"""From a row of the file to a staged line: cleaned, refused with a reason, or known as the end of a report."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import getitem, itemgetter
from typing import Any, NamedTuple

from portal.imports.models import ImportKind, LineOutcome, LineReason
from portal.imports.parsing.characters import storable
from portal.imports.parsing.csv_records import Row
from portal.imports.parsing.quotation_marks import SwallowedLine
from portal.imports.values import opt_out_columns
from portal.imports.values.cleaning import CachedCleaner, UnreadableValue, cleaner
from portal.imports.values.dates import DateFormat
from portal.imports.values.field_types import FieldType, ImportField
from portal.imports.values.fields import CUSTOM_CELL, FIELDS, OPT_OUTS_CELL, cells_of
from portal.imports.values.numbers import DOLLARS
from portal.imports.values.opt_out_columns import OptOutMeaning
from portal.imports.values.person_names import split_name
from portal.search_text import folded

REPORT_FOOTER = re.compile(
    r"(grand |sub)?totals?\b.*|confidential\b.*|copyright\b.*|©.*|(report )?generated (by|on|at)\b.*|filtered by\b.*"
    r"|as of \d.*|report (name|run|owner)\b.*|(number of )?records?:.*|\d[\d,.]* (records|rows)|end of report.*",
    re.IGNORECASE,
)
MAX_FOOTER_CELLS = 3
MAX_SHOWN = 200


@dataclass(frozen=True)
class ColumnMapping:
    """What the importing person said about the columns."""

    kind: ImportKind
    columns: dict[str, int]
    date_format: DateFormat = DateFormat.YMD
    decimal_mark: str = "."
    opt_outs: dict[str, str] = field(default_factory=dict)
    custom: tuple[ImportField, ...] = ()  # custom fields that have a column


@dataclass(slots=True)
class ImportLine:
    number: int
    cells: list[str] = field(default_factory=list)
    outcome: LineOutcome | None = None
    column: str = ""
    value: str = ""
    reason: LineReason | None = None
    reason_params: dict[str, Any] | None = None
    left_out: list[dict[str, Any]] = field(default_factory=list)  # column, value, reason and perhaps params


class ColumnReader(NamedTuple):
    """A field that has a column, and how its cells are read."""

    column: int
    read: CachedCleaner
    field: ImportField


class RowReader:
    """Reads the rows under a header. Made for one pass: it remembers what the columns repeat.

    `most`: cells of the header with those that have no name, behind which nothing should stand.
    """

    def __init__(self, mapping: ColumnMapping, header_line: int, width: int, max_cells: int = 0) -> None:
        self.mapping, self.header_line, self.width, self.max_cells = (
            mapping,
            header_line,
            width,
            max(width, max_cells),
        )
        self.names = cells_of(mapping.kind)
        mapped = [each for each in FIELDS[mapping.kind] if mapping.columns.get(each.name, width) < width]
        starts = [self.names.index(each.name) for each in mapped] + [len(self.names)]
        self.leading_blanks = ("",) * starts[0]
        self.column_readers = [
            self._column_reader(each, end - at)
            for each, at, end in zip(mapped, starts, starts[1:], strict=False)
        ]
        self.pick_cells = _picker([each.column for each in self.column_readers])
        self.caches = [each.read for each in self.column_readers]
        self.footer_cells = min(MAX_FOOTER_CELLS, max(1, width - 1))
        self.splits_full_name = "full_name" in mapping.columns
        self.opt_outs = self._opt_outs()
        self.custom_readers = [
            self._column_reader(each, 1)
            for each in mapping.custom
            if mapping.columns.get(each.name, width) < width
        ]
        self.amounts = self._amounts()

    def _opt_outs(self) -> list[tuple[int, OptOutMeaning]]:
        if self.mapping.kind != ImportKind.PEOPLE:
            return []
        said = ((int(column), OptOutMeaning(means)) for column, means in self.mapping.opt_outs.items())
        return [
            (column, means)
            for column, means in said
            if means not in {OptOutMeaning.NOTHING, OptOutMeaning.UNDECIDED}
        ]

    def _amounts(self) -> list[str]:
        """Amounts that have a currency column."""
        columns = self.mapping.columns if "currency" in self.mapping.columns else {}
        return [
            each.name
            for each in FIELDS[self.mapping.kind]
            if each.type == FieldType.MONEY and each.name in columns
        ]

    def _column_reader(self, each: ImportField, cells: int) -> ColumnReader:
        clean = cleaner(each, self.mapping.date_format, self.mapping.decimal_mark)
        read = CachedCleaner(clean, pad=cells - len(each.cells), required=each.required)
        return ColumnReader(self.mapping.columns[each.name], read, each)

    def lines(self, rows: Iterable[Row], after: int = 0) -> Iterator[ImportLine]:
        """Yield lines below line `after`; rows that look like a report's end wait until that is sure."""
        pending: list[Row] = []
        for number, row in rows:
            if number <= self.header_line or not any(row):
                continue
            if self.is_report_footer(row):
                pending.append((number, row))
                continue
            if pending:
                yield from (self.line(*each) for each in pending if each[0] > after)
                pending = []
            if number > after:
                yield self.line(number, row)
        for number, row in pending:
            if number > after:
                yield _skipped(number, LineReason.REPORT_FOOTER, _excerpt(row))

    def is_report_footer(self, row: Sequence[str]) -> bool:
        begin = row[: self.footer_cells + 1]
        if len(begin) > self.footer_cells and all(
            map(str.strip, begin)
        ):  # most rows, known without their words
            return False
        first = next((cell for cell in row if cell), "")
        if REPORT_FOOTER.fullmatch(first.strip()) is None:
            return False
        return sum(1 for cell in row if cell.strip()) <= self.footer_cells

    def line(self, number: int, row: list[str]) -> ImportLine:
        if len(row) != self.width:
            if isinstance(row, SwallowedLine):
                return _refused(number, "", row[0], LineReason.BEHIND_QUOTATION_MARK)
            if any(row[self.max_cells :]):
                return _refused(number, "", _excerpt(row), LineReason.TOO_MANY_CELLS)
            row = [*row[: self.width], *[""] * (self.width - len(row))]
        try:
            values = chain.from_iterable(map(getitem, self.caches, self.pick_cells(row)))
            line = ImportLine(number, [*self.leading_blanks, *values])
        except UnreadableValue:
            line = self._with_unreadable_values(number, row)
        return line if line.outcome else self._finished(line, row)

    def _with_unreadable_values(self, number: int, row: list[str]) -> ImportLine:
        """A line with a value that can't be read: without it, or refused when the line is nothing without it."""
        line = ImportLine(number, [*self.leading_blanks])
        for column, read, each in self.column_readers:
            try:
                line.cells += read[row[column]]
            except UnreadableValue as wrong:
                if each.required and is_empty(row):
                    return _skipped(number, LineReason.EMPTY_ROW)
                if each.required:
                    return _refused(number, each.name, row[column], wrong.reason)
                line.left_out.append(_left_out(each.name, _excerpt([row[column]]), wrong.reason))
                line.cells += [*[""] * len(each.cells), *read.pad]
        return line

    def _finished(self, line: ImportLine, row: Sequence[str]) -> ImportLine:
        if self.splits_full_name:
            self._split_name(line.cells)
        if self.opt_outs:
            line.cells[self.names.index(OPT_OUTS_CELL)] = self._opt_out_tokens(row)
        for amount in self.amounts:
            self._compare_currency(line, amount)
        if self.custom_readers:
            line.cells[self.names.index(CUSTOM_CELL)] = self._custom_values(line, row)
        return line

    def _custom_values(self, line: ImportLine, row: Sequence[str]) -> str:
        """As JSON: which fields there are is different in each workspace."""
        found = {}
        for column, read, each in self.custom_readers:
            try:
                found[each.name] = read[row[column]][0]
            except UnreadableValue as wrong:
                line.left_out.append(_left_out(str(each.label), _excerpt([row[column]]), wrong.reason))
        filled = {name: value for name, value in found.items() if value}
        return json.dumps(filled, ensure_ascii=False) if filled else ""

    def _leave_out(self, line: ImportLine, amount: str, shown: str, reason: LineReason) -> None:
        at = self.names.index(amount)
        line.left_out.append(_left_out(amount, shown, reason))
        line.cells[at] = line.cells[at + 1] = ""

    def _opt_out_tokens(self, row: Sequence[str]) -> str:
        """“4! 7?”: the columns that say so, and whether they can be read."""
        said = ((column, opt_out_columns.opt_out_mark(means, row[column])) for column, means in self.opt_outs)
        return " ".join(f"{column}{mark}" for column, mark in said if mark)

    def _compare_currency(self, line: ImportLine, amount: str) -> None:
        """“€5” beside “GBP” is no amount we know; “$5” beside “CAD” is one in Canadian dollars."""
        at = self.names.index(amount)
        written, beside, own = line.cells[at], line.cells[at + 1], line.cells[self.names.index("currency")]
        if written and any(each["column"] == "currency" for each in line.left_out):
            self._leave_out(line, amount, _as_amount(written), LineReason.UNREADABLE_CURRENCY)
        if beside and own and beside != own and not (beside == "USD" and own in DOLLARS):
            self._leave_out(line, amount, f"{beside} {_as_amount(written)}, {own}", LineReason.OTHER_CURRENCY)

    def _split_name(self, cells: list[str]) -> None:
        """A whole name says what first and last name leave open; it is kept to be compared with what is known."""
        whole, first, last = (self.names.index(name) for name in ("full_name", "first_name", "last_name"))
        if cells[first] or cells[last]:
            cells[whole] = ""
        elif cells[whole]:
            for at, name in zip((first, last), split_name(cells[whole]), strict=True):
                cells[at], cells[at + 1] = name, folded(name)


def _picker(columns: Sequence[int]) -> Callable[[Sequence[str]], Iterable[str]]:
    """The cells of these columns, without a call for each."""
    if len(columns) < 2:
        return lambda row: [row[column] for column in columns]
    pick: Callable[[Any], tuple[str, ...]] = itemgetter(*columns)
    return pick


def _refused(number: int, column: str, value: str, reason: LineReason) -> ImportLine:
    return ImportLine(
        number, outcome=LineOutcome.REFUSED, column=column, value=_excerpt([value]), reason=reason
    )


def _skipped(number: int, reason: LineReason, value: str = "") -> ImportLine:
    return ImportLine(number, outcome=LineOutcome.SKIPPED, value=value, reason=reason)


def _left_out(column: str, value: str, reason: LineReason) -> dict[str, Any]:
    return {"column": column, "value": value, "reason": reason.value}


def _excerpt(row: Sequence[str]) -> str:
    """The start of what stood there, without signs that can't be stored."""
    words = " ".join(cell.strip() for cell in row if cell.strip())[:MAX_SHOWN]
    return "".join(map(storable, words))


def _as_amount(cents: str) -> str:
    return f"{int(cents) / 100:,.2f}"


def is_empty(row: Sequence[str]) -> bool:
    return not "".join(row).strip(" \t;,|\u00a0\r\n")
