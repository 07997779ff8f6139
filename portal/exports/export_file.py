"""An export as a CSV file or as a workbook, by the ending of its name. A workbook keeps numbers and days as such."""

import csv
import tempfile
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import IO, Any

import xlsxwriter
from sqlalchemy.orm import Session

from portal.declarations.lists import CellKind
from portal.exports import export_table
from portal.exports.export_table import ExportTable
from portal.files import PIECE
from portal.web.csv_files import without_prefix

WORKBOOK_ENDING = ".xlsx"
MAX_CELL = 32_767  # characters, as spreadsheets have it
MAX_SHEET_ROWS = 1_000_000  # what a sheet holds, the heading not counted
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
MAX_WIDTH = 40  # characters of a column that is as wide as its heading at least


def is_workbook(file_name: str) -> bool:
    return file_name.endswith(WORKBOOK_ENDING)


def content(session: Session, table: ExportTable, file_name: str) -> Iterator[bytes]:
    lines = export_table.lines(session, table)
    return workbook(lines, table.kinds) if is_workbook(file_name) else lines


def workbook(lines: Iterable[bytes], kinds: Sequence[CellKind]) -> Iterator[bytes]:
    """Yield the workbook of these CSV lines; both stay on disk, so memory stays at one row."""
    with tempfile.TemporaryFile() as file:
        with closing(xlsxwriter.Workbook(file, OPTIONS)) as book:
            _write(book, csv.reader(_text_lines(lines)), kinds)
        file.seek(0)
        yield from _read(file)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _text_lines(lines: Iterable[bytes]) -> Iterator[str]:
    """Without the mark at the very beginning; a row with line breaks in its cells becomes several."""
    for number, row in enumerate(lines):
        for line in (row.removeprefix(BOM_UTF8) if number == 0 else row).splitlines(keepends=True):
            yield line.decode()


def _write(book: Any, rows: Iterator[list[str]], kinds: Sequence[CellKind]) -> None:
    head = next(rows, [])
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = _new_sheet(book, head, bold)
    for number, row in enumerate(rows):
        place = number % MAX_SHEET_ROWS + 1
        if number and place == 1:
            sheet = _new_sheet(book, head, bold)
        for column, text in enumerate(row):
            _write_cell(
                sheet, place, column, text, kinds[column] if column < len(kinds) else CellKind.TEXT, day
            )


def _new_sheet(book: Any, head: Sequence[str], bold: Any) -> Any:
    sheet = book.add_worksheet()
    for column, word in enumerate(head):
        sheet.set_column(column, column, min(max(len(word) + 2, 14), MAX_WIDTH))
        sheet.write_string(0, column, word, bold)
    sheet.freeze_panes(1, 0)
    return sheet


def _write_cell(sheet: Any, row: int, column: int, text: str, kind: CellKind, day: Any) -> None:
    if not text:
        return
    value = _typed(text, kind)
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, without_prefix(value)[:MAX_CELL])


def _typed(text: str, kind: CellKind) -> str | float | date:
    """What is no number or day after all stays what it is."""
    try:
        if kind is CellKind.NUMBER:
            return float(text)
        return date.fromisoformat(text) if kind is CellKind.DAY else text
    except ValueError:
        return text
