"""Where the table begins: a report may open with its title, filters and empty lines."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from portal.imports.failures import ImportFailure
from portal.imports.parsing.csv_records import Row
from portal.imports.parsing.errors import UnreadableFile
from portal.imports.parsing.quotation_marks import ADDRESS
from portal.imports.values.field_types import normal_heading
from portal.imports.values.fields import count_known_headings

MAX_HEADER_ROW = 40
MAX_COLUMNS = 150


def header_row(rows: Iterable[Row]) -> Row:
    """Return the header with its unnamed cells; line 0: there is none, so the columns are numbered."""
    first = list(islice(rows, MAX_HEADER_ROW))
    if not any(any(cells) for _, cells in first):
        raise UnreadableFile(ImportFailure.EMPTY_FILE)
    width = _width(first)
    line, cells = max(first, key=lambda row: (_header_score(row[1], width), -row[0]))
    if _is_data_row(cells):
        return 0, [_numbered_heading(at, cells) for at in range(max(width, len(cells)))]
    return line, [cell.strip() for cell in cells]


def _numbered_heading(at: int, cells: Sequence[str]) -> str:
    return "Email" if at < len(cells) and ADDRESS.fullmatch(cells[at]) else f"Column {at + 1}"


def _is_data_row(cells: Sequence[str]) -> bool:
    """Nobody calls a column ada@wabtec.example."""
    return not count_known_headings(cells) and any(ADDRESS.fullmatch(cell) for cell in cells)


def _width(rows: Sequence[Row]) -> int:
    """How many cells most rows fill."""
    filled = Counter(sum(1 for cell in cells if cell.strip()) for _, cells in rows if any(cells))
    return max(filled.items(), key=lambda pair: (pair[1], pair[0]))[0]


def _header_score(cells: Sequence[str], width: int) -> tuple[int, bool, bool]:
    """Names we know; then a full row; then one of words alone."""
    filled = [cell for cell in cells if cell.strip()]
    words = [
        cell
        for cell in filled
        if normal_heading(cell) and not any(sign.isdigit() or sign == "@" for sign in cell)
    ]
    known = count_known_headings(filled)
    return (
        known if len(filled) > 1 or known else 0,
        len(filled) >= max(2, width),
        len(words) == len(filled) > 0,
    )


def named_columns(cells: Sequence[str]) -> list[str]:
    """Drop unnamed columns at the end; raise UnreadableFile when these are no headings."""
    header = list(cells)
    while header and not header[-1]:
        header.pop()
    if len(header) > MAX_COLUMNS:
        raise UnreadableFile(ImportFailure.TOO_MANY_COLUMNS, count=len(header), most=MAX_COLUMNS)
    if len(header) < 2 and not count_known_headings(header):
        raise UnreadableFile(ImportFailure.NO_TABLE_FOUND)
    return header
