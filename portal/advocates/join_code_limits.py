"""Guessing at a join code: so many wrong ones from one network, in one workspace. Other workspaces are not touched."""

from sqlalchemy.orm import Session

from portal.errors import Throttled
from portal.signin.rate_limits import HOUR, RateRule, count_use, is_allowed, network
from tenants.database import tenant_of

WRONG_CODES = RateRule(
    "wrong join code", 30, HOUR
)  # a room full of people shares one network, and some of them mistype


def check_attempts(session: Session, network_address: str) -> None:
    """Refuse whoever typed too many wrong codes, before this one is compared."""
    if not is_allowed(session, WRONG_CODES, str(tenant_of(session)), network(network_address)):
        raise Throttled("Too many wrong codes came from your network. Please try again in an hour.")


def count_wrong_code(session: Session, network_address: str) -> None:
    count_use(session, WRONG_CODES, str(tenant_of(session)), network(network_address))
