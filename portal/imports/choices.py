"""What somebody says about how a file is read, and the way back when it can't be read in that way."""

from typing import Any

from sqlalchemy.orm import Session

from portal.errors import DomainError
from portal.imports import memory, queries
from portal.imports.inspection import Inspection
from portal.imports.models import Import, ImportMapping
from portal.imports.quotes import Quotes

NOT_ONE_OF_THE_WAYS = "Please choose one of the ways in which this file can be read."


def name_sheet(this: Import, sheet: str) -> None:
    if sheet not in this.sheets:
        raise DomainError("This workbook has no sheet of that name.")
    this.sheet = sheet


def name_encoding(session: Session, this: Import, encoding: str) -> None:
    if encoding not in dict(Inspection.opened(this.inspection).examples):
        raise DomainError(NOT_ONE_OF_THE_WAYS)
    memory.remember(session, this, encoding=encoding)
    this.seen = {**this.seen, "letters": True}


def name_quotes(session: Session, this: Import, quotes: str) -> None:
    if this.sheet or quotes not in set(Quotes):
        raise DomainError(NOT_ONE_OF_THE_WAYS)
    this.quotes = Quotes(quotes)
    memory.remember(session, this)


def settle(seen: dict[str, Any], known: ImportMapping | None, encoding: str) -> None:
    """Somebody said so of an earlier file with these headings."""
    if known is not None and known.encoding == encoding:
        seen["letters"] = True


def is_settled(this: Import) -> bool:
    """Somebody looked at its names and said that they are right."""
    return bool(this.seen.get("letters"))


def is_open(this: Import) -> bool:
    """Names can be read in several ways, the bytes prove none of them, and nobody has chosen."""
    seen = Inspection.opened(this.inspection)
    return not seen.is_proven and len(seen.examples) > 1 and not is_settled(this)


def was_understood(this: Import) -> bool:
    return bool(this.header)


def before(session: Session, this: Import) -> dict[str, Any]:
    """What a choice changes, as it stood."""
    known = queries.remembered(session, this.kind, this.header)
    seen = {name: this.seen[name] for name in ("chosen", "letters") if name in this.seen}
    encoding = known.encoding if known else ""
    return {"sheet": this.sheet, "quotes": this.quotes, "seen": seen, "encoding": encoding}


def take_back(session: Session, this: Import) -> None:
    """The last choice, here and in what is remembered for the next file."""
    earlier = this.seen.get("before", {})
    this.sheet = earlier.get("sheet", this.sheet)
    this.quotes = Quotes(earlier.get("quotes", this.quotes))
    stays = {name: said for name, said in this.seen.items() if name not in CHOSEN}
    this.seen = stays | earlier.get("seen", {})
    if known := queries.remembered(session, this.kind, this.header):
        known.quotes, known.encoding = this.quotes, earlier.get("encoding", known.encoding)


CHOSEN = ("before", "recount", "chosen", "letters")
