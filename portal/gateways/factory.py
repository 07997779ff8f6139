"""Which gateway emails leave by. A process opens each once and keeps it, with its connection."""

from functools import lru_cache

from portal.gateways.mail import MailGateway
from portal.gateways.mailbox import MailboxGateway
from portal.gateways.sendgrid import SendGridGateway
from portal.gateways.smtp import SmtpGateway
from portal.settings import Settings

MAX_OPEN = 64  # workspaces with a key of their own


@lru_cache
def installation_gateway(settings: Settings) -> MailGateway:
    if settings.mail_url.startswith("mailbox:"):
        return MailboxGateway()
    if settings.mail_url.startswith("sendgrid:"):
        return workspace_gateway(settings.sendgrid_api_key, settings.sendgrid_url)
    return SmtpGateway(settings.mail_url)


@lru_cache(maxsize=MAX_OPEN)
def workspace_gateway(api_key: str, url: str) -> MailGateway:
    return SendGridGateway(api_key, url)
