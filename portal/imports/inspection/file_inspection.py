"""The first look at a file: where its table is, how long it is, what its columns seem to mean."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from portal.imports.failures import ImportFailure
from portal.imports.inspection.header_row import header_row, named_columns
from portal.imports.models import ImportKind
from portal.imports.parsing.csv_records import Irregularities, Row
from portal.imports.parsing.errors import UnreadableFile
from portal.imports.parsing.file_layout import FileLayout, text_layout
from portal.imports.parsing.file_sniffer import FileSniffer
from portal.imports.values import opt_out_columns
from portal.imports.values.dates import guess_format, is_ambiguous, orders_proved_by
from portal.imports.values.field_types import DAYS, FieldType
from portal.imports.values.fields import FIELDS, guess_kind, guess_mapping
from portal.imports.values.numbers import (
    MarkProof,
    combined_mark,
    find_decimal_mark,
    marks_proved_by,
    marks_proved_by_whole_numbers,
)

LOOKS_LIKE_DAY = re.compile(r"\s*\d{1,2}[-/.]\d")
HAS_MARK = re.compile("[.,٫٬]")
SAMPLE = 20_000  # values that decide how days and amounts are written
MAX_SAMPLE_LENGTH = 200  # characters of such a value
EXAMPLE = 40  # characters that are shown of one


# what a column proves, and where its first ambiguous value stands: the line (0: nowhere) and the cell
ColumnMarks = tuple[Sequence[str], Sequence[str], int, str]  # as a column of amounts, or of whole numbers
ColumnDays = tuple[Sequence[str], int, str]
NONE_AMBIGUOUS = (0, "")


@dataclass(frozen=True)
class FileInspection:
    layout: FileLayout
    header_line: int
    header: list[str]
    rows: int
    kind: ImportKind
    guess: "ColumnGuess"
    width: int = 0  # of the header, with columns that have no name
    irregularities: Irregularities = field(default_factory=Irregularities)


@dataclass(frozen=True)
class ColumnGuess:
    """What the columns mean; a format is '' when the values can be read two ways."""

    mapping: dict[str, int] = field(default_factory=dict)
    date_format: str = ""
    decimal_mark: str = "."
    mark_proof: MarkProof = MarkProof.NONE
    opt_outs: dict[str, str] = field(default_factory=dict)


def text_file_layout(sniffer: FileSniffer) -> FileLayout:
    return text_layout(sniffer.head, sniffer.encoding())


def inspect_table(
    layout: FileLayout, pieces: Callable[[], Iterable[bytes]], kind: ImportKind | None = None
) -> FileInspection:
    """Read the file to its end, once; raise UnreadableFile when there is nothing to import."""
    header_line, cells = header_row(layout.rows(pieces()))
    header = named_columns(cells)
    kind = kind or (guess_kind(header) if header_line else ImportKind.PEOPLE)
    mapping, odd = guess_mapping(kind, header), Irregularities()
    count, guess = _read_through(layout.rows(pieces(), odd), header_line, kind, mapping)
    if not count:
        raise UnreadableFile(ImportFailure.NO_ROWS)
    guess = replace(
        guess, opt_outs=opt_out_columns.guess_meanings(header) if kind == ImportKind.PEOPLE else {}
    )
    return FileInspection(layout, header_line, header, count, kind, guess, len(cells), odd)


def guess_formats(
    rows: Iterable[Row], header_line: int, kind: ImportKind, mapping: dict[str, int]
) -> ColumnGuess:
    return _read_through(rows, header_line, kind, mapping, most=SAMPLE)[1]


def shown(words: str) -> str:
    signs = "".join(sign if sign.isprintable() else " " for sign in words[: EXAMPLE + 1])
    return signs if len(signs) <= EXAMPLE else f"{signs[:EXAMPLE]}…"


def day_columns(kind: ImportKind, mapping: dict[str, int]) -> list[int]:
    return _columns(kind, mapping, *DAYS)


def amount_columns(kind: ImportKind, mapping: dict[str, int]) -> list[int]:
    return _columns(kind, mapping, FieldType.MONEY, FieldType.NUMBER)


def marks_by_column(rows: Iterable[Row], header_line: int, width: int) -> list[ColumnMarks]:
    amounts, wholes = [set[str]() for _ in range(width)], [set[str]() for _ in range(width)]
    ambiguous = dict[int, tuple[int, str]]()
    for number, row in islice(rows, header_line + SAMPLE):
        for at, cell in enumerate(row[:width] if number > header_line else ()):
            if len(cell) <= MAX_SAMPLE_LENGTH and HAS_MARK.search(cell):
                proofs = marks_proved_by([cell])
                amounts[at] |= proofs
                wholes[at] |= marks_proved_by_whole_numbers([cell])
                if "" in proofs:
                    ambiguous.setdefault(at, (number, shown(cell)))
    both = zip(amounts, wholes, strict=True)
    return [
        (sorted(amount), sorted(whole), *ambiguous.get(at, NONE_AMBIGUOUS))
        for at, (amount, whole) in enumerate(both)
    ]


def days_by_column(rows: Iterable[Row], header_line: int, width: int) -> list[ColumnDays]:
    orders, ambiguous = [set[str]() for _ in range(width)], dict[int, tuple[int, str]]()
    for number, row in islice(rows, header_line + SAMPLE):
        for at, cell in enumerate(row[:width] if number > header_line else ()):
            if len(cell) <= MAX_SAMPLE_LENGTH and LOOKS_LIKE_DAY.match(cell):
                orders[at] |= orders_proved_by(cell)
                if at not in ambiguous and is_ambiguous(cell):
                    ambiguous[at] = (number, shown(cell))
    return [(sorted(found), *ambiguous.get(at, NONE_AMBIGUOUS)) for at, found in enumerate(orders)]


def decimal_mark_of(
    marks: Sequence[ColumnMarks], kind: ImportKind, mapping: dict[str, int], more: Iterable[int] = ()
) -> tuple[str, MarkProof]:
    amounts = (*_columns(kind, mapping, FieldType.MONEY), *more)
    money = (marks[at][0] for at in amounts if at < len(marks))
    whole = (marks[at][1] for at in _columns(kind, mapping, FieldType.NUMBER) if at < len(marks))
    return combined_mark({proof for proofs in (*money, *whole) for proof in proofs})


def _read_through(
    rows: Iterable[Row], header_line: int, kind: ImportKind, mapping: dict[str, int], most: int | None = None
) -> tuple[int, ColumnGuess]:
    days, amounts = _columns(kind, mapping, *DAYS), _columns(kind, mapping, FieldType.MONEY)
    wholes = _columns(kind, mapping, FieldType.NUMBER)
    day_values, amount_values, whole_values = list[str](), list[str](), list[str]()
    count = 0
    for number, row in rows:
        if number <= header_line or not any(row):
            continue
        count += 1
        _keep(day_values, row, days)
        _keep(amount_values, row, amounts, only_marked=True)
        _keep(whole_values, row, wholes, only_marked=True)
        if count == most:
            break
    mark, proof = find_decimal_mark(amount_values, whole_values)
    return count, ColumnGuess(mapping, guess_format(day_values) or "", mark, proof)


def _keep(values: list[str], row: list[str], columns: list[int], *, only_marked: bool = False) -> None:
    """Of the whole file, as long as there is room."""
    if len(values) < SAMPLE:
        cells = [row[column][:MAX_SAMPLE_LENGTH] for column in columns if column < len(row) and row[column]]
        values += [cell for cell in cells if HAS_MARK.search(cell)] if only_marked else cells


def _columns(kind: ImportKind, mapping: dict[str, int], *values: FieldType) -> list[int]:
    return [mapping[each.name] for each in FIELDS[kind] if each.type in values and each.name in mapping]
