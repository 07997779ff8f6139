"""Files that workers make of long lists, in pieces, kept for a day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import platform_functions, raise_wall

revision = "0021"
down_revision = "0020"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)
FUNCTIONS = {
    "tenants_with_due_exports(now timestamptz)": """
        SELECT DISTINCT e.tenant_id FROM public.exports e
        WHERE e.state IN ('queued', 'running') AND e.asked_at <= $1""",
}


def word(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "exports",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", word("exportkind", "advocates", "metric_rows", "import_lines"), nullable=False),
        sa.Column("filters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column(
            "state",
            word("exportstate", "queued", "running", "ready", "failed", "expired"),
            nullable=False,
        ),
        sa.Column("lines_total", sa.Integer(), nullable=False),
        sa.Column("lines_done", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", word("exportfailure", "gave_up", "gone")),
        sa.Column("ready_at", MOMENT),
        sa.Column("expires_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_exports_tenant_id_by_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_exports_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_exports")),
    )
    op.create_index("ix_exports_by", "exports", ["tenant_id", "by_id", "asked_at", "id"])
    op.create_index(
        "ix_exports_due", "exports", ["tenant_id"], postgresql_where="state IN ('queued', 'running')"
    )
    op.create_table(
        "export_pieces",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("export_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "octet_length(content) <= 1048576", name=op.f("ck_export_pieces_at_most_one_megabyte")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "export_id"],
            ["exports.tenant_id", "exports.id"],
            name=op.f("fk_export_pieces_tenant_id_export_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_export_pieces_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_export_pieces")),
        sa.UniqueConstraint(
            "tenant_id", "export_id", "number", name=op.f("uq_export_pieces_tenant_id_export_id_number")
        ),
    )
    op.execute(
        "ALTER TABLE export_pieces ALTER content SET STORAGE EXTERNAL"
    )  # a day is too short to compress for
    raise_wall("exports", platform_reads=True)
    raise_wall("export_pieces")
    platform_functions(FUNCTIONS)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION wall.{signature.partition('(')[0]}")
    op.drop_table("export_pieces")
    op.drop_table("exports")
