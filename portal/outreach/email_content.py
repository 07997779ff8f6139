"""What a writer says about an email, and how it is kept: plain JSON, no secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.errors import DomainError
from portal.text import is_one_line
from tenants.email_addresses import normalize_email

FieldValue = str | int | bool | date | datetime | None
FieldValues = Mapping[str, FieldValue | list[FieldValue] | list[str]]


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
        """As an email's row keeps it."""
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

    purpose: str
    row_id: UUID
    version: int = 1


@dataclass(frozen=True)
class PageLink:
    """A page of the workspace for somebody who signs in, e.g. PageLink("requests/0192…")."""

    path: str = ""


@dataclass(frozen=True)
class CalendarFile:
    """The .ics an email carries; `method` is REQUEST or CANCEL."""

    method: str
    content: str


def refuse_line_breaks(text: str) -> None:
    """Headers are lines: a name or subject that brings its own would write headers of its own."""
    if not is_one_line(text):
        raise DomainError("Names, subjects and addresses can’t contain line breaks.")


def dump_fields(fields: FieldValues) -> dict[str, Any]:
    return {name: _dump(value) for name, value in fields.items()}


def load_fields(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _load(value) for name, value in stored.items()}


def dump_links(links: Mapping[str, SignedLink | PageLink]) -> dict[str, Any]:
    return {name: _dump_link(link) for name, link in links.items()}


def load_links(stored: Mapping[str, Any]) -> dict[str, SignedLink | PageLink]:
    return {name: _load_link(link) for name, link in stored.items()}


def _dump(value: Any) -> Any:
    if isinstance(value, list):
        return [_dump(one) for one in value]
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    return _without_control_characters(value) if isinstance(value, str) else value


def _without_control_characters(text: str) -> str:
    return "".join(sign for sign in text if sign >= " " or sign in "\n\r\t")


def _load(stored: Any) -> Any:
    match stored:
        case {"at": at}:
            return datetime.fromisoformat(at)
        case {"on": on}:
            return date.fromisoformat(on)
        case list():
            return [_load(one) for one in stored]
        case _:
            return stored


def _dump_link(link: SignedLink | PageLink) -> dict[str, Any]:
    if isinstance(link, PageLink):
        return {"page": link.path}
    return {"purpose": str(link.purpose), "id": str(link.row_id), "version": link.version}


def _load_link(stored: Mapping[str, Any]) -> SignedLink | PageLink:
    if "page" in stored:
        return PageLink(stored["page"])
    return SignedLink(stored["purpose"], UUID(stored["id"]), stored["version"])
