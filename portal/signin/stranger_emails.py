"""Emails that a stranger can cause, to an address that may be anybody's: few a day, over all workspaces together."""

from uuid import UUID

from sqlalchemy.orm import Session

from portal.errors import Throttled
from portal.signin.rate_limits import DAY, HOUR, Limit, network, take
from tenants.addresses import normal_email

MAILBOX = Limit("stranger mailbox", 6, DAY)
ADVOCATE = Limit("advocate links", 6, DAY)
SOURCE = Limit("stranger source", 300, HOUR)  # a fair's visitors share one network
DOTS_MEAN_NOTHING = frozenset({"gmail.com", "googlemail.com"})


def may_send(session: Session, email: str, source: str) -> bool:
    """May one more email go there? The page says the same either way. Raises Throttled for a network that floods."""
    insist_on_room(session, source)
    return count_for_stranger(session, email)


def insist_on_room(session: Session, source: str) -> None:
    if not take(session, SOURCE, network(source)):
        raise Throttled("Too many emails were asked for from your network. Please try again in an hour.")


def count_for_stranger(session: Session, email: str) -> bool:
    return take(session, MAILBOX, mailbox_of(email))


def count_for_advocate(session: Session, tenant_id: UUID, email: str) -> bool:
    """Somebody who is in the program: what strangers do elsewhere does not use up their links here."""
    return take(session, ADVOCATE, str(tenant_id), normal_email(email))


def mailbox_of(email: str) -> str:
    """Where it arrives: most providers deliver ada+shop@ to ada@. For counting alone, never for who somebody is."""
    local, _, domain = normal_email(email).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in DOTS_MEAN_NOTHING:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"
