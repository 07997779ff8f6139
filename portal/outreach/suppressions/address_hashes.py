"""How a suppressed address is kept: the same address is found again, and nobody can read it from the row.

A new row carries the hash of the address's key. Older rows carry that of a spelling, and nobody can compute them anew
from a hash, so whoever looks for an address asks for all spellings it may stand there in.
"""

from collections.abc import Collection

from sqlalchemy.orm import Session

from portal.secrets import keyed_hash
from tenants.database import tenant_of
from tenants.email_addresses import normalize_email, spellings


def address_hash(session: Session, address: str) -> str:
    """Hash an address for this workspace alone: two cannot compare whom they do not write to."""
    return keyed_hash(str(tenant_of(session)), normalize_email(address))


def address_hashes(session: Session, address: str) -> list[str]:
    workspace = str(tenant_of(session))
    return [keyed_hash(workspace, spelling) for spelling in dict.fromkeys(spellings(address))]


def addresses_by_hash(session: Session, addresses: Collection[str]) -> dict[str, set[str]]:
    """Map each hash, today's or an older one, to the keys of the addresses it means; for very many at once."""
    workspace, found = str(tenant_of(session)), dict[str, set[str]]()
    for address in {*addresses}:
        norm, *older = spellings(address)
        keys = (norm, *older[:1])
        for spelling in dict.fromkeys((norm, *older)):
            found.setdefault(keyed_hash(workspace, spelling), set()).update(keys)
    return found
