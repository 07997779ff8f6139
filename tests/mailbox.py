"""The local mailbox as a test reads it: emails that really went through the mail worker."""

import re
from urllib.parse import urlsplit

from sqlalchemy import select

from tenants.database import system_session
from tenants.email_addresses import normalize_email
from tenants.models import MailboxEmail
from tests.world import World

LINK = re.compile(r"https?://[^\s<>\")]+")


class Mailbox:
    def __init__(self, world: World) -> None:
        self.world = world

    def all(self) -> list[MailboxEmail]:
        """Oldest first."""
        mine = select(MailboxEmail).where(MailboxEmail.tenant_id == self.world.tenant_id)
        with system_session(read_only=True) as session:
            return list(session.scalars(mine.order_by(MailboxEmail.created_at, MailboxEmail.id)))

    def to(self, address: str) -> list[MailboxEmail]:
        return [email for email in self.all() if email.recipient_norm == normalize_email(address)]

    def last(self, address: str | None = None) -> MailboxEmail:
        emails = self.to(address) if address else self.all()
        assert emails, f"no email arrived for {address or 'anybody'}"
        return emails[-1]


def paths(email: MailboxEmail, containing: str = "/") -> list[str]:
    """The addresses in the email's text, without the host, in order."""
    found = [urlsplit(link.rstrip(".,")) for link in LINK.findall(email.text)]
    return [part.path + (f"?{part.query}" if part.query else "") for part in found if containing in part.path]
