"""What the three roles may by themselves, and whom they may become."""

from collections.abc import Iterator

from sqlalchemy import Connection

from tenants.inspection.catalog import ExpectedNames, query


def faults(connection: Connection, names: ExpectedNames) -> Iterator[str]:
    ours = [names.app, names.platform, names.owner]
    powers = {name: [] for name in ours} | {
        row.role: row.powers for row in query(connection, ROLES, ours=ours)
    }
    for role, held in powers.items():
        for power in held:
            if not _is_meant(names, role, power):
                yield f"The role {role} {power}."
    for row in query(connection, MEMBERS, ours=ours):
        if row.member != names.owner or row.role not in {names.platform, names.app}:
            yield f"The role {row.member} may act as {row.role}."


def _is_meant(names: ExpectedNames, role: str, power: str) -> bool:
    needed = {
        names.app: {"may log in"},
        names.owner: {"may log in", "may create roles", "may create databases"},
    }
    return power in needed.get(role, set())


ROLES = """
    SELECT rolname AS role, array_remove(ARRAY[
        CASE WHEN rolsuper THEN 'is a superuser' END,
        CASE WHEN rolbypassrls THEN 'may bypass row-level security' END,
        CASE WHEN rolreplication THEN 'may replicate the whole server' END,
        CASE WHEN rolcreaterole THEN 'may create roles' END,
        CASE WHEN rolcreatedb THEN 'may create databases' END,
        CASE WHEN rolcanlogin THEN 'may log in' END], NULL) AS powers
    FROM pg_roles WHERE rolname = ANY (:ours) ORDER BY 1"""
# Who may become one of the app's, the platform's or the owner's role, and what these may become. Superusers may anyway.
# Since PostgreSQL 16 whoever made a role is a member in name only, without these two options.
MEMBERS = """
    SELECT DISTINCT m.rolname AS member, r.rolname AS role
    FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
    WHERE NOT m.rolsuper AND (m.rolname = ANY (:ours) OR r.rolname = ANY (:ours))
        AND coalesce((to_jsonb(a) ->> 'set_option')::boolean OR (to_jsonb(a) ->> 'inherit_option')::boolean, true)
    ORDER BY 1, 2"""
