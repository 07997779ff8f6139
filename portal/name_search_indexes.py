"""The index over every three letters of names, where the server has pg_trgm: `flask db upgrade` makes it.

A server without PostgreSQL's contrib modules, or an owner who may not create extensions, goes without: a search then
reads the names of its workspace one after the other, and finds the same.
"""

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

log = structlog.get_logger()
PREFIX = "trgm_"  # Alembic does not compare these: models can't say that an index is there only perhaps
SEARCHED = """
    SELECT table_name FROM information_schema.columns WHERE column_name = 'search_text' AND table_schema = 'public'"""
EXTENSIONS = ("pg_trgm", "btree_gin")  # the second, so that the index knows the workspace, too
# The workspace stands in it as text, so that no other query takes this index for its workspace's rows: it is no quick
# way to all of them, and the planner thinks it is.
CREATE = """
    CREATE INDEX IF NOT EXISTS {prefix}{table} ON {table} USING gin
    ((tenant_id::text) public.text_ops, search_text public.gin_trgm_ops)"""


def ensure_name_search_indexes(connection: Connection) -> bool:
    try:
        with connection.begin_nested():
            for extension in EXTENSIONS:
                connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA public"))
            for table in sorted(connection.scalars(text(SEARCHED))):
                connection.execute(text(CREATE.format(prefix=PREFIX, table=table)))
    except DBAPIError as refused:
        log.info("names are searched without an index", why=str(refused.orig).strip())
        return False
    return True
