"""Tables, their policies and their keys: every row belongs to one workspace, and every key says to which."""
# ruff: noqa: S608 - only our own names are put into questions; values are bound

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from tenants.inspection.catalog import APP_RELATION, KEY_TABLES, ExpectedNames, query

RANGE_OF_ONE_TENANT = (  # a range whose bounds begin with it
    r"^calendar\.(person_moments|account_days)\(\(?ROW\(tenant_id, "
)
ONE_TENANT = "(tenant_id = ( SELECT wall.tenant() AS tenant))"


def faults(connection: Connection, names: ExpectedNames) -> Iterator[str]:
    tables = query(connection, TABLES)
    walled = {row.table for row in tables if row.table not in KEY_TABLES and not names.is_global(row.table)}
    for row in tables:
        if row.owner != names.owner:
            yield f"{row.table} belongs to {row.owner}, not to {names.owner}."
        if row.table in walled:
            yield from _without_wall(row._asdict())
    for row in query(connection, POLICIES):
        if row.table in walled:
            yield from _wrong_policy(row._asdict(), names)
    yield from _keys_over_all(connection, names, walled)


def _keys_over_all(connection: Connection, names: ExpectedNames, walled: set[str]) -> Iterator[str]:
    for row in query(connection, KEYS_AND_INDEXES):
        if row.table in walled and row.first != "tenant_id":
            yield f"{row.index} on {row.table} compares rows of all workspaces: it does not begin with tenant_id."
    for row in query(connection, FOREIGN_KEYS, global_tables=list(names.global_tables)):
        if row.table in walled or row.other in walled:
            yield f"The foreign key {row.key} of {row.table} does not carry tenant_id: it can point over the wall."


def _without_wall(table: Mapping[str, object]) -> Iterator[str]:
    name = table["table"]
    if not table["secured"]:
        yield f"Row-level security of {name} is off: everybody sees every workspace's rows."
    if not table["forced"]:
        yield f"Row-level security of {name} is not forced: its owner passes the wall."
    if not table["has_policy"]:
        yield f"{name} has no policy one_tenant."
    if table["first_in_key"] != "tenant_id":
        yield f"The primary key of {name} does not begin with tenant_id."


def _wrong_policy(policy: Mapping[str, object], names: ExpectedNames) -> Iterator[str]:
    name = f"The policy {policy['policy']} on {policy['table']}"
    expected = _expected(names).get(str(policy["policy"]))
    if expected is None:
        yield f"{name} is not one of the wall's: it may open what one_tenant closes."
        return
    for fact, (value, problem) in expected.items():
        if policy[fact] != value:
            yield f"{name} {problem.format(policy[fact])}."


def _expected(names: ExpectedNames) -> dict[str, dict[str, tuple[object, str]]]:
    """For each policy the facts, and what to say when they are others."""
    every: dict[str, tuple[object, str]] = {
        "permissive": (True, "is restrictive: it opens nothing by itself"),
        "checked": (None, "checks new rows by {} instead of by what it shows"),
    }
    one_tenant: dict[str, tuple[object, str]] = {
        "command": ("*", "is not for all commands, only for {}"),
        "roles": (["PUBLIC"], "is not for every role, only for {}"),
        "shown": (ONE_TENANT, "shows {} instead of the rows of wall.tenant()"),
    }
    platform_reads: dict[str, tuple[object, str]] = {
        "command": ("r", "is for more than SELECT ({})"),
        "roles": ([names.platform], "is for {}, not for the platform role alone"),
        "shown": ("true", "shows {} instead of all rows"),
    }
    return {"one_tenant": every | one_tenant, "platform_reads": every | platform_reads}


TABLES = f"""
    SELECT n.nspname || '.' || c.relname AS table, c.relrowsecurity AS secured, c.relforcerowsecurity AS forced,
        pg_get_userbyid(c.relowner) AS owner,
        EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'one_tenant') AS has_policy,
        (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = c.oid AND i.indisprimary) AS first_in_key
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND {APP_RELATION} ORDER BY 1"""
POLICIES = f"""
    SELECT n.nspname || '.' || c.relname AS table, p.polname AS policy, p.polcmd::text AS command,
        p.polpermissive AS permissive, pg_get_expr(p.polqual, p.polrelid) AS shown,
        pg_get_expr(p.polwithcheck, p.polrelid) AS checked,
        ARRAY(SELECT CASE r WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r) END::text FROM unnest(p.polroles) r) AS roles
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {APP_RELATION} ORDER BY 1, 2"""
KEYS_AND_INDEXES = f"""
    SELECT n.nspname || '.' || c.relname AS table, x.relname AS index,
        coalesce(a.attname, CASE WHEN pg_get_expr(i.indexprs, i.indrelid) ~ '{RANGE_OF_ONE_TENANT}'
            THEN 'tenant_id' END) AS first
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class x ON x.oid = i.indexrelid
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE (i.indisunique OR i.indisexclusion) AND NOT i.indisprimary AND {APP_RELATION} ORDER BY 1, 2"""
FOREIGN_KEYS = f"""
    SELECT n.nspname || '.' || c.relname AS table, tn.nspname || '.' || t.relname AS other, k.conname AS key
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
    WHERE k.contype = 'f' AND t.relname <> ALL (:global_tables) AND {APP_RELATION} AND NOT EXISTS (
        SELECT FROM generate_subscripts(k.conkey, 1) i
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[i] AND a.attname = 'tenant_id'
        JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[i] AND b.attname = 'tenant_id')
    ORDER BY 1, 3"""
