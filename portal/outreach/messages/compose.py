"""Writing one email: once for its occasion and recipient."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.gateways.queue import WorkQueue
from portal.outreach.email_content import (
    CalendarFile,
    FieldValues,
    PageLink,
    Recipient,
    SignedLink,
    dump_fields,
)
from portal.outreach.email_kinds import EmailKind, EmailKindRule
from portal.outreach.messages.advocate_links import advocate_columns, advocate_link_info
from portal.outreach.messages.composed_log import log_composed
from portal.outreach.messages.invitation_limit import check_invitation_limit
from portal.outreach.models import Email, EmailClass
from portal.outreach.templates.actions import current_version_id
from portal.outreach.templates.models import TemplateVersion
from tenants.clock import utc_now
from tenants.database import tenant_of, wake_after_commit


def compose(
    session: Session,
    kind: EmailKind,
    recipient: Recipient,
    occasion: str,
    *,
    about: tuple[str, UUID] | None = None,
    fields: FieldValues | None = None,
    links: Mapping[str, SignedLink | PageLink] | None = None,
    queue: WorkQueue = WorkQueue.MAIL,
    calendar: CalendarFile | None = None,
    not_before: datetime | None = None,
    valid_until: datetime | None = None,
    purpose: str = "",
    template_version: TemplateVersion | None = None,
    is_test: bool = False,
) -> Email:
    """One email per occasion and recipient: composing it again returns the first. It is sent after the commit.

    `is_test`: for oneself, so it is no invitation and needs no consent. `valid_until`: never sent later than that.
    """
    began, rule = time.monotonic(), EmailKindRule() if is_test else kind.rule
    if rule.email_class is EmailClass.INVITATION:
        check_invitation_limit(session, recipient.email, occasion)
    template_id = (
        template_version.id if template_version else current_version_id(session, kind, recipient.locale)
    )
    row: dict[str, Any] = {"queue": queue.value, "occasion": occasion, "fields": dump_fields(fields or {})}
    row |= {"due_at": not_before or utc_now(), "valid_until": valid_until, "template_id": template_id}
    row |= advocate_columns(recipient, links or {}, advocate_link_info(session, [recipient]))
    row |= recipient.columns | _kind_columns(kind, rule, purpose) | _subject_columns(about, calendar)
    return _insert_once(session, row, began)


def _insert_once(session: Session, row: dict[str, Any], began: float) -> Email:
    new = insert(Email).values(tenant_id=tenant_of(session), **row).on_conflict_do_nothing().returning(Email)
    if (email := session.scalar(new)) is not None:
        log_composed(session, [email.id], began=began)
        wake_after_commit(session, email.queue)
        return email
    first = (Email.occasion == row["occasion"], Email.recipient_norm == row["recipient_norm"])
    return session.scalars(select(Email).where(*first)).one()


def _kind_columns(kind: EmailKind, rule: EmailKindRule, purpose: str) -> dict[str, Any]:
    return {"kind": kind.value, "email_class": rule.email_class, "purpose": purpose or rule.purpose}


def _subject_columns(about: tuple[str, UUID] | None, calendar: CalendarFile | None) -> dict[str, Any]:
    kind, row_id = about or ("", None)
    file = {"method": calendar.method, "content": calendar.content} if calendar else None
    return {"subject_type": kind, "subject_id": row_id, "calendar": file}
