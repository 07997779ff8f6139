"""Where a letter's links lead. A token is made here and nowhere else, and only for a letter on its way out."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal import links
from portal.links import Purpose
from portal.outreach.letters import Link, Page
from tenants.models import Tenant

PATHS: Mapping[str, str] = {
    Purpose.SIGN_IN: "sign-in/link",
    Purpose.MEMBER: "invitation",
    Purpose.JOIN: "join/confirm",
    Purpose.INVITE: "i",
    Purpose.ADDRESS: "address",
    Purpose.ANSWER: "a",
    Purpose.SLOT: "s",
    Purpose.TIMES: "times",
    Purpose.CALL: "call",
    Purpose.AFTER_CALL: "after",
    Purpose.CALENDAR: "calendar",
    Purpose.PREFERENCES: "u",
    Purpose.UNSUBSCRIBE: "unsubscribe",
}
HIDDEN = "…"  # what staff see in place of a token or a code


@dataclass(frozen=True)
class Addresses:
    """Makes addresses for one workspace; `live` is True only while rendering for sending."""

    public_url: str
    workspace: Tenant
    live: bool

    def of_kept(self, kept: Mapping[str, Any]) -> str:
        """From a link as the letter's row keeps it."""
        if "page" in kept:
            return f"{self.public_url}/{self.workspace.slug}/{kept['page']}"
        row_id = bytes.fromhex(kept["id"].replace("-", ""))
        return self.signed(kept["purpose"], row_id, kept["version"])

    def signed(self, purpose: str, row_id: bytes, version: int = 1) -> str:
        token = links.token_of(purpose, self.tenant_id, row_id, version) if self.live else HIDDEN
        return f"{self.public_url}/{PATHS[purpose]}/{token}"

    @cached_property
    def tenant_id(self) -> bytes:
        return self.workspace.id.bytes

    def code_of(self, link: Link | Page) -> str:
        """What a person types when the link is opened in another browser."""
        if not self.live or isinstance(link, Page):
            return HIDDEN
        return links.code(link.purpose, link.row_id)
