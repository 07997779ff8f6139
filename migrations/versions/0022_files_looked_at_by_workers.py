"""Files are read by workers alone: what they saw of one and found out about its lines is kept with its import."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import platform_functions, without_forced_wall

revision = "0022"
down_revision = "0021"
BEFORE = ("uploaded", "queued", "staging", "merging", "done", "failed", "undoing", "undone")
AFTER = ("reading", "unreadable", "uploaded", "checking", *BEFORE[1:])
DUE_BEFORE = "state IN ('queued', 'staging', 'merging', 'undoing')"
DUE_AFTER = "state IN ('reading', 'checking', 'queued', 'staging', 'merging', 'undoing')"
DUE_FUNCTION = "tenants_with_due_imports(now timestamptz)"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.add_column("imports", sa.Column("sheet_id", sa.Uuid()))
    op.add_column("imports", sa.Column("sheet_size", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("imports", sa.Column("seen", postgresql.JSONB(), nullable=False, server_default="{}"))
    op.add_column("imports", sa.Column("checked", postgresql.JSONB()))
    for column in ("sheet_size", "seen"):
        op.alter_column("imports", column, server_default=None)
    op.create_foreign_key(
        "fk_imports_tenant_id_sheet_id",
        "imports",
        "stored_files",
        ["tenant_id", "sheet_id"],
        ["tenant_id", "id"],
    )
    _states(AFTER, DUE_AFTER)
    with without_forced_wall("imports"):  # a file that waits for somebody is looked at once more
        op.execute(
            "UPDATE imports SET state = 'reading', tries = 0 WHERE state = 'uploaded' AND file_id IS NOT NULL"
        )


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    with without_forced_wall("imports"):
        op.execute("UPDATE imports SET state = 'uploaded' WHERE state IN ('reading', 'checking')")
        op.execute("UPDATE imports SET state = 'failed' WHERE state = 'unreadable'")
    _states(BEFORE, DUE_BEFORE)
    op.drop_constraint("fk_imports_tenant_id_sheet_id", "imports")
    for column in ("checked", "seen", "sheet_size", "sheet_id"):
        op.drop_column("imports", column)


def _states(states: tuple[str, ...], due: str) -> None:
    """Which states there are, and in which of them a worker has something to do."""
    op.drop_constraint("ck_imports_state", "imports")
    op.create_check_constraint(op.f("ck_imports_state"), "imports", sa.column("state").in_(states))
    op.drop_index("ix_imports_due", "imports")
    op.create_index("ix_imports_due", "imports", ["tenant_id"], postgresql_where=due)
    op.execute(f"DROP FUNCTION wall.{DUE_FUNCTION.partition('(')[0]}")
    body = f"SELECT DISTINCT i.tenant_id FROM public.imports i WHERE i.{due} AND i.created_at <= $1"
    platform_functions({DUE_FUNCTION: body})
