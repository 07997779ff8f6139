"""How the fields and links of an email are kept: plain JSON, no secrets."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.declarations.email_content import EmailLinks, FieldValues, PageLink, SignedLink


def dump_fields(fields: FieldValues) -> dict[str, Any]:
    return {name: _dump(value) for name, value in fields.items()}


def load_fields(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _load(value) for name, value in stored.items()}


def dump_links(links: EmailLinks) -> dict[str, Any]:
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
    if text.isprintable():
        return text
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
