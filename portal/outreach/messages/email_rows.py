"""Emails as a list shows them: subject, kind and status, and what can be done about each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from portal.badges import StatusBadge
from portal.declarations.email_kinds import EMAIL_KINDS
from portal.outreach.labels import kind_name
from portal.outreach.messages.bulk_actions import can_give_up, can_retry
from portal.outreach.messages.email_status import email_status
from portal.outreach.models import Email
from portal.outreach.templates.defaults import TemplateContent, default_content
from portal.outreach.templates.queries import contents_by_version
from portal.outreach.templates.rendering import RenderingError, TemplateSet
from tenants.database import tenant


@dataclass(frozen=True)
class EmailRow:
    """An email in the list."""

    email: Email
    subject: str
    kind: str
    status: StatusBadge

    @property
    def can_retry(self) -> bool:
        return can_retry(self.email)

    @property
    def can_give_up(self) -> bool:
        return can_give_up(self.email)


def email_rows(session: Session, emails: Sequence[Email]) -> Mapping[UUID, EmailRow]:
    texts = contents_by_version(session, {email.template_id for email in emails if email.template_id})
    return {email.id: email_row(session, email, template_text(email, texts)) for email in emails}


def email_row(session: Session, email: Email, words: TemplateContent) -> EmailRow:
    workspace = tenant(session)
    kind, stands = kind_name(email.kind), email_status(email, workspace.time_zone)
    try:
        return EmailRow(email, TemplateSet(workspace, "").subject(email, words), kind, stands)
    except RenderingError:
        return EmailRow(email, kind, kind, stands)


def template_text(email: Email, texts: Mapping[UUID, TemplateContent]) -> TemplateContent:
    """The text it was made from; emails from before there were versions have Goodword’s own."""
    found = texts.get(email.template_id) if email.template_id else None
    return found or default_content(EMAIL_KINDS.get(email.kind), email.locale)
