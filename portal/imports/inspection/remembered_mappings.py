"""What people said the last time about a file with these headings. What a file proves goes before it."""

from dataclasses import replace
from typing import NamedTuple

from sqlalchemy.orm import Session

from portal.imports import queries
from portal.imports.inspection.diagnostics import FileDiagnostics
from portal.imports.inspection.file_inspection import ColumnGuess
from portal.imports.models import Import, ImportMapping
from portal.imports.values.dates import DateFormat
from portal.imports.values.numbers import MarkProof
from portal.imports.values.opt_out_columns import OptOutMeaning


class ValueFormats(NamedTuple):
    """How days and amounts are written, and what the values themselves say about the latter."""

    date: str
    decimal_mark: str
    mark_proof: MarkProof


AMBIGUOUS_FORMATS = (DateFormat.MDY.value, DateFormat.DMY.value)  # the third way is never ambiguous


def with_remembered(remembered: ImportMapping | None, guess: ColumnGuess) -> tuple[ColumnGuess, list[str]]:
    """Add what was remembered to the guess, and return which remembered formats this file disproves.

    Who writes amounts in another way than last time may write days in another way too, so both are asked
    again.
    """
    if remembered is None:
        return guess, []
    overruled = _disproved_formats(remembered, guess)
    said = {
        column: means for column, means in remembered.opt_outs.items() if means != OptOutMeaning.UNDECIDED
    }
    guess = replace(guess, mapping=remembered.mapping, opt_outs=guess.opt_outs | said)
    return (guess if overruled else _with_formats(remembered, guess)), overruled


def _disproved_formats(remembered: ImportMapping, guess: ColumnGuess) -> list[str]:
    proven = {
        "date_format": guess.date_format in AMBIGUOUS_FORMATS,
        "decimal_mark": guess.mark_proof == MarkProof.PROVEN,
    }
    said = {
        "date_format": remembered.date_format in AMBIGUOUS_FORMATS,
        "decimal_mark": bool(remembered.decimal_mark),
    }
    return [
        name
        for name in proven
        if proven[name] and said[name] and getattr(remembered, name) != getattr(guess, name)
    ]


def _with_formats(remembered: ImportMapping, guess: ColumnGuess) -> ColumnGuess:
    order = remembered.date_format if remembered.date_format in AMBIGUOUS_FORMATS else ""
    mark = (
        guess.decimal_mark
        if guess.mark_proof == MarkProof.PROVEN
        else remembered.decimal_mark or guess.decimal_mark
    )
    return replace(guess, date_format=guess.date_format or order, decimal_mark=mark)


def remember(session: Session, this: Import, encoding: str = "") -> None:
    """Remember the columns; formats only where the file or a person has said something about them."""
    known = queries.remembered_mapping(session, this.kind, this.header)
    if known is None:
        known = ImportMapping(kind=this.kind, header_norm=queries.header_norm(this.header))
        known.date_format = known.decimal_mark = known.encoding = ""
        session.add(known)
    known.mapping, known.quotes, known.opt_outs = this.mapping, this.quotes, this.opt_outs
    known.encoding = encoding or known.encoding
    if this.date_format in AMBIGUOUS_FORMATS:
        known.date_format = this.date_format
    if FileDiagnostics.from_json(this.diagnostics).mark != MarkProof.NONE:
        known.decimal_mark = this.decimal_mark
