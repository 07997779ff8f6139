"""Many emails at once: one statement, however many. Each is written once for its occasion, as by `compose`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Insert, Text, Uuid, any_, cast, column, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal.advocates.models import Advocate
from portal.gateways.queue import WorkQueue
from portal.links import LinkPurpose
from portal.outreach.email_content import (
    FieldValues,
    PageLink,
    Recipient,
    SignedLink,
    dump_fields,
    dump_links,
)
from portal.outreach.email_kinds import EmailKind
from portal.outreach.models import Email, EmailClass, EmailState
from portal.outreach.status_codes import NO_STATUS
from portal.outreach.templates.actions import ensure_current_version
from tenants.clock import utc_now
from tenants.database import tenant_of, wake_after_commit

EMAILS = Email.metadata.tables[Email.__tablename__]
AdvocateLinkInfo = tuple[int, str]  # version of the link, time zone
COUNTERS = ("tries", "unknown_retries", "opens", "clicks", "machine_opens", "machine_clicks")
QUEUED_COLUMNS = {
    "state": EmailState.QUEUED.value,
    "hold_reason": "",
    "outcome_unknown": False,
    "queue": WorkQueue.MAIL.value,
}
EMPTY_COLUMNS = {
    "gateway": "",
    "account": "",
    "provider_id": "",
    **NO_STATUS.columns,
    **dict.fromkeys(COUNTERS, 0),
}
DRAFT_COLUMNS = ("bulk", "sequence_id", "sequence_step", "window_from", "window_until", "valid_until")


@dataclass(frozen=True, kw_only=True)
class EmailDraft:
    """An email that is not written yet. `template_id`: the version of the text; none: the one in use for its kind."""

    kind: EmailKind
    recipient: Recipient
    occasion: str
    about: tuple[str, UUID] | None = None
    fields: FieldValues = field(default_factory=dict)
    links: Mapping[str, SignedLink | PageLink] = field(default_factory=dict)
    purpose: str = ""
    bulk: bool = False
    sequence_id: UUID | None = None
    sequence_step: int | None = None
    window_from: int | None = None
    window_until: int | None = None
    time_zone: str = ""
    not_before: datetime | None = None
    valid_until: datetime | None = None
    template_id: UUID | None = None


def compose_many(session: Session, drafts: Sequence[EmailDraft]) -> int:
    """How many of them are new; the others were written before. They leave after the commit."""
    if not drafts:
        return 0
    now, readers = utc_now(), _advocates_of(session, drafts)
    rows = [_row(session, draft, readers, now) for draft in drafts]
    shared = {"tenant_id": tenant_of(session), "created_at": now, **QUEUED_COLUMNS, **EMPTY_COLUMNS}
    written = session.execute(_inserted(rows, shared), execution_options={"preserve_rowcount": True})
    wake_after_commit(session, WorkQueue.MAIL.value)
    return int(written.rowcount)  # type: ignore[attr-defined]


def _inserted(rows: Sequence[Mapping[str, Any]], shared: Mapping[str, Any]) -> Insert:
    """The rows travel as one value and are unfolded by the database: twice as fast as one statement for each."""
    columns = [column(name, EMAILS.columns[name].type) for name in rows[0]]
    given = func.jsonb_to_recordset(cast(literal(json.dumps(rows, default=_to_json), Text), JSONB))
    each = given.table_valued(*columns, name="given").render_derived(with_types=True)
    alike = [literal(value, EMAILS.columns[name].type) for name, value in shared.items()]
    unfolded = select(*each.columns, *alike)
    return insert(EMAILS).from_select([*rows[0], *shared], unfolded, False).on_conflict_do_nothing()


def _to_json(value: UUID | datetime) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _row(
    session: Session, draft: EmailDraft, advocates: Mapping[UUID, AdvocateLinkInfo], now: datetime
) -> dict[str, Any]:
    rule = draft.kind.rule
    if rule.email_class is EmailClass.INVITATION:
        raise ValueError("An invitation is counted for its address: write it by itself.")
    subject_type, subject_id = draft.about or ("", None)
    return {
        "id": uuid7(),
        "kind": draft.kind.value,
        "email_class": rule.email_class.value,
        "purpose": draft.purpose or rule.purpose,
        "occasion": draft.occasion,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "fields": dump_fields(draft.fields),
        "template_id": draft.template_id
        or ensure_current_version(session, draft.kind, draft.recipient.locale).id,
        "due_at": draft.not_before or now,
        **{name: getattr(draft, name) for name in DRAFT_COLUMNS},
        **draft.recipient.columns,
        **_advocate_columns(draft, advocates),
    }


def _advocate_columns(draft: EmailDraft, advocates: Mapping[UUID, AdvocateLinkInfo]) -> dict[str, Any]:
    """Every email to an advocate says where to change one's mind, and leaves by the advocate's own clock."""
    zone, reader = draft.time_zone or draft.recipient.time_zone, draft.recipient.advocate_id
    if reader is None:
        return {"links": dump_links(draft.links), "time_zone": zone}
    version, own_zone = advocates.get(reader, (1, ""))
    preferences = {"preferences": SignedLink(LinkPurpose.PREFERENCES, reader, version)}
    return {"links": dump_links(preferences | dict(draft.links)), "time_zone": zone or own_zone}


def _advocates_of(session: Session, drafts: Sequence[EmailDraft]) -> Mapping[UUID, AdvocateLinkInfo]:
    ids = {draft.recipient.advocate_id for draft in drafts if draft.recipient.advocate_id}
    if not ids:
        return {}
    its = select(Advocate.id, Advocate.link_version, Advocate.time_zone)
    rows = session.execute(its.where(Advocate.id == any_(literal([*ids], ARRAY(Uuid)))))
    return {reader: (version, zone) for reader, version, zone in rows}
