"""One way to send an email, from any floor: what a feature says about it becomes a row in the same transaction.

Outreach, which writes the row, stands above many who send. So it is handed in when a process starts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from portal.declarations.email_content import About, CalendarFile, EmailLinks, FieldValues, Recipient
from portal.declarations.email_kinds import EmailKind


class Composer(Protocol):
    def __call__(
        self,
        session: Session,
        kind: EmailKind,
        recipient: Recipient,
        occasion: str,
        *,
        about: About | None,
        fields: FieldValues,
        links: EmailLinks,
        purpose: str,
        calendar: CalendarFile | None,
        valid_until: datetime | None,
    ) -> object: ...


@dataclass(frozen=True, kw_only=True)
class OutgoingEmail:
    """One of many; its parts are as `send` takes them."""

    to: Recipient
    key: str
    about: About | None = None
    fields: FieldValues = field(default_factory=dict)
    links: EmailLinks = field(default_factory=dict)
    purpose: str = ""


class ManyComposer(Protocol):
    def __call__(self, session: Session, kind: EmailKind, emails: Sequence[OutgoingEmail]) -> object: ...


class EmailWriter:
    """Holds what writes emails in this process."""

    compose: Composer
    compose_many: ManyComposer


writer = EmailWriter()


def configure(compose: Composer, compose_many: ManyComposer) -> None:
    writer.compose, writer.compose_many = compose, compose_many


def send(
    session: Session,
    kind: EmailKind,
    to: Recipient,
    key: str,
    *,
    about: About | None = None,
    fields: FieldValues | None = None,
    links: EmailLinks | None = None,
    purpose: str = "",
    calendar: CalendarFile | None = None,
    valid_until: datetime | None = None,
) -> None:
    """Send once for each key and recipient; repeated it writes nothing.

    The email leaves after the commit. A function beside the kind builds the key. `purpose`: the consent it
    needs, where the kind names none. `valid_until`: it never leaves later.
    """
    writer.compose(
        session,
        kind,
        to,
        key,
        about=about,
        fields=fields or {},
        links=links or {},
        purpose=purpose,
        calendar=calendar,
        valid_until=valid_until,
    )


def send_many(session: Session, kind: EmailKind, emails: Sequence[OutgoingEmail]) -> None:
    """Send many of one kind, each as `send` would, in one statement. They leave after those sent singly."""
    writer.compose_many(session, kind, emails)
