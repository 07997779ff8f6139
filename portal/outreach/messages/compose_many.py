"""Writes many emails in one statement: each once for its occasion, as by `compose`."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal.declarations.email_content import About, EmailLinks, FieldValues, Recipient
from portal.declarations.email_kinds import EmailClass, EmailKind
from portal.declarations.sending import OutgoingEmail
from portal.gateways.queue import WorkQueue
from portal.insert_rows import insert_rows
from portal.outreach.email_content import dump_fields
from portal.outreach.messages.advocate_links import (
    AdvocateLinkInfo,
    advocate_columns,
    advocate_link_info,
)
from portal.outreach.messages.composed_log import log_composed
from portal.outreach.models import LIFECYCLE, Email
from portal.outreach.status_codes import NO_STATUS
from portal.outreach.templates.actions import current_version_id
from tenants.clock import utc_now
from tenants.database import tenant_of, wake_after_commit

EMAILS = Email.metadata.tables[Email.__tablename__]
COUNTERS = ("tries", "unknown_retries", "opens", "clicks", "machine_opens", "machine_clicks")
QUEUED_COLUMNS = {
    "state": LIFECYCLE.initial.value,
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
    about: About | None = None
    fields: FieldValues = field(default_factory=dict)
    links: EmailLinks = field(default_factory=dict)
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
    """Write drafts and return how many are new. They leave after the commit."""
    if not drafts:
        return 0
    now, advocates = utc_now(), advocate_link_info(session, [draft.recipient for draft in drafts])
    return _write(session, [_row(session, draft, advocates, now) for draft in drafts], now)


def compose_bulk(session: Session, kind: EmailKind, emails: Sequence[OutgoingEmail]) -> int:
    """As `send_many` of portal/declarations/sending.py says it: what is alike in all is worked out once."""
    if not emails:
        return 0
    now, advocates = utc_now(), advocate_link_info(session, [email.to for email in emails])
    alike = _row(session, EmailDraft(kind=kind, recipient=emails[0].to, occasion="", bulk=True), {}, now)
    fields = {id(each.fields): dump_fields(each.fields) for each in emails}  # many share one
    rows = [
        alike
        | {"id": uuid7(), "occasion": email.key, "purpose": email.purpose or kind.purpose}
        | {
            "template_id": current_version_id(session, kind, email.to.locale),
            "fields": fields[id(email.fields)],
        }
        | dict(zip(("subject_type", "subject_id"), email.about or ("", None), strict=True))
        | email.to.columns
        | advocate_columns(email.to, email.links, advocates)
        for email in emails
    ]
    return _write(session, rows, now)


def _write(session: Session, rows: Sequence[Mapping[str, Any]], now: datetime) -> int:
    began = time.monotonic()
    shared = {"tenant_id": tenant_of(session), "created_at": now, **QUEUED_COLUMNS, **EMPTY_COLUMNS}
    new = insert_rows(EMAILS, rows, shared).on_conflict_do_nothing()
    written = session.scalars(new.returning(EMAILS.c.id)).all()
    log_composed(session, written, began=began)
    wake_after_commit(session, WorkQueue.MAIL.value)
    return len(written)


def _row(
    session: Session, draft: EmailDraft, advocates: Mapping[UUID, AdvocateLinkInfo], now: datetime
) -> dict[str, Any]:
    kind = draft.kind
    if kind.email_class is EmailClass.INVITATION:
        raise ValueError("An invitation is counted for its address: write it by itself.")
    subject_type, subject_id = draft.about or ("", None)
    return {
        "id": uuid7(),
        "kind": kind.name,
        "email_class": kind.email_class.value,
        "purpose": draft.purpose or kind.purpose,
        "occasion": draft.occasion,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "fields": dump_fields(draft.fields),
        "template_id": draft.template_id or current_version_id(session, kind, draft.recipient.locale),
        "due_at": draft.not_before or now,
        **{name: getattr(draft, name) for name in DRAFT_COLUMNS},
        **draft.recipient.columns,
        **advocate_columns(draft.recipient, draft.links, advocates, draft.time_zone),
    }
