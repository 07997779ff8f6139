"""Rights on schemas and the database, and rights that objects will have as soon as somebody makes them."""
# ruff: noqa: S608 - only our own names are put into questions; values are bound

from collections.abc import Iterator

from sqlalchemy import Connection

from tenants.inspection.catalog import APP_SCHEMA, ExpectedNames, query

OWNERS_OF_A_DATABASE = "pg_database_owner"  # PostgreSQL's own name for them; the schema public is theirs


def faults(connection: Connection, names: ExpectedNames) -> Iterator[str]:
    trusted = {names.owner, OWNERS_OF_A_DATABASE}
    for row in query(connection, SCHEMAS):
        users = {names.app, names.platform} if row.schema in {"public", "wall"} else set()
        if row.grantee not in trusted and not (row.grantee in users and row.privilege == "USAGE"):
            yield f"{row.grantee} may {row.privilege} the schema {row.schema}."
    for row in query(connection, DATABASE):
        least = {"CONNECT"} if row.grantee != "PUBLIC" else set()
        meant = {"CONNECT", "TEMPORARY"} if row.grantee == names.app else least
        if row.grantee not in trusted and row.privilege not in meant:
            yield f"{row.grantee} may {row.privilege} the database."
    for row in query(connection, IN_FUTURE):
        yield f"{row.grantee} may {row.privilege} whatever {row.maker} makes in future (default privileges)."
    for row in query(connection, PARAMETERS, roles=[names.app, names.platform, "PUBLIC"]):
        yield f"{row.grantee} may {row.privilege} the server's parameter {row.parameter}."


_GRANTEE = "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END::text AS grantee"
_NO_SUPERUSER = "NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = a.grantee AND r.rolsuper)"
SCHEMAS = f"""
    SELECT n.nspname AS schema, a.privilege_type AS privilege, {_GRANTEE}
    FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
    WHERE {APP_SCHEMA} AND {_NO_SUPERUSER} ORDER BY 1, 3, 2"""
DATABASE = f"""
    SELECT a.privilege_type AS privilege, {_GRANTEE}
    FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
    WHERE d.datname = current_database() AND a.grantee <> d.datdba AND {_NO_SUPERUSER} ORDER BY 2, 1"""
IN_FUTURE = f"""
    SELECT DISTINCT pg_get_userbyid(d.defaclrole)::text AS maker, a.privilege_type AS privilege, {_GRANTEE}
    FROM pg_default_acl d, aclexplode(d.defaclacl) a WHERE a.grantee <> d.defaclrole ORDER BY 1, 3, 2"""
PARAMETERS = f"""
    SELECT * FROM (SELECT p.parname AS parameter, a.privilege_type AS privilege, {_GRANTEE}
        FROM pg_parameter_acl p, aclexplode(p.paracl) a) granted
    WHERE grantee = ANY (:roles) ORDER BY 1, 3, 2"""
