"""The first look at a file: where its table is, how long it is, what its columns seem to mean."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from portal.imports import opt_outs
from portal.imports.csv_records import Odd, Row
from portal.imports.dates import guess_format, is_doubtful, orders_of
from portal.imports.fields import FIELDS, Value, guess_kind, guess_mapping
from portal.imports.headers import header_row, named
from portal.imports.models import Kind
from portal.imports.numbers import Proof, look_for_mark, mark_of, proofs_of, proofs_of_whole
from portal.imports.sniffing import Listener, NoTable
from portal.imports.tables import Layout, text_layout

DAY = re.compile(r"\s*\d{1,2}[-/.]\d")
MARKED = re.compile("[.,٫٬]")
SAMPLE = 20_000  # values that decide how days and amounts are written
LONGEST = 200  # characters of such a value
EXAMPLE = 40  # characters that are shown of one


# what a column proves, and where its first value in doubt stands: the line (0: nowhere) and the cell
Marks = tuple[Sequence[str], Sequence[str], int, str]  # as a column of amounts, or of whole numbers
Days = tuple[Sequence[str], int, str]
NOWHERE = (0, "")


@dataclass(frozen=True)
class Survey:
    layout: Layout
    header_line: int
    header: list[str]
    rows: int
    kind: Kind
    guess: "Guess"
    width: int = 0  # of the header, with columns that have no name
    odd: Odd = field(default_factory=Odd)


@dataclass(frozen=True)
class Guess:
    """What the columns mean; a format is '' when the values can be read two ways."""

    mapping: dict[str, int] = field(default_factory=dict)
    date_format: str = ""
    decimal_mark: str = "."
    mark: Proof = Proof.NONE
    opt_outs: dict[str, str] = field(default_factory=dict)


def layout_of(heard: Listener) -> Layout:
    """Of a text; a workbook is unpacked first."""
    return text_layout(heard.head, heard.encoding())


def survey(layout: Layout, pieces: Callable[[], Iterable[bytes]], kind: Kind | None = None) -> Survey:
    """Reads the file once to its end. Raises NoTable when there is nothing to import."""
    header_line, cells = header_row(layout.rows(pieces()))
    header = named(cells)
    kind = kind or (guess_kind(header) if header_line else Kind.PEOPLE)
    mapping, odd = guess_mapping(kind, header), Odd()
    count, guess = _read_through(layout.rows(pieces(), odd), header_line, kind, mapping)
    if not count:
        raise NoTable(
            "There is a header, but no line below it. Export the report again and check that it has rows."
        )
    guess = replace(guess, opt_outs=opt_outs.guess(header) if kind == Kind.PEOPLE else {})
    return Survey(layout, header_line, header, count, kind, guess, len(cells), odd)


def guess_again(rows: Iterable[Row], header_line: int, kind: Kind, mapping: dict[str, int]) -> Guess:
    """For another kind or other columns than guessed at first."""
    return _read_through(rows, header_line, kind, mapping, most=SAMPLE)[1]


def shown(words: str) -> str:
    """Of a cell, as it can be kept and shown."""
    signs = "".join(sign if sign.isprintable() else " " for sign in words[: EXAMPLE + 1])
    return signs if len(signs) <= EXAMPLE else f"{signs[:EXAMPLE]}…"


def day_columns(kind: Kind, mapping: dict[str, int]) -> list[int]:
    return _columns(kind, mapping, Value.DAY)


def amount_columns(kind: Kind, mapping: dict[str, int]) -> list[int]:
    return _columns(kind, mapping, Value.MONEY, Value.NUMBER)


def marks_by_column(rows: Iterable[Row], header_line: int, width: int) -> list[Marks]:
    """What each column of the file says of decimal marks, whatever it will stand for."""
    amounts, wholes = [set[str]() for _ in range(width)], [set[str]() for _ in range(width)]
    doubts = dict[int, tuple[int, str]]()
    for number, row in islice(rows, header_line + SAMPLE):
        for at, cell in enumerate(row[:width] if number > header_line else ()):
            if len(cell) <= LONGEST and MARKED.search(cell):
                proofs = proofs_of([cell])
                amounts[at] |= proofs
                wholes[at] |= proofs_of_whole([cell])
                if "" in proofs:
                    doubts.setdefault(at, (number, shown(cell)))
    both = zip(amounts, wholes, strict=True)
    return [
        (sorted(amount), sorted(whole), *doubts.get(at, NOWHERE)) for at, (amount, whole) in enumerate(both)
    ]


def days_by_column(rows: Iterable[Row], header_line: int, width: int) -> list[Days]:
    """What each column of the file says of the order in days, whatever it will stand for."""
    orders, doubts = [set[str]() for _ in range(width)], dict[int, tuple[int, str]]()
    for number, row in islice(rows, header_line + SAMPLE):
        for at, cell in enumerate(row[:width] if number > header_line else ()):
            if len(cell) <= LONGEST and DAY.match(cell):
                orders[at] |= orders_of(cell)
                if at not in doubts and is_doubtful(cell):
                    doubts[at] = (number, shown(cell))
    return [(sorted(found), *doubts.get(at, NOWHERE)) for at, found in enumerate(orders)]


def mark_for(marks: Sequence[Marks], kind: Kind, mapping: dict[str, int]) -> tuple[str, Proof]:
    """The decimal mark of the columns that hold amounts in this mapping."""
    money = (marks[at][0] for at in _columns(kind, mapping, Value.MONEY) if at < len(marks))
    whole = (marks[at][1] for at in _columns(kind, mapping, Value.NUMBER) if at < len(marks))
    return mark_of({proof for proofs in (*money, *whole) for proof in proofs})


def _read_through(
    rows: Iterable[Row], header_line: int, kind: Kind, mapping: dict[str, int], most: int | None = None
) -> tuple[int, Guess]:
    days, amounts = _columns(kind, mapping, Value.DAY), _columns(kind, mapping, Value.MONEY)
    wholes = _columns(kind, mapping, Value.NUMBER)
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
    mark, proof = look_for_mark(amount_values, whole_values)
    return count, Guess(mapping, guess_format(day_values) or "", mark, proof)


def _keep(values: list[str], row: list[str], columns: list[int], *, only_marked: bool = False) -> None:
    """Of the whole file, as long as there is room."""
    if len(values) < SAMPLE:
        cells = [row[column][:LONGEST] for column in columns if column < len(row) and row[column]]
        values += [cell for cell in cells if MARKED.search(cell)] if only_marked else cells


def _columns(kind: Kind, mapping: dict[str, int], *values: Value) -> list[int]:
    return [mapping[each.name] for each in FIELDS[kind] if each.value in values and each.name in mapping]
