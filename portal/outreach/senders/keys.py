"""A workspace's key for SendGrid is tried by a worker when it is kept, and by the hour until it works."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.errors import Conflict
from portal.gateways.bell import Worker
from portal.gateways.sendgrid_trial import Trial, Tried
from portal.outreach.senders import queries
from portal.outreach.senders.models import Sender
from tenants.clock import utc_now
from tenants.database import ring_after_commit, tenant

AGAIN = timedelta(minutes=50)  # by the hour, while SendGrid has not said yes


@dataclass(frozen=True)
class Wish:
    """A key to try, for letters from this address. `sealed`: as it is kept; `key`: empty when it can't be read."""

    sealed: str
    key: str
    address: str


def wish(session: Session) -> Wish | None:
    own = queries.sender(session)
    if own is None or not own.is_key_being_tried:
        return None
    key = queries.own_key(own) if queries.is_readable(own) else ""
    return Wish(own.sendgrid_key, key, queries.whom(own, tenant(session)).address)


def keep(session: Session, wish: Wish, tried: Tried | None) -> None:
    """None: it was not tried. Unless the key or the address was changed meanwhile: then that one has its own turn."""
    own = queries.locked(session)
    if own is None or (own.sendgrid_key, queries.whom(own, tenant(session)).address) != (
        wish.sealed,
        wish.address,
    ):
        return
    found = {"key_trial": tried.trial, "key_said": tried.said} if tried else {"key_trial": None}
    _beside(session, key_tried_at=max(utc_now(), own.key_asked_at or utc_now()), **found)


def ask(session: Session) -> None:
    """Noted here, done by a worker: SendGrid may be slow."""
    own = queries.locked(session)
    if own is None or not own.sendgrid_key:
        raise Conflict("There is no key to try any more. Please enter one.")
    if not own.is_key_being_tried:
        _beside(session, key_asked_at=utc_now())
    ring_after_commit(session, Worker.EVENTS)


def ask_anew(session: Session) -> None:
    """What SendGrid refused may have been put right there, and a SendGrid that was away comes back."""
    own = queries.sender(session)
    is_open = own and own.key_trial in {Trial.REFUSED, Trial.UNHEARD} and not own.is_key_being_tried
    if own and is_open and own.key_tried_at and own.key_tried_at <= utc_now() - AGAIN:
        _beside(session, key_asked_at=utc_now())
        ring_after_commit(session, Worker.EVENTS)


def begin(session: Session, own: Sender) -> None:
    """For a key, or an address, that was set in this unit of work."""
    own.key_asked_at, own.key_tried_at = (utc_now() if own.sendgrid_key else None), None
    own.key_trial, own.key_said = None, ""
    if own.sendgrid_key:
        ring_after_commit(session, Worker.EVENTS)


def _beside(session: Session, **values: object) -> None:
    """Written past the version: a trial is no reason to refuse an admin's open page."""
    session.execute(update(Sender).values(**values))
