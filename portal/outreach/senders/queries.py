"""Whom letters of this workspace come from."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import secrets
from portal.outreach.sender import sender as installation
from portal.outreach.senders.models import Sender
from tenants.database import tenant


@dataclass(frozen=True)
class FromWhom:
    name: str
    address: str
    reply_to: str = ""


def sender(session: Session) -> Sender | None:
    return session.scalar(select(Sender))


def from_whom(session: Session) -> FromWhom:
    """What the workspace has not chosen comes from its name and from MAIL_FROM."""
    its, name = sender(session), " ".join(tenant(session).name.split())
    if its is None:
        return FromWhom(name, installation.address)
    return FromWhom(its.name or name, its.address or installation.address, its.reply_to)


def own_key(session: Session) -> str:
    """The workspace's own SendGrid key; empty when it has none."""
    its = sender(session)
    return secrets.opened(its.sendgrid_key) if its and its.sendgrid_key else ""
