"""A workspace's key for SendGrid is tried by a worker when it is kept, and by the hour until it works."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.errors import Conflict
from portal.gateways.queue import WorkQueue
from portal.gateways.sendgrid_key_check import KeyCheckResult, KeyResult
from portal.outreach.senders import queries
from portal.outreach.senders.models import Sender
from tenants.clock import utc_now
from tenants.database import tenant, wake_after_commit

KEY_RECHECK = timedelta(minutes=50)  # by the hour, while SendGrid has not said yes


@dataclass(frozen=True)
class KeyCheck:
    """A key to try, for emails from this address. `sealed`: as it is kept; `key`: empty when it can't be read."""

    sealed_key: str
    key: str
    address: str


def pending_key_check(session: Session) -> KeyCheck | None:
    sender = queries.get_sender(session)
    if sender is None or not sender.is_key_being_checked:
        return None
    key = queries.provider_key(sender) if queries.has_readable_key(sender) else ""
    return KeyCheck(sender.sendgrid_key, key, queries.identity_of(sender, tenant(session)).address)


def save_key_check(session: Session, check: KeyCheck, result: KeyCheckResult | None) -> None:
    """Keep the result (None: not tried), unless the key or the address was changed meanwhile."""
    sender = queries.lock_sender(session)
    if sender is None or (sender.sendgrid_key, queries.identity_of(sender, tenant(session)).address) != (
        check.sealed_key,
        check.address,
    ):
        return
    found = {"key_result": result.result, "key_message": result.message} if result else {"key_result": None}
    _update_unversioned_key(
        session, key_checked_at=max(utc_now(), sender.key_check_requested_at or utc_now()), **found
    )


def request_key_check(session: Session) -> None:
    sender = queries.lock_sender(session)
    if sender is None or not sender.sendgrid_key:
        raise Conflict("There’s no key to check. Please enter one.")
    if not sender.is_key_being_checked:
        _update_unversioned_key(session, key_check_requested_at=utc_now())
    wake_after_commit(session, WorkQueue.MESSAGES)


def request_key_recheck(session: Session) -> None:
    sender = queries.get_sender(session)
    is_open = (
        sender
        and sender.key_result in {KeyResult.REFUSED, KeyResult.NO_ANSWER}
        and not sender.is_key_being_checked
    )
    if sender and is_open and sender.key_checked_at and sender.key_checked_at <= utc_now() - KEY_RECHECK:
        _update_unversioned_key(session, key_check_requested_at=utc_now())
        wake_after_commit(session, WorkQueue.MESSAGES)


def reset_key_check(session: Session, sender: Sender) -> None:
    sender.key_check_requested_at, sender.key_checked_at = (utc_now() if sender.sendgrid_key else None), None
    sender.key_result, sender.key_message = None, ""
    if sender.sendgrid_key:
        wake_after_commit(session, WorkQueue.MESSAGES)


def _update_unversioned_key(session: Session, **values: object) -> None:
    """Write without raising the version: a check is no reason to refuse an admin's open page."""
    session.execute(update(Sender).values(**values))
