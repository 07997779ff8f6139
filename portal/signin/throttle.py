"""At most so many letters that a stranger can cause, per address and per network; and so many wrong join codes."""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from portal.errors import Throttled
from tenants.clock import utc_now
from tenants.models import SignInRequest

PER_ADDRESS = 3
PER_SOURCE = 20
WRONG_CODES = 10
WRONG_CODE = "wrong_code"  # the kind under which they are counted: no letter went out
WINDOW = timedelta(hours=1)
SAME_HOME = 64  # bits of an IPv6 address that one customer of a provider shares


def throttle(session: Session, email_norm: str, source: str, kind: str = "sign_in") -> SignInRequest:
    """Count one more letter to this address from this source, or raise Throttled. Join letters count too."""
    source = network(source)
    _one_at_a_time(session, email_norm, source)
    if _recent(session, SignInRequest.email_norm == email_norm) >= PER_ADDRESS:
        raise Throttled(
            "Three letters went to this address within the last hour. Please use the newest one, "
            "or try again in an hour."
        )
    if _recent(session, SignInRequest.source == source, SignInRequest.kind != WRONG_CODE) >= PER_SOURCE:
        raise Throttled("Too many letters were asked for from your network. Please try again in an hour.")
    asked = SignInRequest(email_norm=email_norm, source=source, kind=kind)
    session.add(asked)
    session.flush()
    return asked


def refuse_guessing(session: Session, source: str) -> None:
    """Before a join code is compared: who typed too many wrong ones is told to wait, whatever this one is."""
    source = network(source)
    session.execute(_WAIT, {"number": 0, "name": source})
    if _recent(session, SignInRequest.source == source, SignInRequest.kind == WRONG_CODE) >= WRONG_CODES:
        raise Throttled("Too many wrong codes came from your network. Please try again in an hour.")


def count_wrong_code(session: Session, source: str) -> None:
    session.add(SignInRequest(email_norm="", source=network(source), kind=WRONG_CODE))


def network(source: str) -> str:
    """IPv6 hands every home billions of addresses, so those of one home count as one source."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    if not isinstance(address, IPv6Address):
        return source
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ip_network((address, SAME_HOME), strict=False))


_WAIT = text("SELECT pg_advisory_xact_lock(:number, hashtext(:name))")


def _one_at_a_time(session: Session, email_norm: str, source: str) -> None:
    """Whoever counts the same address or source waits; always in this order, so nobody waits in a circle."""
    for number, name in ((1, email_norm), (2, source)):
        session.execute(_WAIT, {"number": number, "name": name})


def _recent(session: Session, *which: ColumnElement[bool]) -> int:
    counted = select(func.count()).where(*which, SignInRequest.created_at > utc_now() - WINDOW)
    return session.scalar(counted) or 0
