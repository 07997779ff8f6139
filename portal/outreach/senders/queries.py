"""Whom this workspace's emails come from, and through whose account at the provider."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Unavailable
from portal.outreach.senders import domain_ownership
from portal.outreach.senders.default_sender import default_sender
from portal.outreach.senders.dns_lookup import DnsQuery
from portal.outreach.senders.models import Sender
from portal.secrets import decrypt
from tenants.database import tenant
from tenants.models import Tenant


@dataclass(frozen=True)
class SenderIdentity:
    name: str
    address: str
    reply_to: str  # empty: answers go to `address`


def get_sender(session: Session) -> Sender | None:
    return session.scalar(select(Sender))


def lock_sender(session: Session) -> Sender | None:
    return session.scalar(select(Sender).with_for_update())


def pending_dns_query(session: Session) -> DnsQuery | None:
    sender = get_sender(session)
    return dns_query_of(sender) if sender and sender.has_own_domain else None


def dns_query_of(sender: Sender) -> DnsQuery:
    return DnsQuery(
        sender.domain, sender.dkim_selector, domain_ownership.ownership_token(sender.tenant_id, sender.domain)
    )


def sender_identity(session: Session) -> SenderIdentity:
    return identity_of(get_sender(session), tenant(session))


def identity_of(sender: Sender | None, workspace: Tenant) -> SenderIdentity:
    """Send in the workspace's name; from its own address only once that is authorized."""
    name = (sender and sender.name) or " ".join(workspace.name.split())
    if sender is None or not sender.address:
        return SenderIdentity(name, default_sender.address, sender.reply_to if sender else "")
    if is_authorized(sender):
        return SenderIdentity(name, sender.address, sender.reply_to)
    return SenderIdentity(name, default_sender.address, sender.reply_to or sender.address)


def is_authorized(sender: Sender) -> bool:
    """Tell whether the domain, or the SendGrid account it is, says that it is the workspace's own."""
    return domain_ownership.is_domain_proven(sender) or has_own_account(sender)


def has_own_account(sender: Sender) -> bool:
    return bool(sender.sendgrid_key) and has_readable_key(sender)


def provider_key(sender: Sender | None) -> str:
    """Return the workspace's own key, or ''. Raise Unavailable when DATA_KEY was changed since."""
    return decrypt(sender.sendgrid_key) if sender and sender.sendgrid_key else ""


def has_readable_key(sender: Sender | None) -> bool:
    return sender is None or is_readable_key(sender.sendgrid_key)


def is_readable_key(sealed_key: str) -> bool:
    try:
        return not sealed_key or bool(decrypt(sealed_key))
    except Unavailable:
        return False
