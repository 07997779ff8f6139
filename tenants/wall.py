"""The wall between tenants: row-level security that believes only a signed setting.

Under FORCE even the owner of a table is behind it. The setting holds `<tenant id>.<HMAC>`; the policy reads it
through `wall.tenant()`, which checks the signature with a key that only the owner of the database can read.
"""

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Connection, text

PLATFORM_ROLE = (
    "goodword_platform"  # NOLOGIN owner of the few functions that look across tenants; they return ids only
)
BLOCK = 64  # bytes; SHA-256 works on blocks of this size


@dataclass(frozen=True)
class TenantSigner:
    """Signs the tenant setting. The key is text of at least 32 characters."""

    key: str

    def signed_setting(self, tenant_id: UUID) -> str:
        return _setting(self.key, tenant_id)

    def padded_keys(self) -> tuple[bytes, bytes]:
        """Return the outer and inner keys of HMAC (RFC 2104), as `wall.key` stores them."""
        key = self.key.encode()
        key = (hashlib.sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
        return bytes(b ^ 0x5C for b in key), bytes(b ^ 0x36 for b in key)


@lru_cache(maxsize=10_000)
def _setting(key: str, tenant_id: UUID) -> str:
    signature = hmac.new(key.encode(), str(tenant_id).encode(), "sha256").hexdigest()
    return f"{tenant_id}.{signature}"


class WallIsDown(RuntimeError):
    """The serving role, the key or a table would let a tenant see another; the message names what is wrong."""


def check_wall(connection: Connection, seal: TenantSigner) -> None:
    """Refuse to serve with a role that could pass the wall, or with a key the database does not know."""
    if reason := connection.scalar(_ROLE_PROBLEM):
        raise WallIsDown(f"DATABASE_URL connects as a role that {reason}. Use the app role of the README.")
    check = UUID(int=0)
    connection.execute(
        text("SELECT set_config('app.tenant', :setting, true)"), {"setting": seal.signed_setting(check)}
    )
    if connection.scalar(text("SELECT wall.tenant()")) != check:
        raise WallIsDown(
            "WALL_KEY is not the key this database was set up with. Run `flask db upgrade` with it."
        )


class WrongDataKey(RuntimeError):
    """What was sealed and hashed in this database was so with another DATA_KEY."""


def check_data_key(connection: Connection, fingerprint: str) -> None:
    if not connection.scalar(text("SELECT wall.is_data_key(:it)"), {"it": fingerprint}):
        raise WrongDataKey(
            "DATA_KEY is not the key this database was set up with: addresses that are never written to would be "
            "written to again. Set the old one."
        )


_ROLE_PROBLEM = text("""
    SELECT CASE
        WHEN me.rolsuper THEN 'is a superuser'
        WHEN me.rolbypassrls THEN 'may bypass row-level security'
        WHEN EXISTS (SELECT FROM pg_roles other WHERE (other.rolsuper OR other.rolbypassrls)
                     AND pg_has_role(me.oid, other.oid, 'MEMBER')) THEN 'may become a role that passes the wall'
        WHEN me.rolcreaterole THEN 'may create roles'
        WHEN pg_has_role(me.oid, (SELECT oid FROM pg_roles WHERE rolname = 'goodword_platform'), 'MEMBER')
            THEN 'is a member of goodword_platform'
        WHEN EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE n.nspname IN ('public', 'wall') AND pg_has_role(me.oid, c.relowner, 'MEMBER'))
            THEN 'owns tables of Goodword'
        WHEN has_schema_privilege('public', 'CREATE') OR has_schema_privilege('wall', 'CREATE')
            OR has_database_privilege(current_database(), 'CREATE') THEN 'may create tables'
        WHEN EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE n.nspname = 'public' AND c.relkind = 'r' AND has_table_privilege(c.oid, 'TRUNCATE'))
            THEN 'may TRUNCATE'
        WHEN has_table_privilege('wall.key', 'SELECT') THEN 'may read the key of the wall'
    END FROM pg_roles me WHERE me.rolname = current_user""")
