"""The first look at a file, by a worker: which table it holds, an example of each column, what it seems to mean."""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from portal.imports import surveys
from portal.imports.fields import guess_mapping
from portal.imports.models import Import, Kind
from portal.imports.sniffing import Listener
from portal.imports.surveys import Guess, Survey
from portal.imports.tables import Layout, Pieces
from portal.imports.workbooks import Sheet, unpacked

LOOK_AT = 20  # lines in which an example of each column is looked for
EXAMPLE = 40  # characters
Source = Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Found:
    """`seen` is kept with the import; `sheet` holds a workbook's lines as long as the look lasts."""

    survey: Survey
    seen: dict[str, Any]
    sheet: Sheet | None = None


@contextmanager
def look(this: Import, pieces: Source) -> Iterator[Found]:
    """Reads the file to its end, several times. Raises NoTable when it can't be imported."""
    heard = listen(pieces(), this.file_size)
    if not heard.is_workbook:
        yield _found(this, surveys.layout_of(heard, pieces), pieces)
        return
    with unpacked(pieces(), this.sheet) as sheet:
        yield _found(this, Layout(sheet=sheet.name, sheets=sheet.names), sheet.pieces, sheet)


def listen(pieces: Iterable[bytes], most: int) -> Listener:
    heard = Listener(io.BufferedReader(Pieces(pieces)), most=most)
    while heard.read(1 << 20):
        pass
    return heard


def guess_seen(this: Import, kind: Kind) -> Guess:
    """What the columns mean when the lines are about `kind`, as the first look guessed."""
    return Guess(**this.seen.get("guesses", {}).get(kind.value, {}))


def _found(this: Import, layout: Layout, pieces: Source, sheet: Sheet | None = None) -> Found:
    asked = this.seen.get("kind")
    found = surveys.survey(layout, pieces, Kind(asked) if asked else None)
    guesses = {kind.value: asdict(_guess(found, kind, pieces)) for kind in Kind}
    return Found(found, {"examples": _examples(found, pieces), "guesses": guesses}, sheet)


def _guess(found: Survey, kind: Kind, pieces: Source) -> Guess:
    if kind == found.kind:
        return found.guess
    mapping = guess_mapping(kind, found.header)
    return surveys.guess_again(found.layout.rows(pieces()), found.header_line, kind, mapping)


def _examples(found: Survey, pieces: Source) -> list[str]:
    """The first value of each column, or ''."""
    rows = islice(found.layout.rows(pieces()), found.header_line + LOOK_AT)
    below = [cells for number, cells in rows if number > found.header_line]
    return [_example([row[at] for row in below if at < len(row)]) for at in range(len(found.header))]


def _example(column: Iterable[str]) -> str:
    words = next((cell.strip() for cell in column if cell.strip()), "")
    shown = "".join(sign if sign.isprintable() else " " for sign in words[: EXAMPLE + 1])
    return shown if len(shown) <= EXAMPLE else f"{shown[:EXAMPLE]}…"
