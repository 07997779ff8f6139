"""What happened with one person, across all programmes: asks, letters, consents, and what people did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, null, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate, ConsentEntry, Source
from portal.asks.models import Ask, Kind, State
from portal.history import HistoryEntry
from portal.outreach.kinds import HIDDEN
from portal.outreach.models import Letter
from portal.outreach.suppression.hashing import address_hashes
from portal.outreach.suppression.models import SAID, Suppression
from portal.pool import telling

MOST = 60


@dataclass(frozen=True)
class Line:
    """One thing that happened, with the letter it can be read in, if any."""

    at: datetime
    who: str
    words: str
    letter_id: UUID | None = None


def of_person(session: Session, advocate: Advocate, former: Sequence[str] = ()) -> Sequence[Line]:
    """The newest first, in one query; with what was written to the addresses they had before (normalized)."""
    addresses = [advocate.email_norm, *former]
    asks = _asks().where(Ask.advocate_id == advocate.id, Ask.state != State.PROPOSED)
    history = _history().where(
        HistoryEntry.subject_kind == "advocates", HistoryEntry.subject_id == advocate.id
    )
    letters = _letters().where(
        Letter.recipient_norm.in_(addresses),
        Letter.advocate_id == advocate.id,
        Letter.kind.not_in(HIDDEN),
    )
    consents = _consents().where(ConsentEntry.advocate_id == advocate.id)
    hashes = [each for address in addresses for each in address_hashes(session, address)]
    ends = _ends().where(Suppression.address_hash.in_(hashes))
    every = union_all(asks, letters, history, consents, ends).subquery()
    rows = session.execute(select(every).order_by(every.c.at.desc()).limit(MOST))
    return [_line(*row) for row in rows]


def _asks() -> Select[Any]:
    at = func.coalesce(Ask.completed_at, Ask.ended_at, Ask.answered_at, Ask.sent_at, Ask.created_at)
    detail = func.jsonb_build_object(
        "subject", Ask.subject, "reason", Ask.reason, "outside", Ask.outside, "override", Ask.override_reason
    )
    return _row("ask", at, Ask.kind, Ask.state, literal(""), detail, Ask.id)


def _letters() -> Select[Any]:
    return _row(
        "letter",
        Letter.created_at,
        Letter.kind,
        Letter.state,
        literal(""),
        _standing(),
        Letter.id,
    )


def _standing() -> ColumnElement[Any]:
    """What the words of a letter depend on besides its state."""
    return func.jsonb_build_object(
        *("held_for", Letter.held_for, "until", Letter.due_at, "given_up", Letter.given_up_at.is_not(None)),
        *("opens", Letter.opens, "clicks", Letter.clicks),
    )


def _history() -> Select[Any]:
    who = HistoryEntry.by_name
    return _row(
        "history",
        HistoryEntry.created_at,
        HistoryEntry.what,
        literal(""),
        who,
        HistoryEntry.detail,
        HistoryEntry.id,
    )


def _consents() -> Select[Any]:
    """What was ticked together is one line."""
    purposes = func.jsonb_agg(aggregate_order_by(ConsentEntry.purpose, ConsentEntry.number))
    row = _row(
        "consent",
        func.max(ConsentEntry.at),
        ConsentEntry.source,
        literal(""),
        literal(""),
        func.jsonb_build_object("given", ConsentEntry.given, "purposes", purposes),
        null(),
    )
    return row.group_by(ConsentEntry.source, ConsentEntry.given, func.date_trunc("second", ConsentEntry.at))


def _ends() -> Select[Any]:
    """No more letters, by the person's own word."""
    detail = func.jsonb_build_object(
        *("purpose", Suppression.purpose, "by_letter", Suppression.letter_id.is_not(None)),
        *("by_file", Suppression.import_id.is_not(None)),
    )
    row = _row("end", Suppression.created_at, literal(""), literal(""), literal(""), detail, Suppression.id)
    return row.where(Suppression.reason.in_(SAID))


def _row(source: str, at: Any, what: Any, state: Any, who: Any, detail: Any, row_id: Any) -> Select[Any]:
    names: dict[str, ColumnElement[Any]] = {
        "at": at,
        "source": literal(source),
        "what": cast(what, Text),
        "state": cast(state, Text),
        "who": who,
        "detail": detail,
        "row_id": row_id,
    }
    return select(*(column.label(name) for name, column in names.items()))


def _line(
    at: datetime, source: str, what: str, state: str, who: str, detail: dict[str, Any], row_id: UUID
) -> Line:
    if source == "ask":
        return Line(at, who, telling.of_ask(Kind(what), State(state), detail))
    if source == "letter":
        return Line(at, "", telling.of_letter(what, state, detail), row_id)
    if source == "consent":
        return Line(at, who, telling.of_consent(Source(what), detail))
    if source == "end":
        return Line(at, who, telling.of_end(detail))
    return Line(at, who, telling.of_history(what, detail))
