"""A workbook read in a process of its own: `python -m portal.imports.unpacking [sheet]`, workbook in, lines out.

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

from portal.imports.csv_records import LONGEST_CELL
from portal.imports.merged_cells import spread
from portal.imports.sniffing import OLE, NoTable

MEGABYTE = 1024 * 1024
MEMORY, WRITTEN = 1024 * MEGABYTE, 512 * MEGABYTE
SECONDS = 60  # of work; waiting on a busy machine does not count
UNPACKED = 250 * MEGABYTE
PARTS = 5_000  # a workbook has a few for each sheet and picture
SHEETS = 200
CELLS = 20_000_000
EXACT = 10**15  # a spreadsheet keeps fifteen digits
REFUSED = 3  # the exit code that comes with a reason
NOTHING_INSIDE = (
    "This is packed like a workbook, but there is no table inside. "
    "If it is a zip, unpack it and upload the file in it."
)
LOCKED = "This workbook is protected by a password. Take the password away, or save the sheet as CSV, and try again."
EMPTY = "This workbook is empty. Export the report again and check that it has rows."
ENCRYPTED = (
    re.compile(  # a package Excel locked, or a stream of the older kind that begins with a password's record
        "EncryptedPackage".encode("utf-16-le") + rb"|\x09\x08\x10\0\0\x06\x05\0.{12}(?:\x86\0\0\0)?\x2f\0",
        re.DOTALL,
    )
)
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, OSError, EOFError)


def main() -> None:
    limit_ourselves()
    try:
        write(sys.stdin.buffer, sys.stdout, sys.argv[1] if len(sys.argv) > 1 else "")
    except NoTable as refusal:
        sys.stderr.write(str(refusal))
        sys.exit(REFUSED)


def limit_ourselves() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        _, allowed = resource.getrlimit(what)
        with contextlib.suppress(ValueError, OSError):  # not every system knows every limit
            resource.setrlimit(what, (most if allowed < 0 else min(most, allowed), allowed))


def write(given: IO[bytes], out: TextIO, wanted: str) -> None:
    insist_on_small(given)
    insist_on_open(given)
    with _opened(given) as workbook:
        hidden = _hidden(workbook)
        filled, sheet = _longest(workbook, wanted, hidden)
        about = {"sheets": filled, "hidden": [name for name in filled if name in hidden]}
        out.write(json.dumps({"sheet": plain(sheet.name)} | about) + "\n")
        out.writelines(json.dumps(row) + "\n" for row in _rows(sheet))


def insist_on_small(given: IO[bytes]) -> None:
    """What the directory says of sizes may be a lie, so each part is unpacked once and thrown away."""
    given.seek(0)
    if zipfile.is_zipfile(given):
        try:
            _unpack(given)
        except BROKEN:
            raise NoTable(NOTHING_INSIDE) from None
    given.seek(0)


def _unpack(given: IO[bytes]) -> None:
    with zipfile.ZipFile(given) as archive:
        parts = archive.infolist()
        if len(parts) > PARTS:
            raise NoTable(NOTHING_INSIDE)
        if any(part.flag_bits & 1 for part in parts):
            raise NoTable(LOCKED)
        if "META-INF/manifest.xml" in archive.namelist():
            with archive.open("META-INF/manifest.xml") as manifest:
                if b":encryption-data" in manifest.read(MEGABYTE):
                    raise NoTable(LOCKED)
        left = UNPACKED
        for part in parts:
            with archive.open(part) as opened:
                while left >= 0 and (piece := opened.read(MEGABYTE)):
                    left -= len(piece)
        if left < 0:
            raise NoTable(
                "This workbook is larger than %(most)s MB once it is unpacked. "
                "Save the sheet you need as CSV and upload that.",
                most=UNPACKED // MEGABYTE,
            )


def insist_on_open(given: IO[bytes]) -> None:
    """The library says of a workbook with a password only that it is none."""
    if given.read(4) == OLE and ENCRYPTED.search(given.read()):
        raise NoTable(LOCKED)
    given.seek(0)


def _opened(given: IO[bytes]) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(given)
    except CalamineError:
        raise NoTable(NOTHING_INSIDE) from None


def _hidden(workbook: CalamineWorkbook) -> set[str]:
    return {plain(each.name) for each in workbook.sheets_metadata if each.visible != SheetVisibleEnum.Visible}


def _longest(workbook: CalamineWorkbook, wanted: str, hidden: set[str]) -> tuple[list[str], CalamineSheet]:
    """The sheets that hold something, hidden ones last, and the wanted one; the longest in sight is the first guess."""
    if len(workbook.sheet_names) > SHEETS:
        raise NoTable(
            "This workbook has more than %(most)s sheets. Save the sheet you need as CSV and upload that.",
            most=SHEETS,
        )
    filled = [each for name in workbook.sheet_names if (each := _sheet(workbook, name)).height]
    if not filled:
        raise NoTable(EMPTY)
    filled.sort(key=lambda sheet: plain(sheet.name) in hidden)
    best = max(
        filled, key=lambda each: (plain(each.name) == wanted, plain(each.name) not in hidden, each.height)
    )
    return [plain(each.name) for each in filled], best


def _sheet(workbook: CalamineWorkbook, name: str) -> CalamineSheet:
    try:
        return workbook.get_sheet_by_name(name)
    except CalamineError:
        raise NoTable(
            "The sheet “%(sheet)s” of this workbook is damaged. Open the file, save it again and upload that.",
            sheet=name[:80],
        ) from None


def _rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    if sheet.height * sheet.width > CELLS:
        raise NoTable(
            "The sheet “%(sheet)s” has %(rows)s rows and %(columns)s columns, more than we read. "
            "Save the rows and columns you need as CSV and upload that.",
            sheet=sheet.name[:80],
            rows=sheet.height,
            columns=sheet.width,
        )
    rows = ([as_text(cell) for cell in row] for row in sheet.iter_rows())
    for number, cells in enumerate(spread(rows, sheet.merged_cell_ranges or []), 1):
        if sum(map(len, cells)) > LONGEST_CELL:
            raise NoTable(
                "Row %(row)s holds more than a million characters. Take the long text out and upload the file again.",
                row=number,
            )
        yield cells


def as_text(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace("\0", "")


def plain(name: str) -> str:
    """As it can be stored and sent back by a form."""
    return "".join(sign for sign in name if sign.isprintable())[:200] or "?"


if __name__ == "__main__":
    main()
