"""Files say who is opted out, how their marks and letters are read, and what was seen in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import without_forced_wall

revision = "0024"
down_revision = "0023"
OUTCOMES = (
    *("created", "updated", "unchanged", "conflicting", "refused", "skipped", "left_out"),
    *("company_created", "company_updated", "kept"),
)
REASONS = ("bounced", "complained", "unsubscribed", "erased", "by_hand")
QUOTES = sa.Enum("", "literal", "cells", name="quotes", native_enum=False, create_constraint=True, length=40)
IN_FORCE = "a.lifted_at IS NULL AND b.lifted_at IS NULL"
SAID = "('unsubscribed', 'opted_out')"
LATER_TWINS = f"""
    DELETE FROM suppressions a USING suppressions b
    WHERE a.tenant_id = b.tenant_id AND a.address_hash = b.address_hash AND a.purpose = b.purpose AND {IN_FORCE}
    AND a.reason <> b.reason AND a.reason IN {SAID} AND b.reason IN {SAID}
    AND (a.created_at, a.id) > (b.created_at, b.id)"""
JSON = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    allow("import_rows", "outcome", *OUTCOMES, "suppressed")
    allow("import_results", "outcome", *OUTCOMES, "suppressed")
    allow("suppressions", "reason", *REASONS, "opted_out")
    add("imports", quotes=QUOTES, opt_outs=JSON, inspection=JSON, lifts_opt_outs=sa.Boolean())
    add("import_mappings", encoding=sa.Text(), quotes=QUOTES, opt_outs=JSON)
    op.add_column("suppressions", sa.Column("import_id", sa.Uuid()))
    op.create_foreign_key(
        op.f("fk_suppressions_tenant_id_import_id"),
        "suppressions",
        "imports",
        ["tenant_id", "import_id"],
        ["tenant_id", "id"],
    )


def allow(table: str, column: str, *values: str) -> None:
    """Which words may stand in this column."""
    listed = ", ".join(f"'{value}'" for value in values)
    op.drop_constraint(op.f(f"ck_{table}_{column}"), table)
    op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, f"{column} IN ({listed})")


def add(table: str, **columns: object) -> None:
    """Filled for the rows that are there; from then on the program says what a new one begins with."""
    starts = {JSON: "{}", QUOTES: ""}
    for name, kind in columns.items():
        start = starts.get(kind, "false" if isinstance(kind, sa.Boolean) else "")
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=start))  # type: ignore[arg-type]
        op.alter_column(table, name, server_default=None)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    with without_forced_wall("suppressions"):
        op.execute(LATER_TWINS)  # one word of one person; nobody who opted out is written to again
        op.execute("UPDATE suppressions SET reason = 'unsubscribed' WHERE reason = 'opted_out'")
    with without_forced_wall("import_results"):
        op.execute("DELETE FROM import_results WHERE outcome = 'suppressed'")
    op.drop_column("suppressions", "import_id")
    for name in ("encoding", "quotes", "opt_outs"):
        op.drop_column("import_mappings", name)
    for name in ("quotes", "opt_outs", "inspection", "lifts_opt_outs"):
        op.drop_column("imports", name)
    allow("suppressions", "reason", *REASONS)
    allow("import_results", "outcome", *OUTCOMES)
    allow("import_rows", "outcome", *OUTCOMES)
