"""A file is inspected, and what was found is put down on its import; anew when somebody reads it in another way."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy.orm import Session

from portal.imports import encodings, memory, queries, surveys
from portal.imports.inspection import Inspection
from portal.imports.models import Import, Kind
from portal.imports.originals import pieces
from portal.imports.quotes import Fault, Reading
from portal.imports.sniffing import Listener
from portal.imports.staging import layout_of
from portal.imports.surveys import Survey
from portal.imports.tables import text_layout


def first(session: Session, this: Import, heard: Listener, kind: Kind | None) -> None:
    """Where the bytes leave it open how they are read, as somebody said the last time."""
    layout = surveys.layout_of(heard, lambda: _pieces(session, this))
    found = surveys.survey(layout, lambda: _pieces(session, this), kind)
    known = queries.remembered(session, found.kind, found.header)
    said = known.encoding if known else ""
    if not layout.sheet and said and not encodings.is_proven(heard.heard, layout.encoding):
        layout = text_layout(heard.head, said)
    if known and not _proves_marks(found):
        layout = replace(layout, quotes=known.quotes)
    if layout != found.layout:
        found = surveys.survey(layout, lambda: _pieces(session, this), kind)
    _put_down(session, this, found, _looks(heard, found))


def _proves_marks(found: Survey) -> bool:
    """What was said of another file's marks does not count where these swallow nothing but lines of the table."""
    return any(
        each.fault is Fault.SWALLOWS and each.reading is Reading.LITERAL for each in found.odd.suspects
    )


def again(session: Session, this: Import) -> None:
    """Another sheet, or another encoding."""
    found = surveys.survey(layout_of(this), lambda: _pieces(session, this))
    _put_down(session, this, found, Inspection.opened(this.inspection))


def count_again(session: Session, this: Import) -> None:
    """Marks are read in another way: more or fewer lines, the same columns."""
    found = surveys.survey(layout_of(this), lambda: _pieces(session, this), this.kind)
    this.rows_total = found.rows
    this.inspection = _with_odd(Inspection.opened(this.inspection), found).kept()


def _pieces(session: Session, this: Import) -> Iterable[bytes]:
    return pieces(session.scalar, this.file_id, this.file_size)


def _looks(heard: Listener, found: Survey) -> Inspection:
    """Some cells beyond ASCII as each possible encoding reads them."""
    if found.layout.sheet:
        return Inspection()
    chosen = found.layout.encoding
    examples = encodings.examples(heard.heard, chosen, found.layout.delimiter)
    return Inspection(examples, is_proven=encodings.is_proven(heard.heard, chosen))


def _put_down(session: Session, this: Import, found: Survey, looks: Inspection) -> None:
    layout = found.layout
    this.encoding, this.delimiter, this.quotes = layout.encoding, layout.delimiter, layout.quotes
    this.sheet, this.sheets = layout.sheet, layout.sheets
    this.kind, this.header_line, this.header = found.kind, found.header_line, found.header
    this.rows_total = found.rows
    guess, overruled = memory.recall(queries.remembered(session, this.kind, this.header), found.guess)
    this.mapping, this.opt_outs = guess.mapping, guess.opt_outs
    this.date_format, this.decimal_mark = guess.date_format, guess.decimal_mark
    amounts = surveys.amount_columns(this.kind, found.guess.mapping)
    seen = replace(looks, width=found.width, mark=guess.mark, amounts=amounts, overruled=overruled)
    this.inspection = _with_odd(seen, found).kept()


def _with_odd(seen: Inspection, found: Survey) -> Inspection:
    odd = found.odd
    return replace(seen, joined=odd.joined, empty=odd.empty, suspects=odd.suspects, suspicious=odd.count)
