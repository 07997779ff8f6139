"""Workspaces of tests that are over are deleted, many at a time: workers look through all that there are.

With the two thousand that a run makes, asking who has work took longer than the work.
"""

from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier

from portal.schema import metadata
from tests.world import World

AT_ONCE = 50
TABLES = [table.name for table in metadata.tables.values() if "tenant_id" in table.columns]
_ended: list[UUID] = []


def add(world: World) -> None:
    _ended.append(world.tenant_id)


def delete_some(superuser_url: str) -> None:
    """Past keys and triggers: nobody will look at any of these rows again."""
    if len(_ended) < AT_ONCE:
        return
    with psycopg.connect(superuser_url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        for name in TABLES:
            rows = SQL("DELETE FROM {} WHERE tenant_id = ANY(%s)").format(Identifier(name))
            connection.execute(rows, [_ended])
        connection.execute("DELETE FROM tenants WHERE id = ANY(%s)", [_ended])
    _ended.clear()
