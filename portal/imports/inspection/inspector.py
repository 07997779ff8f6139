"""The first look at a file, by a worker: which table it holds, an example of each column, what it seems to mean."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any

from portal.imports.inspection import file_inspection, text_inspection
from portal.imports.inspection.diagnostics import FileDiagnostics
from portal.imports.inspection.file_inspection import ColumnGuess, FileInspection
from portal.imports.inspection.reading_choices import ENCODING_CONFIRMED
from portal.imports.inspection.text_inspection import FindRemembered, PieceSource, requested_kind
from portal.imports.models import Import, ImportKind
from portal.imports.parsing.file_layout import FileLayout, PieceStream
from portal.imports.parsing.file_sniffer import FileSniffer
from portal.imports.parsing.quotation_marks import SwallowedLine
from portal.imports.parsing.workbooks import UnpackedSheet, unpacked
from portal.imports.values import dates, opt_out_columns
from portal.imports.values.fields import guess_mapping
from portal.imports.values.numbers import MarkProof

EXAMPLE_LINES = 20  # lines in which an example of each column is looked for
ANSWERS_KEPT = (
    "kind",
    "chosen",
    ENCODING_CONFIRMED,
)  # what people said stays when the file is looked at once more


@dataclass(frozen=True)
class InspectionResult:
    """`seen` is kept with the import; `sheet` holds a workbook's lines as long as the look lasts."""

    file: FileInspection
    diagnostics: FileDiagnostics
    state: dict[str, Any]
    sheet: UnpackedSheet | None = None


@contextmanager
def inspect_file(this: Import, pieces: PieceSource, remembered: FindRemembered) -> Iterator[InspectionResult]:
    """Read the file to its end, several times; raise UnreadableFile when it can't be imported."""
    sniffer = sniff(pieces())
    if not sniffer.is_workbook:
        found = text_inspection.inspect_text(this, sniffer, pieces, remembered)
        yield InspectionResult(
            found, text_inspection.text_diagnostics(sniffer, found), _inspection_state(this, found, pieces)
        )
        return
    with unpacked(pieces(), this.sheet) as sheet:
        layout = FileLayout(sheet=sheet.name, sheets=sheet.names)
        found = file_inspection.inspect_table(layout, sheet.pieces, requested_kind(this))
        seen = _inspection_state(this, found, sheet.pieces) | {"hidden": sheet.hidden}
        yield InspectionResult(found, FileDiagnostics(), seen, sheet)


def sniff(pieces: Iterable[bytes]) -> FileSniffer:
    sniffer = FileSniffer(io.BufferedReader(PieceStream(pieces)))
    while sniffer.read(1 << 20):
        pass
    return sniffer


def column_guess(this: Import, kind: ImportKind) -> ColumnGuess:
    kept: Mapping[str, Any] = this.inspection_state.get("guesses", {}).get(kind.value, {})
    return ColumnGuess(**{**kept, "mark_proof": MarkProof(kept.get("mark_proof", MarkProof.NONE))})


def decimal_mark_for(
    this: Import, kind: ImportKind, mapping: dict[str, int], more: Iterable[int] = ()
) -> tuple[str, MarkProof]:
    """`more`: columns of custom fields, which no kind knows."""
    return file_inspection.decimal_mark_of(this.inspection_state.get("marks", ()), kind, mapping, more)


def date_format_for(this: Import, days: Iterable[int]) -> str:
    """Return how the days in these columns are written; '' when they can be read two ways."""
    seen: Sequence[Sequence[Any]] = this.inspection_state.get("days", ())
    orders = {order for at in days if at < len(seen) for order in seen[at][0]}
    return (dates.format_proved_by(orders) if seen else None) or ""


def first_ambiguous_value(
    this: Import, columns: Iterable[int], *, of_days: bool
) -> tuple[int, str, int] | None:
    """Return the line, the cell and the column of the first value that can be read two ways."""
    seen: Sequence[Sequence[Any]] = this.inspection_state.get("days" if of_days else "marks", ())
    ambiguous = ((*seen[at][-2:], at) for at in columns if at < len(seen) and len(seen[at]) > 2)
    return next(((line, cell, at) for line, cell, at in ambiguous if line), None)


def _inspection_state(this: Import, file: FileInspection, pieces: PieceSource) -> dict[str, Any]:
    said = {name: this.inspection_state[name] for name in ANSWERS_KEPT if name in this.inspection_state}
    rows, line, width = file.layout.rows, file.header_line, len(file.header)
    return said | {
        "examples": _examples(file, pieces),
        "guesses": {kind.value: asdict(_guess(file, kind, pieces)) for kind in ImportKind},
        "marks": file_inspection.marks_by_column(rows(pieces()), line, width),
        "days": file_inspection.days_by_column(rows(pieces()), line, width),
    }


def _guess(file: FileInspection, kind: ImportKind, pieces: PieceSource) -> ColumnGuess:
    if kind == file.kind:
        return file.guess
    mapping = guess_mapping(kind, file.header)
    guess = file_inspection.guess_formats(file.layout.rows(pieces()), file.header_line, kind, mapping)
    return replace(
        guess, opt_outs=opt_out_columns.guess_meanings(file.header) if kind == ImportKind.PEOPLE else {}
    )


def _examples(file: FileInspection, pieces: PieceSource) -> list[str]:
    """The first value of each column, or ''."""
    rows = islice(file.layout.rows(pieces()), file.header_line + EXAMPLE_LINES)
    below = [cells for at, cells in rows if at > file.header_line and not isinstance(cells, SwallowedLine)]
    return [_example([row[at] for row in below if at < len(row)]) for at in range(len(file.header))]


def _example(column: Iterable[str]) -> str:
    return file_inspection.shown(next((cell.strip() for cell in column if cell.strip()), ""))
