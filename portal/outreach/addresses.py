"""Where a letter's links lead. A token is made here and nowhere else, and only for a letter on its way out."""

from dataclasses import dataclass

from portal import links
from portal.links import Purpose
from portal.outreach.letters import Link, Page
from tenants.models import Tenant

PATHS = {
    Purpose.SIGN_IN: "sign-in/link",
    Purpose.MEMBER: "invitation",
    Purpose.JOIN: "join/confirm",
    Purpose.INVITE: "i",
    Purpose.ANSWER: "a",
    Purpose.SLOT: "s",
    Purpose.TIMES: "times",
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

    def of(self, link: Link | Page) -> str:
        if isinstance(link, Page):
            return f"{self.public_url}/{self.workspace.slug}/{link.path}"
        return f"{self.public_url}/{PATHS[link.purpose]}/{self._token(link)}"

    def code_of(self, link: Link | Page) -> str:
        """What a person types when the link is opened in another browser."""
        if not self.live or isinstance(link, Page):
            return HIDDEN
        return links.code(link.purpose, link.row_id)

    def _token(self, link: Link) -> str:
        if not self.live:
            return HIDDEN
        return links.token(link.purpose, self.workspace.id, link.row_id, link.version)
