"""What shows or copies rows past the policies of their table, in any schema."""
# ruff: noqa: S608 - only our own names are put into questions; values are bound

from collections.abc import Iterator

from sqlalchemy import Connection

from tenants.inspection.catalog import APP_RELATION, ExpectedNames, query


def faults(connection: Connection, names: ExpectedNames) -> Iterator[str]:
    for row in query(connection, SHOWN):
        yield f"{row.name} {row.problem}."
    for row in query(connection, ACTING):
        yield f"The {row.kind} {row.name} acts on {row.table}: it could copy rows past the wall."
    for row in query(connection, "SELECT evtname AS name FROM pg_event_trigger ORDER BY 1"):
        yield f"The event trigger {row.name} acts on the whole database."


SHOWN = f"""
    SELECT n.nspname || '.' || c.relname AS name, CASE c.relkind
        WHEN 'v' THEN 'is a view without security_invoker: it shows what its owner sees'
        WHEN 'm' THEN 'is a materialized view: it keeps rows of all workspaces without a policy'
        WHEN 'f' THEN 'is a foreign table: no policy guards what it reads' END AS problem
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {APP_RELATION} AND (c.relkind IN ('m', 'f')
        OR c.relkind = 'v' AND NOT 'security_invoker=true' = ANY (coalesce(c.reloptions, '{{}}')))
    ORDER BY 1"""
ACTING = f"""
    SELECT 'trigger' AS kind, t.tgname AS name, n.nspname || '.' || c.relname AS table
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND {APP_RELATION}
    UNION ALL SELECT 'rule', r.rulename, n.nspname || '.' || c.relname
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE r.rulename <> '_RETURN' AND {APP_RELATION} ORDER BY 1, 3, 2"""
