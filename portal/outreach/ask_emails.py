"""The email by which somebody is asked: the time to answer runs from the moment it leaves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func
from sqlalchemy.orm import Session

from portal import outbox
from portal.declarations.email_kinds import EMAIL_KINDS
from portal.outbox import Message
from portal.outreach.models import Email, EmailState


@dataclass(frozen=True)
class AskEmailsScheduled(Message):
    """Those of one transaction: each has left, or it is known until when it waits."""

    email_ids: tuple[UUID, ...]


def is_asking_email() -> ColumnElement[bool]:
    return Email.kind.in_(EMAIL_KINDS.that_ask)


def tell_schedule(session: Session, emails: Iterable[Any]) -> None:
    """However many they are, by one message."""
    if ids := tuple(email.id for email in emails if email.kind in EMAIL_KINDS.that_ask):
        outbox.publish(session, AskEmailsScheduled(ids))


def leaving_time() -> ColumnElement[datetime | None]:
    return func.coalesce(Email.sent_at, case((Email.state == EmailState.HELD, Email.due_at)))


def leaves_at(email: Email) -> datetime | None:
    """Return when it left; else until when it is on hold, as far as anybody knows."""
    return email.sent_at or (email.due_at if email.state is EmailState.HELD else None)
