"""Who may do what to tables, their columns and sequences: the app reads and writes rows, the platform role reads."""
# ruff: noqa: S608 - only our own names are put into questions; values are bound

from collections.abc import Iterator

from sqlalchemy import Connection

from tenants.database_roles import app_privileges
from tenants.inspection.catalog import APP_RELATION, ExpectedNames, query

ROWS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
# The only columns the platform role may change, through the wall.erase_… functions.
ERASED = frozenset(
    {
        ("public.consent_entries", "personal"),
        ("public.consent_entries", "salt"),
        ("public.history", "detail"),
        ("public.record_consents", "personal"),
        ("public.record_consents", "salt"),
    }
)


def faults(connection: Connection, names: ExpectedNames) -> Iterator[str]:
    for row in query(connection, GRANTS, owner=names.owner):
        what = f"{row.relation} ({row.column})" if row.column else row.relation
        if row.may_grant:
            yield f"{row.grantee} may pass on the right to {row.privilege} {what}."
        if not _is_meant(names, row.grantee, row.relation, row.column, row.privilege, row.kind):
            yield f"{row.grantee} may {row.privilege} {what}."


def _is_meant(
    names: ExpectedNames, grantee: str, relation: str, column: str | None, privilege: str, kind: str
) -> bool:
    schema, _, table = relation.partition(".")
    if schema != "public" or kind not in {"r", "p"}:
        return False
    if grantee == names.app:
        return column is None and privilege in app_privileges(table) & ROWS
    if grantee == names.platform:
        return privilege == "SELECT" or (privilege == "UPDATE" and (relation, column) in ERASED)
    return False


GRANTS = f"""
    SELECT g.relation, g.kind, g.column, g.privilege, g.may_grant,
        CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee) END::text AS grantee
    FROM (
        SELECT n.nspname || '.' || c.relname AS relation, c.relkind::text AS kind, NULL::text AS column,
            a.grantee, a.privilege_type AS privilege, a.is_grantable AND a.grantee <> c.relowner AS may_grant
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
        WHERE {APP_RELATION}
        UNION ALL
        SELECT n.nspname || '.' || c.relname, c.relkind::text, t.attname, a.grantee, a.privilege_type, a.is_grantable
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
        WHERE {APP_RELATION}
    ) g WHERE g.grantee = 0 OR pg_get_userbyid(g.grantee) <> :owner
    ORDER BY 1, 3, 6, 4"""
