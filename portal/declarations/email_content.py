"""What a writer says about an email: who gets it, what it tells, where its links lead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.errors import DomainError
from portal.text import is_one_line
from tenants.email_addresses import normalize_email

FieldValue = str | int | bool | date | datetime | None
EmailFieldValue = FieldValue | list[FieldValue] | list[str]
FieldValues = Mapping[str, EmailFieldValue]
About = tuple[str, UUID]  # the table and the row that an email is about


@dataclass(frozen=True)
class Recipient:
    """An address, and who is behind it as far as we know: a prospect is neither user nor advocate."""

    email: str
    name: str = ""
    user_id: UUID | None = None
    advocate_id: UUID | None = None
    locale: str = "en"
    time_zone: str = ""  # empty: an advocate's own, else the workspace's
    reply_to: str = ""  # who gets the reader's reply; empty: as the workspace's sender says
    of_advocate: tuple[int, str] | None = (
        None  # version of their link and own zone, where they were just read
    )

    def __post_init__(self) -> None:
        if "@" not in self.email or len(self.email) > 254:
            raise DomainError("“%(email)s” isn’t an email address.", email=self.email[:80])
        for text in (self.email, self.name, self.reply_to):
            refuse_line_breaks(text)

    @property
    def norm(self) -> str:
        return normalize_email(self.email)

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "recipient": self.email.strip(),
            "recipient_norm": self.norm,
            "recipient_name": self.name,
            "reply_to": self.reply_to,
            "locale": self.locale,
            "user_id": self.user_id,
            "advocate_id": self.advocate_id,
        }


@dataclass(frozen=True)
class SignedLink:
    """A signed link: becomes an address only while the email is rendered for sending."""

    purpose: str  # `LinkPurpose`, or one of a program's own
    row_id: UUID
    version: int = 1


@dataclass(frozen=True)
class PageLink:
    """A page of the workspace for somebody who signs in, e.g. PageLink("requests/0192…")."""

    path: str = ""


EmailLinks = Mapping[str, SignedLink | PageLink]


@dataclass(frozen=True)
class CalendarFile:
    """The .ics an email carries; `method` is REQUEST or CANCEL."""

    method: str
    content: str


def refuse_line_breaks(text: str) -> None:
    """Refuse line breaks, with which a name or subject would write headers of its own."""
    if not is_one_line(text):
        raise DomainError("Names, subjects and addresses can’t contain line breaks.")
