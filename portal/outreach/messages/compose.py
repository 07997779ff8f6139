"""Writes one email: once for its occasion and recipient."""

import time
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.declarations.email_content import About, CalendarFile, EmailLinks, FieldValues, Recipient
from portal.declarations.email_kinds import EmailClass, EmailKind
from portal.gateways.queue import WorkQueue
from portal.outreach.email_content import dump_fields
from portal.outreach.messages.advocate_links import advocate_columns, advocate_link_info
from portal.outreach.messages.composed_log import log_composed
from portal.outreach.messages.invitation_limit import check_invitation_limit
from portal.outreach.models import Email
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
    about: About | None = None,
    fields: FieldValues | None = None,
    links: EmailLinks | None = None,
    queue: WorkQueue | None = None,
    calendar: CalendarFile | None = None,
    not_before: datetime | None = None,
    valid_until: datetime | None = None,
    purpose: str = "",
    template_version: TemplateVersion | None = None,
    is_test: bool = False,
) -> Email:
    """Write one email per occasion and recipient; composing it again returns the first.

    Features say `send` (portal/declarations/sending.py). `is_test`: for oneself; no invitation, and without consent.
    """
    began, email_class = time.monotonic(), EmailClass.TRANSACTIONAL if is_test else kind.email_class
    if email_class is EmailClass.INVITATION:
        check_invitation_limit(session, recipient.email, occasion)
    version = template_version.id if template_version else current_version_id(session, kind, recipient.locale)
    row: dict[str, Any] = {"kind": kind.name, "email_class": email_class, "purpose": purpose or kind.purpose}
    row |= {"queue": (queue or kind.queue).value, "occasion": occasion, "fields": dump_fields(fields or {})}
    row |= {"due_at": not_before or utc_now(), "valid_until": valid_until, "template_id": version}
    row |= _recipient_columns(session, recipient, links or {}) | _subject_columns(about, calendar)
    return _insert_once(session, row, began)


def _insert_once(session: Session, row: dict[str, Any], began: float) -> Email:
    new = insert(Email).values(tenant_id=tenant_of(session), **row).on_conflict_do_nothing().returning(Email)
    if (email := session.scalar(new)) is not None:
        log_composed(session, [email.id], began=began)
        wake_after_commit(session, email.queue)
        return email
    first = (Email.occasion == row["occasion"], Email.recipient_norm == row["recipient_norm"])
    return session.scalars(select(Email).where(*first)).one()


def _recipient_columns(session: Session, recipient: Recipient, links: EmailLinks) -> dict[str, Any]:
    known = advocate_link_info(session, [recipient])
    return advocate_columns(recipient, links, known) | recipient.columns


def _subject_columns(about: About | None, calendar: CalendarFile | None) -> dict[str, Any]:
    kind, row_id = about or ("", None)
    file = {"method": calendar.method, "content": calendar.content} if calendar else None
    return {"subject_type": kind, "subject_id": row_id, "calendar": file}
