"""How often something may be done. Counted in PostgreSQL, exactly, over any stretch of time that ends now."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from portal import secrets
from tenants.clock import utc_now
from tenants.models import RateLimit

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LONGEST_WINDOW = DAY  # no limit looks further back
IPV6_PREFIX = 64  # bits of an IPv6 address that one customer of a provider shares


@dataclass(frozen=True)
class RateRule:
    """So many within so long, and no two nearer to each other than `apart`; after the first `close`, than `later`."""

    kind: str
    most: int
    within: timedelta
    spacing: timedelta = timedelta(0)
    burst: int = 0
    spacing_after_burst: timedelta = timedelta(0)

    @property
    def longest_spacing(self) -> timedelta:
        return max(self.spacing, self.spacing_after_burst)

    def name(self, *whose: str) -> str:
        return f"{self.kind}:{secrets.keyed_hash('rate limit', self.kind, *whose)}"


def count_use(session: Session, limit: RateRule, *whose: str) -> bool:
    """Count one more use, if there is room; those who count at once wait for each other at the row."""
    now = utc_now()
    given = {
        "name": limit.name(*whose),
        "now": now,
        "since": now - limit.within,
        "latest": now - limit.spacing if limit.spacing else None,
        "latest_later": now - limit.longest_spacing if limit.longest_spacing else None,
        "close": limit.burst,
        "most": limit.most,
    }
    return session.scalar(_TAKE, given) is not None


def clear_spacing(session: Session, limit: RateRule, *whose: str) -> None:
    """Let the next use come at once; it counts all the same.

    Waits for nobody: whoever asks at this moment may hold the row, and wait for what the caller holds.
    """
    earlier = RateLimit.last_used_at - limit.longest_spacing
    its = select(RateLimit.name).where(RateLimit.name == limit.name(*whose)).with_for_update(skip_locked=True)
    session.execute(update(RateLimit).where(RateLimit.name.in_(its)).values(last_used_at=earlier))


def is_allowed(session: Session, limit: RateRule, *whose: str) -> bool:
    """Tell whether `count_use` has room; whoever asks the same waits until this transaction is over."""
    name = limit.name(*whose)
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
    used = session.scalar(select(RateLimit.used_at).where(RateLimit.name == name)) or []
    return sum(at > utc_now() - limit.within for at in used) < limit.most


def network(source: str) -> str:
    """Return the network; IPv6 hands every home billions of addresses, which count as one."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    if not isinstance(address, IPv6Address):
        return source
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ip_network((address, IPV6_PREFIX), strict=False))


_TAKE = text("""
    INSERT INTO rate_limits AS known (name, used_at, last_used_at)
    VALUES (:name, ARRAY[CAST(:now AS timestamptz)], CAST(:now AS timestamptz))
    ON CONFLICT (name) DO UPDATE SET
        used_at = ARRAY(SELECT at FROM unnest(known.used_at) at WHERE at > :since) || excluded.used_at,
        last_used_at = excluded.last_used_at
    WHERE (SELECT count(*) < :most AND coalesce(known.last_used_at <= CASE
            WHEN count(*) < :close THEN CAST(:latest AS timestamptz) ELSE CAST(:latest_later AS timestamptz) END, true)
        FROM unnest(known.used_at) at WHERE at > :since)
    RETURNING name
""")
