"""Functions: the few that look across workspaces return ids; the one that names the workspace checks a signature."""
# ruff: noqa: S608 - only our own names are put into questions; values are bound

from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tenants.inspection.catalog import APP_FUNCTION, ExpectedNames, differences, query
from tenants.wall import TenantSigner

SEARCH_PATH = ["search_path=pg_catalog, pg_temp"]
IDS = ("uuid", "SETOF uuid")
PLAIN_TYPES = frozenset({"uuid", "timestamp with time zone", "date"})  # nothing that could carry SQL
NOW = "timestamp with time zone"
TENANT_SOURCE = """
    SELECT split_part(given.s, '.', 1)::uuid
    FROM (SELECT nullif(current_setting('app.tenant', true), '') AS s) given, wall.key
    WHERE given.s IS NOT NULL AND split_part(given.s, '.', 2) = encode(sha256(outer_key || sha256(
        inner_key || convert_to(split_part(given.s, '.', 1), 'UTF8'))), 'hex')"""
# Those that are not "ids from plain values, by the platform role": what is different about each, and why.
SPECIAL_FUNCTIONS: dict[str, dict[str, object]] = {
    "tenant": {"owner": "owner", "arguments": []},  # reads wall.key, which is the owner's alone
    "is_data_key": {"owner": "owner", "arguments": ["text"], "result": "boolean"},  # compares a fingerprint
    "measure_customers": {  # only the owner may ANALYZE
        "owner": "owner",
        "arguments": [],
        "result": "void",
        "language": "plpgsql",
        "volatility": "v",
    },
    "tenants_with_due_envelopes": {"arguments": [NOW, "text"]},  # the name of a queue
    "tenants_with_due_emails": {"arguments": [NOW, "text"]},
    "find_names": {"arguments": ["text", "text"]},  # a table, and a word: it is compared, never run
    "erase_consents": {"arguments": ["uuid"], "volatility": "v"},  # the only way to change these ledgers
    "erase_history": {"arguments": ["uuid"], "volatility": "v"},
    "erase_record_consents": {"arguments": ["uuid"], "volatility": "v"},
}
# What PostgreSQL makes with a range type: it builds a value from its arguments and reads nothing.
CONSTRUCTORS = ",".join(
    [*(f"range_constructor{n}" for n in (2, 3)), *(f"multirange_constructor{n}" for n in range(3))]
)
FAULT_TEXTS = {
    "kind": "is not a plain function",
    "definer": "runs as whoever calls it, not as its owner",
    "owner": "belongs to {owner}",
    "arguments": "takes {arguments}: only ids and days are plain enough",
    "result": "returns {result}: only ids may pass the wall",
    "language": "is written in {language}, where a text may become a command",
    "volatility": "may change rows",
    "settings": "does not say SET search_path = pg_catalog, pg_temp, so a temporary object can shadow what it uses",
    "leakproof": "is marked leakproof: it sees rows before the policies do",
}


def faults(connection: Connection, names: ExpectedNames) -> Iterator[str]:
    for row in query(connection, FUNCTIONS):
        function = row._asdict()
        yield from _faults_of(function, names)
        for grantee in set(row.callers) - {names.app, names.platform, row.owner}:
            yield f"{row.schema}.{row.name}() may be called by {grantee}."
    yield from _accepts_forged_settings(connection)


def _faults_of(function: Mapping[str, object], names: ExpectedNames) -> Iterator[str]:
    name = f"{function['schema']}.{function['name']}()"
    if function["schema"] != "wall":
        yield f"{name} is no function of the wall: in {function['schema']} there should be none."
    for fact in differences(function, _expected(function, names)):
        yield f"{name} {FAULT_TEXTS[fact].format(**function)}."
    if name == "wall.tenant()" and _normalized(str(function["source"])) != _normalized(TENANT_SOURCE):
        yield "wall.tenant() is not the function that checks the signature of a workspace."


def _expected(function: Mapping[str, object], names: ExpectedNames) -> Mapping[str, object]:
    given, result = function["arguments"], function["result"]
    rule: dict[str, object] = {
        "kind": "f",
        "definer": True,
        "owner": names.platform,
        "arguments": given if isinstance(given, list) and set(given) <= PLAIN_TYPES else ["ids or days"],
        "result": result if result in IDS else IDS,
        "language": "sql",
        "volatility": "s",
        "settings": SEARCH_PATH,
        "leakproof": False,
    }
    own = SPECIAL_FUNCTIONS.get(str(function["name"]), {}) if function["schema"] == "wall" else {}
    return rule | own | ({"owner": names.owner} if "owner" in own else {})


def _accepts_forged_settings(connection: Connection) -> Iterator[str]:
    """Tried, not only read: a setting that nobody signed must open nothing."""
    someone = UUID(int=0)
    forged = (
        f"{someone}",
        f"{someone}.",
        f"{someone}.{'0' * 64}",
        TenantSigner("x" * 40).signed_setting(someone),
    )
    if any(_is_accepted(connection, setting) for setting in forged):
        yield "wall.tenant() believes a setting that nobody signed: whoever names a workspace is in it."


def _is_accepted(connection: Connection, setting: str) -> bool:
    tried = connection.begin_nested()
    try:
        connection.execute(text("SELECT set_config('app.tenant', :setting, true)"), {"setting": setting})
        return connection.scalar(text("SELECT wall.tenant()")) is not None
    except DBAPIError:
        return False
    finally:
        tried.rollback()


def _normalized(source: str) -> str:
    return " ".join(source.split())


FUNCTIONS = f"""
    SELECT n.nspname AS schema, p.proname AS name, p.prokind::text AS kind, p.prosecdef AS definer,
        pg_get_userbyid(p.proowner)::text AS owner, pg_get_function_result(p.oid) AS result, l.lanname AS language,
        ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t) AS arguments,
        p.provolatile::text AS volatility, coalesce(p.proconfig, '{{}}') AS settings, p.proleakproof AS leakproof,
        p.prosrc AS source, ARRAY(SELECT CASE a.grantee WHEN 0 THEN 'everybody' ELSE pg_get_userbyid(a.grantee) END
            ::text FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a) AS callers
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
    WHERE {APP_FUNCTION} AND NOT (l.lanname = 'internal' AND p.prosrc = ANY ('{{{CONSTRUCTORS}}}'))
    ORDER BY 1, 2, p.oid"""
