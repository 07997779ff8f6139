"""The addresses of an email's links. Tokens are made here and nowhere else, and only while an email is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal import links
from portal.declarations.email_content import PageLink, SignedLink
from portal.declarations.programs import PROGRAMS
from portal.links import LinkPurpose
from tenants.models import Tenant

PATHS: Mapping[str, str] = {
    LinkPurpose.SIGN_IN: "sign-in/link",
    LinkPurpose.MEMBER: "invitation",
    LinkPurpose.JOIN: "join/confirm",
    LinkPurpose.INVITE: "i",
    LinkPurpose.ADDRESS: "address",
    LinkPurpose.ANSWER: "a",
    LinkPurpose.PREFERENCES: "u",
    LinkPurpose.FURTHER_PURPOSE: "further-consent",
    LinkPurpose.UNSUBSCRIBE: "unsubscribe",
}
REDACTED = "…"  # what staff see in place of a token or a code


@dataclass(frozen=True)
class LinkUrls:
    """Makes addresses for one workspace; `live` is True only while rendering for sending."""

    public_url: str
    workspace: Tenant
    live: bool

    def url_of_stored(self, stored: Mapping[str, Any]) -> str:
        if "page" in stored:
            return f"{self.public_url}/{self.workspace.slug}/{stored['page']}"
        row_id = bytes.fromhex(stored["id"].replace("-", ""))
        return self.signed(stored["purpose"], row_id, stored["version"])

    def signed(self, purpose: str, row_id: bytes, version: int = 1) -> str:
        token = links.token_from_bytes(purpose, self.tenant_id, row_id, version) if self.live else REDACTED
        return f"{self.public_url}/{path_of(purpose)}/{token}"

    @cached_property
    def tenant_id(self) -> bytes:
        return self.workspace.id.bytes

    def code_of(self, link: SignedLink | PageLink) -> str:
        if not self.live or isinstance(link, PageLink):
            return REDACTED
        return links.short_code(link.purpose, link.row_id)


def path_of(purpose: str) -> str:
    path = _find_path(purpose)
    if path is None:
        raise LookupError(f"No page is declared for links of the purpose “{purpose}”.")
    return path


def has_path(purpose: str) -> bool:
    return _find_path(purpose) is not None


def _find_path(purpose: str) -> str | None:
    return PATHS.get(purpose) or PROGRAMS.link_path(purpose)
