"""How a text file is read, and what was found put down on its import; anew when somebody reads it in another way."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from portal.imports import encodings, memory, surveys
from portal.imports.inspection import Inspection
from portal.imports.models import Import, ImportMapping, Kind
from portal.imports.quotes import Fault, Quotes, Reading
from portal.imports.sniffing import Listener
from portal.imports.surveys import Survey
from portal.imports.tables import text_layout

Source = Callable[[], Iterable[bytes]]
Remembered = Callable[[Kind, Sequence[str]], ImportMapping | None]


def text_survey(this: Import, heard: Listener, pieces: Source, remembered: Remembered) -> Survey:
    """As somebody chose, else as the bytes prove it, else as somebody said the last time."""
    if chosen := this.seen.get("chosen"):
        layout = replace(text_layout(heard.head, chosen["encoding"]), quotes=Quotes(chosen["quotes"]))
        return surveys.survey(layout, pieces, this.kind if this.seen.get("recount") else asked_kind(this))
    found = surveys.survey(surveys.layout_of(heard), pieces, asked_kind(this))
    known = remembered(found.kind, found.header)
    layout = found.layout
    if known and _counts_for(heard, known.encoding, layout.encoding):
        layout = text_layout(heard.head, known.encoding)
    if known and not _proves_marks(found):
        layout = replace(layout, quotes=known.quotes)
    return found if layout == found.layout else surveys.survey(layout, pieces, asked_kind(this))


def _counts_for(heard: Listener, remembered: str, guessed: str) -> bool:
    if not remembered or encodings.is_proven(heard.heard, guessed):
        return False
    return encodings.is_as_likely(heard.heard, remembered, guessed)


def asked_kind(this: Import) -> Kind | None:
    """What the file was said to be when it was uploaded."""
    asked = this.seen.get("kind")
    return Kind(asked) if asked else None


def _proves_marks(found: Survey) -> bool:
    """What was said of another file's marks does not count where these swallow nothing but lines of the table."""
    return any(
        each.fault is Fault.SWALLOWS and each.reading is Reading.LITERAL for each in found.odd.suspects
    )


def looks(heard: Listener, found: Survey) -> Inspection:
    """Some cells beyond ASCII as each possible encoding reads them."""
    chosen = found.layout.encoding
    examples = encodings.examples(heard.heard, chosen, found.layout.delimiter)
    return Inspection(examples, is_proven=encodings.is_proven(heard.heard, chosen))


def put_down(this: Import, found: Survey, looks: Inspection, known: ImportMapping | None) -> None:
    layout = found.layout
    this.encoding, this.delimiter, this.quotes = layout.encoding, layout.delimiter, layout.quotes
    this.sheet, this.sheets = layout.sheet, layout.sheets
    this.kind, this.header_line, this.header = found.kind, found.header_line, found.header
    this.rows_total = found.rows
    guess, overruled = memory.recall(known, found.guess)
    this.mapping, this.opt_outs = guess.mapping, guess.opt_outs
    this.date_format, this.decimal_mark = guess.date_format, guess.decimal_mark
    amounts = surveys.amount_columns(this.kind, found.guess.mapping)
    seen = replace(looks, width=found.width, mark=guess.mark, amounts=amounts, overruled=overruled)
    this.inspection = _with_odd(seen, found).kept()


def recount(this: Import, found: Survey) -> None:
    """Marks are read in another way: more or fewer lines, the same columns."""
    this.quotes, this.rows_total = found.layout.quotes, found.rows
    this.inspection = _with_odd(Inspection.opened(this.inspection), found).kept()


def _with_odd(seen: Inspection, found: Survey) -> Inspection:
    odd = found.odd
    return replace(seen, joined=odd.joined, empty=odd.empty, suspects=odd.suspects, suspicious=odd.count)
