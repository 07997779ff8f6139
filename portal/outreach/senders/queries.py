"""Whom this workspace's letters come from, and through whose account at the provider."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Unavailable
from portal.outreach.sender import sender as installation
from portal.outreach.senders import proof
from portal.outreach.senders.looking import Question
from portal.outreach.senders.models import Sender
from portal.secrets import opened
from tenants.database import tenant
from tenants.models import Tenant


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
    return question_of(own) if own and own.has_own_domain else None


def question_of(own: Sender) -> Question:
    return Question(own.domain, own.dkim_selector, proof.token(own.tenant_id, own.domain))


def from_whom(session: Session) -> FromWhom:
    return whom(sender(session), tenant(session))


def whom(own: Sender | None, workspace: Tenant) -> FromWhom:
    """In the name of the workspace; from its own address only while somebody vouches that it may use it."""
    name = (own and own.name) or " ".join(workspace.name.split())
    if own is None or not own.address:
        return FromWhom(name, installation.address, own.reply_to if own else "")
    if is_vouched_for(own):
        return FromWhom(name, own.address, own.reply_to)
    return FromWhom(name, installation.address, own.reply_to or own.address)


def is_vouched_for(own: Sender) -> bool:
    """Its domain says that it is the workspace's own, or SendGrid does, whose account it is."""
    return proof.is_proven(own) or has_account(own)


def has_account(own: Sender) -> bool:
    """An account of its own at the provider, by a key that can be used."""
    return bool(own.sendgrid_key) and is_readable(own)


def own_key(own: Sender | None) -> str:
    """The workspace's own provider key, or nothing. Raises Unavailable when DATA_KEY was changed since."""
    return opened(own.sendgrid_key) if own and own.sendgrid_key else ""


def is_readable(own: Sender | None) -> bool:
    """Can the kept key still be opened? It can't when DATA_KEY was changed."""
    return own is None or can_be_read(own.sendgrid_key)


def can_be_read(sealed: str) -> bool:
    """Where there is no key, nothing bars the way."""
    try:
        return not sealed or bool(opened(sealed))
    except Unavailable:
        return False
