"""Emails that a stranger can cause, to an address that may be anybody's: few a day, over all workspaces together."""

from uuid import UUID

from sqlalchemy.orm import Session

from portal.errors import Throttled
from portal.signin.rate_limits import DAY, HOUR, RateRule, count_use, network
from tenants.email_addresses import normalize_email

MAILBOX = RateRule("stranger mailbox", 6, DAY)
ADVOCATE = RateRule("advocate links", 6, DAY)
SOURCE = RateRule("stranger source", 300, HOUR)  # a fair's visitors share one network
DOTS_IGNORED = frozenset({"gmail.com", "googlemail.com"})


def count_email(session: Session, email: str, source: str) -> bool:
    """Count one more email there, if there is room; the page says the same.

    Raise Throttled for a network that floods.
    """
    require_source_allowance(session, source)
    return count_to_stranger(session, email)


def require_source_allowance(session: Session, source: str) -> None:
    if not count_use(session, SOURCE, network(source)):
        raise Throttled("Too many emails were requested from your network. Please try again in an hour.")


def count_to_stranger(session: Session, email: str) -> bool:
    return count_use(session, MAILBOX, mailbox_of(email))


def count_to_advocate(session: Session, tenant_id: UUID, email: str) -> bool:
    """Count apart for somebody in the program: what strangers do elsewhere does not use up their links."""
    return count_use(session, ADVOCATE, str(tenant_id), normalize_email(email))


def mailbox_of(email: str) -> str:
    """Return where it arrives, for counting alone: most providers deliver ada+shop@ to ada@."""
    local, _, domain = normalize_email(email).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in DOTS_IGNORED:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"
