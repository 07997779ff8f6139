"""What people said the last time about a file with these headings. What a file proves goes before it."""

from dataclasses import replace
from typing import NamedTuple

from sqlalchemy.orm import Session

from portal.imports import queries
from portal.imports.dates import DateFormat
from portal.imports.inspection import Inspection
from portal.imports.models import Import, ImportMapping
from portal.imports.numbers import Proof
from portal.imports.opt_outs import Means
from portal.imports.surveys import Guess


class Formats(NamedTuple):
    """How days and amounts are written, and what the values themselves say about the latter."""

    date: str
    mark: str
    proof: Proof


ORDERS = (DateFormat.MDY.value, DateFormat.DMY.value)  # the third way is never in doubt


def recall(known: ImportMapping | None, guess: Guess) -> tuple[Guess, list[str]]:
    """The guess with what was remembered, and which remembered formats this file disproves.

    Who writes amounts in another way than last time may write days in another way too, so both are asked again.
    """
    if known is None:
        return guess, []
    overruled = _overruled(known, guess)
    said = {column: means for column, means in known.opt_outs.items() if means != Means.UNDECIDED}
    guess = replace(guess, mapping=known.mapping, opt_outs=guess.opt_outs | said)
    return (guess if overruled else _with_formats(known, guess)), overruled


def _overruled(known: ImportMapping, guess: Guess) -> list[str]:
    proven = {"date_format": guess.date_format in ORDERS, "decimal_mark": guess.mark == Proof.PROVEN}
    said = {"date_format": known.date_format in ORDERS, "decimal_mark": bool(known.decimal_mark)}
    return [
        name
        for name in proven
        if proven[name] and said[name] and getattr(known, name) != getattr(guess, name)
    ]


def _with_formats(known: ImportMapping, guess: Guess) -> Guess:
    order = known.date_format if known.date_format in ORDERS else ""
    mark = guess.decimal_mark if guess.mark == Proof.PROVEN else known.decimal_mark or guess.decimal_mark
    return replace(guess, date_format=guess.date_format or order, decimal_mark=mark)


def remember(session: Session, this: Import, encoding: str = "") -> None:
    """Formats only where the file or a person has said something about them."""
    known = queries.remembered(session, this.kind, this.header)
    if known is None:
        known = ImportMapping(kind=this.kind, header_norm=queries.header_norm(this.header))
        known.date_format = known.decimal_mark = known.encoding = ""
        session.add(known)
    known.mapping, known.quotes, known.opt_outs = this.mapping, this.quotes, this.opt_outs
    known.encoding = encoding or known.encoding
    if this.date_format in ORDERS:
        known.date_format = this.date_format
    if Inspection.opened(this.inspection).mark != Proof.NONE:
        known.decimal_mark = this.decimal_mark
