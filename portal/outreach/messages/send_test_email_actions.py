"""An email to oneself, made from a text that is not saved: it really leaves, and its links lead to nothing."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.declarations.email_content import Recipient
from portal.declarations.email_kinds import EmailKind
from portal.errors import Throttled
from portal.gateways.queue import WorkQueue
from portal.outreach.messages.compose import compose
from portal.outreach.models import Email
from portal.outreach.templates.actions import add_test_version
from portal.outreach.templates.defaults import TemplateContent
from portal.outreach.templates.sample_emails import SampleSigner, sample_email
from tenants.clock import utc_now
from tenants.database import tenant
from tenants.models import Membership

TEST_EMAILS = "test_emails"  # what such an email is about: its writer, who is its reader
MAX_PER_HOUR = 20


def send_test(
    session: Session, kind: EmailKind, content: TemplateContent, prefix: str, *, to: Membership
) -> None:
    _check_hourly_limit(session, to)
    text = add_test_version(session, kind, replace(content, subject=f"{prefix} {content.subject}"), by=to)
    given = sample_email(kind, SampleSigner(to.name or to.email, tenant(session).name))
    compose(
        session,
        kind,
        Recipient(to.email, to.name, user_id=to.user_id),
        f"{_occasion(content, to)}{utc_now():%Y%m%d%H%M}",
        about=(TEST_EMAILS, to.id),
        fields=given.fields,
        links=given.links,
        queue=WorkQueue.MAIL,
        template_version=text,
        is_test=True,
    )


def was_just_sent(session: Session, content: TemplateContent, *, to: Membership) -> bool:
    same = Email.occasion.startswith(_occasion(content, to))
    return _recent_count(session, to, timedelta(minutes=1), same) > 0


def _occasion(content: TemplateContent, to: Membership) -> str:
    return f"test:{to.id}:{sha256(repr(content).encode()).hexdigest()[:16]}:"


def _check_hourly_limit(session: Session, to: Membership) -> None:
    if _recent_count(session, to, timedelta(hours=1)) >= MAX_PER_HOUR:
        raise Throttled(
            "You’ve sent yourself %(most)d tests within an hour. Please wait a while.", most=MAX_PER_HOUR
        )


def _recent_count(
    session: Session, to: Membership, within: timedelta, *conditions: ColumnElement[bool]
) -> int:
    own_tests = (
        Email.subject_type == TEST_EMAILS,
        Email.subject_id == to.id,
        Email.created_at > utc_now() - within,
    )
    return session.scalar(select(func.count()).where(*own_tests, *conditions)) or 0
