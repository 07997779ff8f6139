"""How a suppressed address is kept: the same address is found again, and nobody can read it from the row."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from portal.secrets import hashed
from tenants.addresses import normal_email
from tenants.database import tenant_of


def address_hash(session: Session, address: str) -> str:
    """Of this workspace alone: two workspaces cannot compare whom they do not write to."""
    return hashed(str(tenant_of(session)), normal_email(address))


def by_hash(session: Session, addresses: Collection[str]) -> dict[str, str]:
    """Hash to normal address, for very many at once."""
    workspace = str(tenant_of(session))
    return {hashed(workspace, norm): norm for norm in {normal_email(address) for address in addresses}}
