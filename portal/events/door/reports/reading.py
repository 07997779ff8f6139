"""Joins out of a platform's file. It may hold several tables, words between them, and be written in any encoding."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from portal.errors import DomainError
from portal.events.attendance_models import AttendancePlatform
from portal.events.door.reports.columns import ReportColumns, find_columns
from portal.events.door.reports.values import read_duration, read_moment
from portal.text import clean_text

MOST_LINES = 20_000
DELIMITERS = ",\t;"
ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
SAID_NO = {"no", "nein", "non"}
LONGEST = 200  # characters of a name or an address


class UnreadableReport(DomainError):
    """Nothing was read of it; the words say what to do."""


@dataclass(frozen=True)
class Join:
    """One line: from joining to leaving, or all of a person's where the platform summed them up."""

    name: str
    email: str
    joined_at: datetime | None
    left_at: datetime | None
    duration: timedelta


@dataclass(frozen=True)
class Report:
    platform: AttendancePlatform
    joins: Sequence[Join]


def read_report(content: bytes, starts_at: datetime, zone: str) -> Report:
    text = _decoded(content)
    tables = max((_tables(text, delimiter) for delimiter in DELIMITERS), key=_size)
    if not tables:
        raise UnreadableReport(
            "No table of participants is in this file. Download the attendance report of the meeting once more, "
            "with its English column names: name, email, join time, leave time, duration."
        )
    if any(columns.is_summed_up for columns, _ in tables):
        tables = [table for table in tables if table[0].is_summed_up]  # the others tell the same joins again
    joins = [join for columns, rows in tables for join in _joins(columns, rows, starts_at, zone)]
    return Report(tables[0][0].platform, joins)


Table = tuple[ReportColumns, list[list[str]]]


def _size(tables: Sequence[Table]) -> int:
    return sum(1 + len(rows) for _, rows in tables)


def _decoded(content: bytes) -> str:
    if content.startswith((ZIP, OLE)):
        raise UnreadableReport("This is a workbook. Open it, save it as CSV, and upload that file.")
    if content.startswith(PDF) or not content.strip():
        raise UnreadableReport("This isn’t a table. Please choose the CSV file of the attendance report.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if content[1:200:2].count(0) > len(content[1:200:2]) // 2:
        return content.decode("utf-16-le", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _tables(text: str, delimiter: str) -> list[Table]:
    """A table begins with its head and ends with an empty line."""
    found: list[Table] = []
    is_inside = False
    for row in _rows(text, delimiter):
        if columns := find_columns(row):
            found.append((columns, []))
            is_inside = True
        elif not any(cell.strip() for cell in row):
            is_inside = False
        elif is_inside:
            found[-1][1].append(row)
    return found


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    lines = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    try:
        yield from islice(lines, MOST_LINES)
        if next(lines, None) is not None:
            raise UnreadableReport(
                "This file has more than %(most)s lines. Please split it.", most=MOST_LINES
            )
    except csv.Error as wrong:
        raise UnreadableReport("This file isn’t a table that can be read. Please export it again.") from wrong


def _joins(
    columns: ReportColumns, rows: Iterable[Sequence[str]], starts_at: datetime, zone: str
) -> Iterator[Join]:
    for row in rows:
        if _cell(row, columns.attended).casefold() in SAID_NO:
            continue
        joined = read_moment(_cell(row, columns.joined), starts_at, zone)
        left = read_moment(_cell(row, columns.left), starts_at, zone)
        given = read_duration(_cell(row, columns.duration))
        name, email = _name(columns, row), _cell(row, columns.email)
        if (name or email) and (given is not None or joined is not None):
            duration = given if given is not None else _between(joined, left)
            yield Join(name, email if "@" in email else "", joined, left, duration)


def _between(joined: datetime | None, left: datetime | None) -> timedelta:
    return max(timedelta(), left - joined) if joined and left else timedelta()


def _name(columns: ReportColumns, row: Sequence[str]) -> str:
    whole = _cell(row, columns.name)
    return whole or f"{_cell(row, columns.first_name)} {_cell(row, columns.last_name)}".strip()


def _cell(row: Sequence[str], place: int | None) -> str:
    return (
        clean_text(row[place].replace("\n", " "))[:LONGEST] if place is not None and place < len(row) else ""
    )
