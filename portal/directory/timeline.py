"""What happened with one person, across all programs: asks, emails, consents, and what people did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, case, cast, func, literal, null, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from portal.advocates.history_actions import AdvocateAction
from portal.advocates.models import Advocate, ConsentEntry, ConsentSource
from portal.asks.models import Ask, AskState
from portal.asks.timeline_text import TimelineAsk, timeline_texts
from portal.custom_fields.history_actions import FieldAction
from portal.declarations.email_kinds import EMAIL_KINDS
from portal.declarations.programs import PROGRAMS
from portal.directory import timeline_text
from portal.history import HistoryEntry
from portal.outreach.consent_requests.models import ConsentRequest
from portal.outreach.models import Email
from portal.outreach.suppressions.address_hashes import address_hashes
from portal.outreach.suppressions.models import OPT_OUT_REASONS, Suppression
from portal.tags.history_actions import TagAction

MAX_ENTRIES = 60
SHOWN_ACTIONS = [*AdvocateAction, TagAction.CHANGED, FieldAction.VALUES_CHANGED]


class TimelineSource(StrEnum):
    """Where a line comes from."""

    ASK = "ask"
    EMAIL = "email"
    HISTORY = "history"
    CONSENT = "consent"
    CONSENT_DECLINED = "consent_declined"
    SUPPRESSION = "suppression"


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened, with the email it can be read in, if any."""

    at: datetime
    who: str
    text: str
    email_id: UUID | None = None


def timeline_of(session: Session, advocate: Advocate, former: Sequence[str] = ()) -> Sequence[TimelineEntry]:
    addresses = [advocate.email_norm, *former]
    asks = _asks().where(Ask.advocate_id == advocate.id, Ask.state != AskState.PROPOSED)
    history = _history().where(
        HistoryEntry.subject_type == Advocate.__tablename__,
        HistoryEntry.subject_id == advocate.id,
        HistoryEntry.action.in_(SHOWN_ACTIONS),  # none of a release that runs beside this one
    )
    emails = _emails().where(
        Email.recipient_norm.in_(addresses),
        Email.advocate_id == advocate.id,
        Email.kind.not_in(EMAIL_KINDS.hidden_from_staff),
    )
    consents = _consents().where(ConsentEntry.advocate_id == advocate.id)
    hashes = [each for address in addresses for each in address_hashes(session, address)]
    ends = _suppressions().where(Suppression.address_hash.in_(hashes))
    declined = _declined().where(ConsentRequest.advocate_id == advocate.id)
    every = union_all(asks, emails, history, consents, declined, ends).subquery()
    rows = session.execute(select(every).order_by(every.c.at.desc()).limit(MAX_ENTRIES)).all()
    asked = [TimelineAsk.of_row(row.row_id, row.what, row.state, row.detail) for row in rows if _is_ask(row)]
    texts = timeline_texts(session, asked)
    return [
        TimelineEntry(row.at, row.who, texts[row.row_id]) if _is_ask(row) else _entry(*row) for row in rows
    ]


def _is_ask(row: Any) -> bool:
    return bool(row.source == TimelineSource.ASK)


def _asks() -> Select[Any]:
    at = func.coalesce(Ask.completed_at, Ask.ended_at, Ask.answered_at, Ask.sent_at, Ask.created_at)
    reasons = (Ask.decline_reason, Ask.withdrawal_reason, Ask.reason_text, Ask.override_reason)
    columns = (Ask.subject_type, Ask.subject_id, Ask.helps_name, Ask.off_platform, *reasons)
    named = [part for column in columns for part in (column.key, column)]
    detail = func.jsonb_build_object(*named, "program_detail", _program_detail())
    return _row(TimelineSource.ASK, at, Ask.kind, Ask.state, literal(""), detail, Ask.id)


def _program_detail() -> ColumnElement[Any]:
    details = [
        (Ask.subject_type == program.subject_type, program.timeline_detail)
        for program in PROGRAMS
        if program.timeline_detail is not None
    ]
    return case(*details, else_=null()) if details else null()


def _emails() -> Select[Any]:
    return _row(
        TimelineSource.EMAIL,
        Email.created_at,
        Email.kind,
        Email.state,
        literal(""),
        _email_detail(),
        Email.id,
    )


def _email_detail() -> ColumnElement[Any]:
    """What the text about an email depends on besides its state."""
    return func.jsonb_build_object(
        *(
            "hold_reason",
            Email.hold_reason,
            "until",
            Email.due_at,
            "given_up",
            Email.given_up_at.is_not(None),
        ),
        *("opens", Email.opens, "clicks", Email.clicks),
    )


def _history() -> Select[Any]:
    who = HistoryEntry.by_name
    return _row(
        TimelineSource.HISTORY,
        HistoryEntry.created_at,
        HistoryEntry.action,
        literal(""),
        who,
        HistoryEntry.detail,
        HistoryEntry.id,
    )


def _consents() -> Select[Any]:
    """What was ticked together is one line."""
    purposes = func.jsonb_agg(aggregate_order_by(ConsentEntry.purpose, ConsentEntry.number))
    row = _row(
        TimelineSource.CONSENT,
        func.max(ConsentEntry.at),
        ConsentEntry.source,
        literal(""),
        literal(""),
        func.jsonb_build_object("given", ConsentEntry.granted, "purposes", purposes),
        null(),
    )
    return row.group_by(ConsentEntry.source, ConsentEntry.granted, func.date_trunc("second", ConsentEntry.at))


def _declined() -> Select[Any]:
    """A further consent they were asked for and did not give."""
    at, what = ConsentRequest.answered_at, ConsentRequest.purpose
    row = _row(
        TimelineSource.CONSENT_DECLINED, at, what, literal(""), literal(""), func.jsonb_build_object(), null()
    )
    return row.where(ConsentRequest.granted.is_(False))


def _suppressions() -> Select[Any]:
    """No more emails, by the person's own word."""
    detail = func.jsonb_build_object(
        *("purpose", Suppression.purpose, "by_email", Suppression.email_id.is_not(None)),
        *("by_file", Suppression.import_id.is_not(None)),
    )
    row = _row(
        TimelineSource.SUPPRESSION,
        Suppression.created_at,
        literal(""),
        literal(""),
        literal(""),
        detail,
        Suppression.id,
    )
    return row.where(Suppression.reason.in_(OPT_OUT_REASONS))


def _row(
    source: TimelineSource, at: Any, what: Any, state: Any, who: Any, detail: Any, row_id: Any
) -> Select[Any]:
    names: dict[str, ColumnElement[Any]] = {
        "at": at,
        "source": literal(source.value),
        "what": cast(what, Text),
        "state": cast(state, Text),
        "who": who,
        "detail": detail,
        "row_id": row_id,
    }
    return select(*(column.label(name) for name, column in names.items()))


def _entry(
    at: datetime, source: str, what: str, state: str, who: str, detail: dict[str, Any], row_id: UUID
) -> TimelineEntry:
    if source == TimelineSource.EMAIL:
        return TimelineEntry(at, "", timeline_text.email_text(what, state, detail), row_id)
    if source == TimelineSource.CONSENT:
        return TimelineEntry(at, who, timeline_text.consent_text(ConsentSource(what), detail))
    if source == TimelineSource.CONSENT_DECLINED:
        return TimelineEntry(at, who, timeline_text.declined_text(what))
    if source == TimelineSource.SUPPRESSION:
        return TimelineEntry(at, who, timeline_text.suppression_text(detail))
    return TimelineEntry(at, who, timeline_text.action_text(what, detail))
