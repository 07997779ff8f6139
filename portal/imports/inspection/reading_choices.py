"""What somebody says about how a file is read, and the way back when it can't be read in that way."""

from typing import Any

from sqlalchemy.orm import Session

from portal.errors import DomainError
from portal.i18n import mark
from portal.imports import queries
from portal.imports.inspection import remembered_mappings
from portal.imports.inspection.diagnostics import FileDiagnostics
from portal.imports.models import Import, ImportMapping
from portal.imports.parsing.quotation_marks import QuoteMode

ENCODING_CONFIRMED = "encoding_confirmed"  # a key of the import’s state
NOT_A_CHOICE = mark("Please choose one of the ways this file can be read.")


def choose_sheet(this: Import, sheet: str) -> None:
    if sheet not in this.sheets:
        raise DomainError("This workbook has no sheet with that name.")
    this.sheet = sheet


def choose_encoding(session: Session, this: Import, encoding: str) -> None:
    if encoding not in dict(FileDiagnostics.from_json(this.diagnostics).examples):
        raise DomainError(NOT_A_CHOICE)
    remembered_mappings.remember(session, this, encoding=encoding)
    this.inspection_state = {**this.inspection_state, ENCODING_CONFIRMED: True}


def choose_quotes(session: Session, this: Import, quotes: str) -> None:
    if this.sheet or quotes not in set(QuoteMode):
        raise DomainError(NOT_A_CHOICE)
    this.quotes = QuoteMode(quotes)
    remembered_mappings.remember(session, this)


def confirm_encoding_as_remembered(
    state: dict[str, Any], remembered: ImportMapping | None, encoding: str
) -> None:
    if remembered is not None and remembered.encoding == encoding:
        state[ENCODING_CONFIRMED] = True


def is_encoding_confirmed(this: Import) -> bool:
    return bool(this.inspection_state.get(ENCODING_CONFIRMED))


def is_encoding_choice_needed(this: Import) -> bool:
    """Tell whether names can be read in several ways, the bytes prove none, and nobody has chosen."""
    seen = FileDiagnostics.from_json(this.diagnostics)
    return not seen.is_proven and len(seen.examples) > 1 and not is_encoding_confirmed(this)


def has_header(this: Import) -> bool:
    return bool(this.header)


def current_reading(session: Session, this: Import) -> dict[str, Any]:
    known = queries.remembered_mapping(session, this.kind, this.header)
    seen = {
        name: this.inspection_state[name]
        for name in ("chosen", ENCODING_CONFIRMED)
        if name in this.inspection_state
    }
    encoding = known.encoding if known else ""
    return {"sheet": this.sheet, "quotes": this.quotes, "seen": seen, "encoding": encoding}


def restore_earlier_reading(session: Session, this: Import) -> None:
    earlier = this.inspection_state.get("before", {})
    this.sheet = earlier.get("sheet", this.sheet)
    this.quotes = QuoteMode(earlier.get("quotes", this.quotes))
    stays = {name: said for name, said in this.inspection_state.items() if name not in READING_KEYS}
    this.inspection_state = stays | earlier.get("seen", {})
    if known := queries.remembered_mapping(session, this.kind, this.header):
        known.quotes, known.encoding = this.quotes, earlier.get("encoding", known.encoding)


READING_KEYS = ("before", "recount", "chosen", ENCODING_CONFIRMED)
