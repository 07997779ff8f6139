"""What a migration says when it makes a table that belongs to tenants, or must change rows of all of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from alembic import op

from tenants.wall import PLATFORM_ROLE


def raise_wall(table: str, *, platform_reads: bool = False) -> None:
    """Put a new table behind row-level security; even its owner is behind it.

    `(select wall.tenant())` makes the check an init-plan: once a query, not once a row.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY one_tenant ON {table} USING (tenant_id = (SELECT wall.tenant()))")
    if platform_reads:
        op.execute(f"CREATE POLICY platform_reads ON {table} FOR SELECT TO {PLATFORM_ROLE} USING (true)")
        op.execute(f"GRANT SELECT ON {table} TO {PLATFORM_ROLE}")


@contextmanager
def without_forced_wall(table: str) -> Iterator[None]:
    """Lift FORCE for the owner during a data migration over all tenants, and restore it in the same transaction."""
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    yield
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def platform_functions(functions: Mapping[str, str], *, volatility: str = "STABLE") -> None:
    """Functions that look across tenants, `name(arguments)` to query; each returns tenant ids.

    A VOLATILE one changes rows of the session's own tenant, in columns the platform role was granted for it.
    """
    op.execute(f"GRANT CREATE ON SCHEMA wall TO {PLATFORM_ROLE}")
    for signature, body in functions.items():
        platform_function(signature, "SETOF uuid", body, volatility)
    op.execute(f"REVOKE CREATE ON SCHEMA wall FROM {PLATFORM_ROLE}")


def platform_function(signature: str, returns: str, body: str, volatility: str = "STABLE") -> None:
    """Create a function that looks across tenants and returns ids; the platform role owns it, never the app's."""
    op.execute(
        f"CREATE FUNCTION wall.{signature} RETURNS {returns} LANGUAGE sql {volatility} SECURITY DEFINER "
        f"SET search_path = pg_catalog, pg_temp AS $$ {body} $$"
    )
    name = f"wall.{signature.partition('(')[0]}"
    op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
    op.execute(f"ALTER FUNCTION {name} OWNER TO {PLATFORM_ROLE}")
