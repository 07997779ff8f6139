"""Names are found whatever their accents; people are listed by their last act from a column that is never empty.

`search_text` stays empty here: a job fills it in batches, as Python folds names (`portal/name_search.py`). For the
other column, which PostgreSQL computes, the table of people is written anew once.
"""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import platform_function, platform_functions
from tenants.wall import PLATFORM_ROLE

revision = "0047"
down_revision = "0046"
TABLES = ("accounts", "advocates", "deals", "reference_requests")
READ = dict.fromkeys(TABLES, "tenant_id, id, search_text") | {
    "advocates": "tenant_id, id, account_id, search_text"
}
# On the way down: what an erasure reads of people stays (0026).
READ_NO_MORE = dict.fromkeys(TABLES, "tenant_id, id") | {"advocates": "account_id"}
NEVER = "'1900-01-01 00:00:00+00'::timestamp with time zone"
# Of one or two letters there is too little to look anywhere in a name: they begin a word.
PATTERN = "CASE WHEN length($2) < 3 THEN '% ' || $2 || '%' ELSE '%' || $2 || '%' END"
# Twice: as it is, for the ordinary index, and as text, for the one over three letters (portal/name_search_indexes.py).
HERE = "{0}.tenant_id = (SELECT tenant FROM here) AND {0}.tenant_id::text = (SELECT tenant::text FROM here)"
FOUND = (
    "SELECT t.id FROM public.{0} t WHERE $1 = '{0}' AND "
    + HERE.format("t")
    + f" AND t.search_text LIKE {PATTERN}"
)
AT_FOUND_COMPANIES = f"""
    SELECT p.id FROM public.accounts a JOIN public.advocates p ON p.tenant_id = a.tenant_id AND p.account_id = a.id
    WHERE $1 = 'advocates' AND {HERE.format("a")} AND a.search_text LIKE {PATTERN}"""
FIND_NAMES = "WITH here AS MATERIALIZED (SELECT wall.tenant() AS tenant) " + " UNION ".join(
    (*(FOUND.format(table) for table in TABLES), AT_FOUND_COMPANIES)
)
UNFOLDED = " UNION ".join(
    f"SELECT tenant_id FROM public.{table} WHERE search_text IS NULL" for table in TABLES
)


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for table in TABLES:
        _add_search_text(table)
    last_act = sa.Computed(f"coalesce(last_act_at, {NEVER})", persisted=True)
    op.add_column(
        "advocates", sa.Column("last_act_sort", sa.DateTime(timezone=True), last_act, nullable=False)
    )
    op.create_index("ix_advocates_last_act", "advocates", ["tenant_id", "last_act_sort", "id"])
    platform_functions({"tenants_with_due_names()": UNFOLDED})
    op.execute(f"GRANT CREATE ON SCHEMA wall TO {PLATFORM_ROLE}")
    platform_function("find_names(text, text)", "SETOF uuid", FIND_NAMES)
    op.execute(f"REVOKE CREATE ON SCHEMA wall FROM {PLATFORM_ROLE}")


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.execute("DROP FUNCTION wall.find_names(text, text)")
    op.execute("DROP FUNCTION wall.tenants_with_due_names()")
    op.drop_column("advocates", "last_act_sort")
    for table in TABLES:
        op.execute(f"DROP POLICY platform_reads ON {table}")
        op.execute(f"REVOKE SELECT ({READ_NO_MORE[table]}) ON {table} FROM {PLATFORM_ROLE}")
        op.drop_column(table, "search_text")


def _add_search_text(table: str) -> None:
    """The platform role reads the folded names, not the rows they belong to."""
    op.add_column(table, sa.Column("search_text", sa.Text(collation="C")))
    op.create_index(f"ix_{table}_search_text", table, ["tenant_id", "search_text", "id"])
    op.create_index(
        f"ix_{table}_unfolded", table, ["tenant_id", "id"], postgresql_where=sa.text("search_text IS NULL")
    )
    op.execute(f"CREATE POLICY platform_reads ON {table} FOR SELECT TO {PLATFORM_ROLE} USING (true)")
    op.execute(f"GRANT SELECT ({READ[table]}) ON {table} TO {PLATFORM_ROLE}")
