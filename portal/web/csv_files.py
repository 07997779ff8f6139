"""CSV files we hand out: a spreadsheet that opens them finds text where a formula was typed."""

import csv
import io
from collections.abc import Iterable, Iterator

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
TEXT_PREFIX = "'"  # stands before it
PREFIXED_STARTS = tuple(TEXT_PREFIX + sign for sign in FORMULA_STARTS)


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield CSV with a BOM, so that spreadsheets read UTF-8."""
    yield "\ufeff"
    for row in rows:
        page = io.StringIO()
        csv.writer(page).writerow([neutralized(value) for value in row])
        yield page.getvalue()


def neutralized(value: object) -> object:
    """Put a quote before anything a spreadsheet would run (OWASP, CSV injection); numbers stay numbers."""
    return f"{TEXT_PREFIX}{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def without_prefix(text: str) -> str:
    """As it was typed, for a file that keeps it as text anyway."""
    return text[len(TEXT_PREFIX) :] if text.startswith(PREFIXED_STARTS) else text
