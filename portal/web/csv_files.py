"""CSV files we hand out: a spreadsheet that opens them finds text where a formula was typed."""

import csv
import io
from collections.abc import Iterable, Iterator

FORMULA = ("=", "+", "-", "@", "\t", "\r")
DEFUSED = "'"  # stands before it


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """CSV with a BOM, so that spreadsheets read UTF-8; line by line."""
    yield "\ufeff"
    for row in rows:
        page = io.StringIO()
        csv.writer(page).writerow([defused(value) for value in row])
        yield page.getvalue()


def defused(value: object) -> object:
    """A quote before anything a spreadsheet would run (OWASP, CSV injection); numbers stay numbers."""
    return f"{DEFUSED}{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
