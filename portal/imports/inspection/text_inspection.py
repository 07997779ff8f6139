"""How a text file is read, and what was found put down on its import; anew when somebody reads it in another way."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from portal.imports.inspection import file_inspection, remembered_mappings
from portal.imports.inspection.diagnostics import FileDiagnostics
from portal.imports.inspection.file_inspection import FileInspection
from portal.imports.models import Import, ImportKind, ImportMapping
from portal.imports.parsing import encodings
from portal.imports.parsing.file_layout import text_layout
from portal.imports.parsing.file_sniffer import FileSniffer
from portal.imports.parsing.quotation_marks import QuoteFault, QuoteMode, QuoteReading

PieceSource = Callable[[], Iterable[bytes]]
FindRemembered = Callable[[ImportKind, Sequence[str]], ImportMapping | None]


def inspect_text(
    this: Import, sniffer: FileSniffer, pieces: PieceSource, find_remembered: FindRemembered
) -> FileInspection:
    if chosen := this.inspection_state.get("chosen"):
        layout = replace(text_layout(sniffer.head, chosen["encoding"]), quotes=QuoteMode(chosen["quotes"]))
        return file_inspection.inspect_table(
            layout, pieces, this.kind if this.inspection_state.get("recount") else requested_kind(this)
        )
    found = file_inspection.inspect_table(
        file_inspection.text_file_layout(sniffer), pieces, requested_kind(this)
    )
    known = find_remembered(found.kind, found.header)
    layout = found.layout
    if known and _is_remembered_encoding_likely(sniffer, known.encoding, layout.encoding):
        layout = text_layout(sniffer.head, known.encoding)
    if known and not _has_proven_quotation_marks(found):
        layout = replace(layout, quotes=known.quotes)
    return (
        found
        if layout == found.layout
        else file_inspection.inspect_table(layout, pieces, requested_kind(this))
    )


def _is_remembered_encoding_likely(sniffer: FileSniffer, remembered: str, guessed: str) -> bool:
    if not remembered or encodings.is_proven(sniffer.byte_statistics, guessed):
        return False
    return encodings.is_as_likely(sniffer.byte_statistics, remembered, guessed)


def requested_kind(this: Import) -> ImportKind | None:
    asked = this.inspection_state.get("kind")
    return ImportKind(asked) if asked else None


def _has_proven_quotation_marks(found: FileInspection) -> bool:
    """What was said of another file's marks does not count where these swallow nothing but lines of the table."""
    return any(
        each.fault is QuoteFault.SWALLOWS and each.reading is QuoteReading.LITERAL
        for each in found.irregularities.suspects
    )


def text_diagnostics(sniffer: FileSniffer, file: FileInspection) -> FileDiagnostics:
    chosen = file.layout.encoding
    examples = encodings.examples(sniffer.byte_statistics, chosen, file.layout.delimiter)
    return FileDiagnostics(examples, is_proven=encodings.is_proven(sniffer.byte_statistics, chosen))


def record_inspection(
    this: Import, file: FileInspection, diagnostics: FileDiagnostics, remembered: ImportMapping | None
) -> None:
    layout = file.layout
    this.encoding, this.delimiter, this.quotes = layout.encoding, layout.delimiter, layout.quotes
    this.sheet, this.sheets = layout.sheet, layout.sheets
    this.kind, this.header_line, this.header = file.kind, file.header_line, file.header
    this.rows_total = file.rows
    guess, overruled = remembered_mappings.with_remembered(remembered, file.guess)
    this.mapping, this.opt_outs = guess.mapping, guess.opt_outs
    this.date_format, this.decimal_mark = guess.date_format, guess.decimal_mark
    amounts = file_inspection.amount_columns(this.kind, file.guess.mapping)
    seen = replace(diagnostics, width=file.width, mark=guess.mark_proof, amounts=amounts, overruled=overruled)
    this.diagnostics = _with_irregularities(seen, file).to_json()


def record_recount(this: Import, file: FileInspection) -> None:
    this.quotes, this.rows_total = file.layout.quotes, file.rows
    this.diagnostics = _with_irregularities(FileDiagnostics.from_json(this.diagnostics), file).to_json()


def _with_irregularities(diagnostics: FileDiagnostics, file: FileInspection) -> FileDiagnostics:
    odd = file.irregularities
    return replace(
        diagnostics, joined=odd.joined, empty=odd.empty, suspects=odd.suspects, suspicious=odd.count
    )
