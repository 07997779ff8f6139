"""Which gateway MAIL_URL names. A process opens it once and keeps it."""

from functools import lru_cache

from portal.gateways.mail import MailGateway
from portal.gateways.mailbox import MailboxGateway
from portal.gateways.smtp import SmtpGateway


@lru_cache
def gateway(mail_url: str) -> MailGateway:
    return MailboxGateway() if mail_url.startswith("mailbox:") else SmtpGateway(mail_url)
