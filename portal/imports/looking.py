"""The first look at a file, by a worker: which table it holds, an example of each column, what it seems to mean."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any

from portal.imports import dates, laying_out, opt_outs, surveys
from portal.imports.fields import guess_mapping
from portal.imports.inspection import Inspection
from portal.imports.laying_out import Remembered, Source, asked_kind
from portal.imports.models import Import, Kind
from portal.imports.numbers import Proof
from portal.imports.quotes import SwallowedLine
from portal.imports.sniffing import Listener
from portal.imports.surveys import Guess, Survey
from portal.imports.tables import Layout, Pieces
from portal.imports.workbooks import Sheet, unpacked

LOOK_AT = 20  # lines in which an example of each column is looked for
STAYS = ("kind", "chosen", "letters")  # what people said stays when the file is looked at once more


@dataclass(frozen=True)
class Found:
    """`seen` is kept with the import; `sheet` holds a workbook's lines as long as the look lasts."""

    survey: Survey
    inspection: Inspection
    seen: dict[str, Any]
    sheet: Sheet | None = None


@contextmanager
def look(this: Import, pieces: Source, remembered: Remembered) -> Iterator[Found]:
    """Reads the file to its end, several times. Raises NoTable when it can't be imported."""
    heard = listen(pieces(), this.file_size)
    if not heard.is_workbook:
        found = laying_out.text_survey(this, heard, pieces, remembered)
        yield Found(found, laying_out.looks(heard, found), _seen(this, found, pieces))
        return
    with unpacked(pieces(), this.sheet) as sheet:
        layout = Layout(sheet=sheet.name, sheets=sheet.names)
        found = surveys.survey(layout, sheet.pieces, asked_kind(this))
        seen = _seen(this, found, sheet.pieces) | {"hidden": sheet.hidden}
        yield Found(found, Inspection(), seen, sheet)


def listen(pieces: Iterable[bytes], most: int) -> Listener:
    heard = Listener(io.BufferedReader(Pieces(pieces)), most=most)
    while heard.read(1 << 20):
        pass
    return heard


def guess_seen(this: Import, kind: Kind) -> Guess:
    """What the columns mean when the lines are about `kind`, as the first look guessed."""
    kept: Mapping[str, Any] = this.seen.get("guesses", {}).get(kind.value, {})
    return Guess(**{**kept, "mark": Proof(kept.get("mark", Proof.NONE))})


def mark_seen(this: Import, kind: Kind, mapping: dict[str, int]) -> tuple[str, Proof]:
    """The decimal mark that the columns of amounts prove in this mapping."""
    return surveys.mark_for(this.seen.get("marks", ()), kind, mapping)


def format_seen(this: Import, days: Iterable[int]) -> str:
    """How the days in these columns are written; '' when they can be read two ways."""
    seen: Sequence[Sequence[Any]] = this.seen.get("days", ())
    orders = {order for at in days if at < len(seen) for order in seen[at][0]}
    return (dates.format_of(orders) if seen else None) or ""


def doubt_seen(this: Import, columns: Iterable[int], *, of_days: bool) -> tuple[int, str, int] | None:
    """The line, the cell and the column of the first value that can be read two ways."""
    seen: Sequence[Sequence[Any]] = this.seen.get("days" if of_days else "marks", ())
    doubts = ((*seen[at][-2:], at) for at in columns if at < len(seen) and len(seen[at]) > 2)
    return next(((line, cell, at) for line, cell, at in doubts if line), None)


def _seen(this: Import, found: Survey, pieces: Source) -> dict[str, Any]:
    said = {name: this.seen[name] for name in STAYS if name in this.seen}
    rows, line, width = found.layout.rows, found.header_line, len(found.header)
    return said | {
        "examples": _examples(found, pieces),
        "guesses": {kind.value: asdict(_guess(found, kind, pieces)) for kind in Kind},
        "marks": surveys.marks_by_column(rows(pieces()), line, width),
        "days": surveys.days_by_column(rows(pieces()), line, width),
    }


def _guess(found: Survey, kind: Kind, pieces: Source) -> Guess:
    if kind == found.kind:
        return found.guess
    mapping = guess_mapping(kind, found.header)
    guess = surveys.guess_again(found.layout.rows(pieces()), found.header_line, kind, mapping)
    return replace(guess, opt_outs=opt_outs.guess(found.header) if kind == Kind.PEOPLE else {})


def _examples(found: Survey, pieces: Source) -> list[str]:
    """The first value of each column, or ''."""
    rows = islice(found.layout.rows(pieces()), found.header_line + LOOK_AT)
    below = [cells for at, cells in rows if at > found.header_line and not isinstance(cells, SwallowedLine)]
    return [_example([row[at] for row in below if at < len(row)]) for at in range(len(found.header))]


def _example(column: Iterable[str]) -> str:
    return surveys.shown(next((cell.strip() for cell in column if cell.strip()), ""))
