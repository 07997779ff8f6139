"""Where the table begins: a report may open with its title, filters and empty lines."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from portal.imports.csv_records import Row
from portal.imports.fields import known_headings, plain
from portal.imports.quotes import ADDRESS
from portal.imports.sniffing import NoTable
from portal.imports.tables import HEADER_WITHIN, MOST_COLUMNS


def find_header(rows: Iterable[Row]) -> Row:
    """The row that names the columns. Raises NoTable when nothing here looks like one."""
    line, cells = header_row(rows)
    return line, named(cells)


def header_row(rows: Iterable[Row]) -> Row:
    """With the cells that have no name. Line 0: the table begins without a header, so the columns are numbered."""
    first = list(islice(rows, HEADER_WITHIN))
    if not any(any(cells) for _, cells in first):
        raise NoTable("This file is empty. Export the report again and check that it has rows.")
    width = _width(first)
    line, cells = max(first, key=lambda row: (_likeness(row[1], width), -row[0]))
    if _is_a_person(cells):
        return 0, [_numbered(at, cells) for at in range(max(width, len(cells)))]
    return line, [cell.strip() for cell in cells]


def _numbered(at: int, cells: Sequence[str]) -> str:
    return "Email" if at < len(cells) and ADDRESS.fullmatch(cells[at]) else f"Column {at + 1}"


def _is_a_person(cells: Sequence[str]) -> bool:
    """Nobody calls a column ada@wabtec.example."""
    return not known_headings(cells) and any(ADDRESS.fullmatch(cell) for cell in cells)


def _width(rows: Sequence[Row]) -> int:
    """How many cells most rows fill."""
    filled = Counter(sum(1 for cell in cells if cell.strip()) for _, cells in rows if any(cells))
    return max(filled.items(), key=lambda pair: (pair[1], pair[0]))[0]


def _likeness(cells: Sequence[str], width: int) -> tuple[int, bool, bool]:
    """Names we know; then a full row; then one of words alone."""
    filled = [cell for cell in cells if cell.strip()]
    words = [
        cell for cell in filled if plain(cell) and not any(sign.isdigit() or sign == "@" for sign in cell)
    ]
    known = known_headings(filled)
    return (
        known if len(filled) > 1 or known else 0,
        len(filled) >= max(2, width),
        len(words) == len(filled) > 0,
    )


def named(cells: Sequence[str]) -> list[str]:
    """Without the columns at the end that have no name. Raises NoTable when these are no headings."""
    header = list(cells)
    while header and not header[-1]:
        header.pop()
    if len(header) > MOST_COLUMNS:
        raise NoTable(
            "This table has %(count)s columns; we read up to %(most)s. Leave out those you don't need.",
            count=len(header),
            most=MOST_COLUMNS,
        )
    if len(header) < 2 and not known_headings(header):
        raise NoTable("We found no table in this file: no row names at least two columns.")
    return header
