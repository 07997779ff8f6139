"""What happened with one person, or one company, across all programmes: asks, letters, and what people did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.asks.models import Ask, Kind, State
from portal.history import HistoryEntry
from portal.outreach.kinds import HIDDEN
from portal.outreach.models import Letter
from portal.pool import telling

MOST = 60


@dataclass(frozen=True)
class Line:
    """One thing that happened, with the letter it can be read in, if any."""

    at: datetime
    who: str
    words: str
    letter_id: UUID | None = None


def of_person(session: Session, advocate: Advocate) -> Sequence[Line]:
    """The newest first, in one query."""
    asks = _asks().where(Ask.advocate_id == advocate.id, Ask.state != State.PROPOSED)
    history = _history().where(
        HistoryEntry.subject_kind == "advocates", HistoryEntry.subject_id == advocate.id
    )
    letters = _letters().where(
        Letter.recipient_norm == advocate.email_norm,
        Letter.advocate_id == advocate.id,
        Letter.kind.not_in(HIDDEN),
    )
    every = union_all(asks, letters, history).subquery()
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
    return Line(at, who, telling.of_history(what, detail))
