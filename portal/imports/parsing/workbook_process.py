"""A workbook read in a process of its own: `python -m portal.imports.parsing.workbook_process [sheet]`.

A small file can unpack to more than a computer holds, and the library reads a sheet as a whole. So this process takes
so much memory, time and room and no more; whatever becomes of it, its worker lives on and says why.

The first line written says which sheet was read and which there are; then comes a JSON list for each of its rows.
"""

import contextlib
import json
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, TextIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from portal.imports.failures import ImportFailure
from portal.imports.parsing.csv_records import MAX_CELL_LENGTH
from portal.imports.parsing.errors import UnreadableFile
from portal.imports.parsing.file_sniffer import OLE
from portal.imports.parsing.merged_cells import fill_down
from portal.imports.parsing.size_limit import MEGABYTE

MEMORY_LIMIT, OUTPUT_LIMIT = 1024 * MEGABYTE, 512 * MEGABYTE
CPU_SECONDS = 60  # of work; waiting on a busy machine does not count
UNPACKED_LIMIT = 250 * MEGABYTE
MAX_PARTS = 5_000  # a workbook has a few for each sheet and picture
MAX_SHEETS = 200
MAX_CELLS = 20_000_000
EXACT_INTEGERS = 10**15  # a spreadsheet keeps fifteen digits
EXIT_REFUSED = 3  # the exit code that comes with a reason
ENCRYPTED = (
    re.compile(  # a package Excel locked, or a stream of the older kind that begins with a password's record
        "EncryptedPackage".encode("utf-16-le") + rb"|\x09\x08\x10\0\0\x06\x05\0.{12}(?:\x86\0\0\0)?\x2f\0",
        re.DOTALL,
    )
)
ARCHIVE_ERRORS = (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, OSError, EOFError)


def main() -> None:
    limit_resources()
    try:
        write(sys.stdin.buffer, sys.stdout, sys.argv[1] if len(sys.argv) > 1 else "")
    except UnreadableFile as refusal:
        sys.stderr.write("\n" + json.dumps({"failure": refusal.failure, "params": refusal.params}))
        sys.exit(EXIT_REFUSED)


def limit_resources() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_LIMIT),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT_LIMIT),
        (resource.RLIMIT_CORE, 0),
    ):
        _, allowed = resource.getrlimit(what)
        with contextlib.suppress(ValueError, OSError):  # not every system knows every limit
            resource.setrlimit(what, (most if allowed < 0 else min(most, allowed), allowed))


def write(source: IO[bytes], out: TextIO, sheet_name: str) -> None:
    require_small(source)
    require_unlocked(source)
    with _opened(source) as workbook:
        hidden = _hidden(workbook)
        filled, sheet = _choose_sheet(workbook, sheet_name, hidden)
        about = {"sheets": filled, "hidden": [name for name in filled if name in hidden]}
        out.write(json.dumps({"sheet": printable_name(sheet.name)} | about) + "\n")
        out.writelines(json.dumps(row) + "\n" for row in _rows(sheet))


def require_small(source: IO[bytes]) -> None:
    """Unpack each part once and throw it away: what the directory says of sizes may be a lie."""
    source.seek(0)
    if zipfile.is_zipfile(source):
        try:
            _unpack(source)
        except ARCHIVE_ERRORS:
            raise UnreadableFile(ImportFailure.NO_TABLE_INSIDE) from None
    source.seek(0)


def _unpack(source: IO[bytes]) -> None:
    with zipfile.ZipFile(source) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS:
            raise UnreadableFile(ImportFailure.NO_TABLE_INSIDE)
        if any(part.flag_bits & 1 for part in parts):
            raise UnreadableFile(ImportFailure.PASSWORD)
        if "META-INF/manifest.xml" in archive.namelist():
            with archive.open("META-INF/manifest.xml") as manifest:
                if b":encryption-data" in manifest.read(MEGABYTE):
                    raise UnreadableFile(ImportFailure.PASSWORD)
        left = UNPACKED_LIMIT
        for part in parts:
            with archive.open(part) as opened:
                while left >= 0 and (piece := opened.read(MEGABYTE)):
                    left -= len(piece)
        if left < 0:
            raise UnreadableFile(ImportFailure.UNPACKED_TOO_LARGE, most=UNPACKED_LIMIT // MEGABYTE)


def require_unlocked(source: IO[bytes]) -> None:
    """Refuse a workbook with a password, of which the library only says that it is no workbook."""
    if source.read(4) == OLE and ENCRYPTED.search(source.read()):
        raise UnreadableFile(ImportFailure.PASSWORD)
    source.seek(0)


def _opened(source: IO[bytes]) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(source)
    except CalamineError:
        raise UnreadableFile(ImportFailure.NO_TABLE_INSIDE) from None


def _hidden(workbook: CalamineWorkbook) -> set[str]:
    return {
        printable_name(each.name)
        for each in workbook.sheets_metadata
        if each.visible != SheetVisibleEnum.Visible
    }


def _choose_sheet(
    workbook: CalamineWorkbook, sheet_name: str, hidden: set[str]
) -> tuple[list[str], CalamineSheet]:
    """The sheets that hold something, hidden ones last, and the chosen one; the longest in sight is the first guess."""
    if len(workbook.sheet_names) > MAX_SHEETS:
        raise UnreadableFile(ImportFailure.TOO_MANY_SHEETS, most=MAX_SHEETS)
    filled = [each for name in workbook.sheet_names if (each := _sheet(workbook, name)).height]
    if not filled:
        raise UnreadableFile(ImportFailure.EMPTY_WORKBOOK)
    filled.sort(key=lambda sheet: printable_name(sheet.name) in hidden)
    best = max(
        filled,
        key=lambda each: (
            printable_name(each.name) == sheet_name,
            printable_name(each.name) not in hidden,
            each.height,
        ),
    )
    return [printable_name(each.name) for each in filled], best


def _sheet(workbook: CalamineWorkbook, name: str) -> CalamineSheet:
    try:
        return workbook.get_sheet_by_name(name)
    except CalamineError:
        raise UnreadableFile(ImportFailure.SHEET_DAMAGED, sheet=printable_name(name)[:80]) from None


def _rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    if sheet.height * sheet.width > MAX_CELLS:
        size = {"rows": sheet.height, "columns": sheet.width}
        raise UnreadableFile(ImportFailure.SHEET_TOO_LARGE, sheet=printable_name(sheet.name)[:80], **size)
    rows = ([as_text(cell) for cell in row] for row in sheet.iter_rows())
    for number, cells in enumerate(fill_down(rows, sheet.merged_cell_ranges or []), 1):
        if sum(map(len, cells)) > MAX_CELL_LENGTH:
            raise UnreadableFile(ImportFailure.ROW_TOO_LONG, row=number)
        yield cells


def as_text(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT_INTEGERS else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace("\0", "")


def printable_name(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable())[:200] or "?"


if __name__ == "__main__":
    main()
