"""Whom this workspace's letters come from, and through whose account at the provider."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Unavailable
from portal.outreach.sender import sender as installation
from portal.outreach.senders.looking import Question
from portal.outreach.senders.models import Sender
from portal.secrets import opened
from tenants.database import tenant


@dataclass(frozen=True)
class FromWhom:
    name: str
    address: str
    reply_to: str  # empty: answers go to `address`


def sender(session: Session) -> Sender | None:
    """None until an admin has set something: everything then comes from the installation."""
    return session.scalar(select(Sender))


def locked(session: Session) -> Sender | None:
    """As `sender`, held until the end of the unit of work."""
    return session.scalar(select(Sender).with_for_update())


def question(session: Session) -> Question | None:
    """Whose records are to be looked at, if anybody's."""
    own = sender(session)
    return Question(own.domain, own.dkim_selector) if own and own.has_own_domain else None


def from_whom(session: Session) -> FromWhom:
    own = sender(session)
    name, address, reply_to = (own.name, own.address, own.reply_to) if own else ("", "", "")
    return FromWhom(name or " ".join(tenant(session).name.split()), address or installation.address, reply_to)


def own_key(session: Session) -> str:
    """The workspace's own provider key, or nothing. Raises Unavailable when DATA_KEY was changed since."""
    own = sender(session)
    return opened(own.sendgrid_key) if own and own.sendgrid_key else ""


def is_readable(own: Sender | None) -> bool:
    """Can the kept key still be opened? It can't when DATA_KEY was changed."""
    if own is None or not own.sendgrid_key:
        return True
    try:
        return bool(opened(own.sendgrid_key))
    except Unavailable:
        return False
