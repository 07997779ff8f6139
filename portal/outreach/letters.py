"""What a writer says about a letter, and how it is kept: plain JSON, no secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.errors import DomainError
from portal.lines import is_one_line
from portal.links import Purpose
from tenants.addresses import normal_email

Field = str | int | bool | date | datetime | None
Fields = Mapping[str, Field | list[Field] | list[str]]


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
            raise DomainError("“%(email)s” is not an e-mail address.", email=self.email[:80])
        for text in (self.email, self.name, self.reply_to):
            refuse_line_breaks(text)

    @property
    def norm(self) -> str:
        return normal_email(self.email)

    @property
    def kept(self) -> dict[str, Any]:
        """As a letter's row keeps it."""
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
class Link:
    """A signed link: becomes an address only while the letter is rendered for sending."""

    purpose: Purpose
    row_id: UUID
    version: int = 1


@dataclass(frozen=True)
class Page:
    """A page of the workspace for somebody who signs in, e.g. Page("requests/0192…")."""

    path: str = ""


@dataclass(frozen=True)
class CalendarFile:
    """The .ics a letter carries; `method` is REQUEST or CANCEL."""

    method: str
    content: str


def refuse_line_breaks(text: str) -> None:
    """Headers are lines: a name or subject that brings its own would write headers of its own."""
    if not is_one_line(text):
        raise DomainError("Names, subjects and addresses may not hold a line break.")


def kept_fields(fields: Fields) -> dict[str, Any]:
    return {name: _kept(value) for name, value in fields.items()}


def opened_fields(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _opened(value) for name, value in kept.items()}


def kept_links(links: Mapping[str, Link | Page]) -> dict[str, Any]:
    return {name: _kept_link(link) for name, link in links.items()}


def opened_links(kept: Mapping[str, Any]) -> dict[str, Link | Page]:
    return {name: _opened_link(link) for name, link in kept.items()}


def _kept(value: Any) -> Any:
    if isinstance(value, list):
        return [_kept(one) for one in value]
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    return _without_controls(value) if isinstance(value, str) else value


def _without_controls(text: str) -> str:
    return "".join(sign for sign in text if sign >= " " or sign in "\n\r\t")


def _opened(kept: Any) -> Any:
    match kept:
        case {"at": at}:
            return datetime.fromisoformat(at)
        case {"on": on}:
            return date.fromisoformat(on)
        case list():
            return [_opened(one) for one in kept]
        case _:
            return kept


def _kept_link(link: Link | Page) -> dict[str, Any]:
    if isinstance(link, Page):
        return {"page": link.path}
    return {"purpose": link.purpose.value, "id": str(link.row_id), "version": link.version}


def _opened_link(kept: Mapping[str, Any]) -> Link | Page:
    if "page" in kept:
        return Page(kept["page"])
    return Link(Purpose(kept["purpose"]), UUID(kept["id"]), kept["version"])
