"""Long lists are counted by a job: a row for each of them, and the workspaces where it is time to count again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import platform_functions, raise_wall
from tenants.wall import PLATFORM_ROLE

revision = "0048"
down_revision = "0047"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)
DUE = """
    SELECT t.id FROM public.tenants t LEFT JOIN public.list_summaries s ON s.tenant_id = t.id
    WHERE s.id IS NULL OR (s.due_at <= now AND (s.counted_at <= now - interval '1 hour' OR EXISTS (
        SELECT FROM public.history h WHERE h.tenant_id = t.id AND h.id > s.counted_through)))
    GROUP BY t.id"""


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "list_summaries",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.Column("choices", postgresql.JSONB(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.Column("counted_through", ID, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_list_summaries_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_list_summaries")),
        sa.UniqueConstraint("tenant_id", "list_name", name=op.f("uq_list_summaries_tenant_id_list_name")),
    )
    raise_wall("list_summaries", platform_reads=True)
    op.execute(f"CREATE POLICY platform_reads ON history FOR SELECT TO {PLATFORM_ROLE} USING (true)")
    platform_functions({"tenants_with_due_list_summaries(now timestamptz)": DUE})


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.execute("DROP FUNCTION wall.tenants_with_due_list_summaries(timestamptz)")
    op.execute("DROP POLICY platform_reads ON history")
    op.drop_table("list_summaries")
