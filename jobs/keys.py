"""Tries the SendGrid keys that workspaces kept. While SendGrid is asked no transaction is open."""

from collections.abc import Sequence
from uuid import UUID

from jobs.office import Office, office
from jobs.shift import Shift, round_robin
from portal.gateways.sendgrid import SendGridGateway
from portal.gateways.sendgrid_trial import Tried, try_key
from portal.outreach.senders import keys
from portal.outreach.senders.keys import Wish
from tenants.database import system_session, tenant_session
from tenants.queries import tenants_with_due

SECONDS = 5.0  # for the connection, and for the answer
TURN = 5.0  # seconds; messages wait behind this


def try_due(shift: Shift | None = None) -> int:
    return round_robin("keys", due, try_one, shift or Shift(TURN))


def due() -> Sequence[UUID]:
    with system_session(read_only=True) as session:
        return tenants_with_due(session, "keys")


def try_one(tenant_id: UUID) -> int:
    """Try this workspace's key; returns whether there was one to try."""
    at = office()
    with tenant_session(tenant_id, read_only=True) as session:
        wish = keys.wish(session)
    if wish is None:
        return 0
    tried = _tried(at, wish)
    with tenant_session(tenant_id) as session:
        keys.keep(session, wish, tried)
    return 1


def _tried(at: Office, wish: Wish) -> Tried | None:
    """Nothing leaves from where letters stay in the local mailbox, nor without a key that can be read."""
    if at.mail.name == "mailbox" or not wish.key:
        return None
    gateway = SendGridGateway(wish.key, at.sendgrid_url, connect=SECONDS, read=SECONDS)
    try:
        return try_key(gateway.call, wish.address)
    finally:
        gateway.close()
