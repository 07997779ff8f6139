"""The first look at a file: where its table is, how long it is, what its columns seem to mean."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from portal.imports.dates import guess_format
from portal.imports.fields import FIELDS, Value, guess_kind, guess_mapping
from portal.imports.headers import find_header
from portal.imports.models import Kind
from portal.imports.numbers import guess_mark
from portal.imports.sniffing import Listener, NoTable
from portal.imports.tables import Layout, Row, text_layout

SAMPLE = 20_000  # values that decide how days and amounts are written
LONGEST = 200  # characters of such a value


@dataclass(frozen=True)
class Survey:
    layout: Layout
    header_line: int
    header: list[str]
    rows: int
    kind: Kind
    guess: "Guess"


@dataclass(frozen=True)
class Guess:
    """What the columns mean; `date_format` is '' when the days can be read two ways."""

    mapping: dict[str, int] = field(default_factory=dict)
    date_format: str = ""
    decimal_mark: str = "."


def layout_of(heard: Listener, pieces: Callable[[], Iterable[bytes]]) -> Layout:
    """Of a text; a workbook is unpacked first."""
    return text_layout(heard.head, heard.encoding())


def survey(layout: Layout, pieces: Callable[[], Iterable[bytes]], kind: Kind | None = None) -> Survey:
    """Reads the file once to its end. Raises NoTable when there is nothing to import."""
    header_line, header = find_header(layout.rows(pieces()))
    kind = kind or guess_kind(header)
    mapping = guess_mapping(kind, header)
    count, guess = _read_through(layout.rows(pieces()), header_line, kind, mapping)
    if not count:
        raise NoTable(
            "There is a header, but no line below it. Export the report again and check that it has rows."
        )
    return Survey(layout, header_line, header, count, kind, guess)


def guess_again(rows: Iterable[Row], header_line: int, kind: Kind, mapping: dict[str, int]) -> Guess:
    """For another kind or other columns than guessed at first."""
    return _read_through(rows, header_line, kind, mapping, most=SAMPLE)[1]


def _read_through(
    rows: Iterable[Row], header_line: int, kind: Kind, mapping: dict[str, int], most: int | None = None
) -> tuple[int, Guess]:
    days, amounts = _columns(kind, mapping, Value.DAY), _columns(kind, mapping, Value.MONEY, Value.NUMBER)
    day_values: list[str] = []
    amount_values: list[str] = []
    count = 0
    for number, row in rows:
        if number <= header_line or not any(row):
            continue
        count += 1
        if len(day_values) + len(amount_values) < SAMPLE:
            day_values += _cells(row, days)
            amount_values += _cells(row, amounts)
        if count == most:
            break
    return count, Guess(mapping, guess_format(day_values) or "", guess_mark(amount_values))


def _columns(kind: Kind, mapping: dict[str, int], *values: Value) -> list[int]:
    return [mapping[each.name] for each in FIELDS[kind] if each.value in values and each.name in mapping]


def _cells(row: list[str], columns: list[int]) -> Iterator[str]:
    return (row[column][:LONGEST] for column in columns if column < len(row) and row[column])
