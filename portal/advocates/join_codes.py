"""Guessing at a join code: so many wrong ones from one network, in one workspace. Other workspaces are not touched."""

from sqlalchemy.orm import Session

from portal.errors import Throttled
from portal.signin.rate_limits import HOUR, Limit, has_room, network, take
from tenants.database import tenant_of

WRONG = Limit(
    "wrong join code", 30, HOUR
)  # a room full of people shares one network, and some of them mistype


def refuse_guessing(session: Session, source: str) -> None:
    """Before a code is compared: who typed too many wrong ones is told to wait, whatever this one is."""
    if not has_room(session, WRONG, str(tenant_of(session)), network(source)):
        raise Throttled("Too many wrong codes came from your network. Please try again in an hour.")


def count_wrong(session: Session, source: str) -> None:
    take(session, WRONG, str(tenant_of(session)), network(source))
