"""The outbox, the history, policies, files in pieces."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import platform_functions, raise_wall

revision = "0003"
down_revision = "0002"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)
FUNCTIONS = {
    "tenants_with_due_envelopes(now timestamptz, queue text)": """
        SELECT DISTINCT e.tenant_id FROM public.envelopes e
        WHERE e.handled_at IS NULL AND e.parked_at IS NULL AND e.queue = $2 AND e.due_at <= $1""",
}


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "envelopes",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("handled_at", MOMENT, nullable=True),
        sa.Column("parked_at", MOMENT, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_envelopes_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_envelopes")),
    )
    op.create_index(
        "ix_envelopes_due",
        "envelopes",
        ["tenant_id", "queue", "due_at", "id"],
        unique=False,
        postgresql_where="handled_at IS NULL",
    )
    op.create_table(
        "policies",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_policies_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_policies")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_policies_tenant_id_name")),
    )
    op.create_table(
        "stored_files",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_stored_files_size_not_negative")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_stored_files_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_stored_files")),
    )
    op.create_table(
        "file_pieces",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("file_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "octet_length(content) <= 1048576", name=op.f("ck_file_pieces_at_most_one_megabyte")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["stored_files.tenant_id", "stored_files.id"],
            name=op.f("fk_file_pieces_tenant_id_file_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_file_pieces_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_file_pieces")),
        sa.UniqueConstraint(
            "tenant_id", "file_id", "number", name=op.f("uq_file_pieces_tenant_id_file_id_number")
        ),
    )
    op.create_table(
        "history",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_history_tenant_id_by_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_history_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_history")),
    )
    op.create_index(
        "ix_history_subject", "history", ["tenant_id", "subject_kind", "subject_id", "id"], unique=False
    )
    op.create_index("ix_history_what", "history", ["tenant_id", "what", "id"], unique=False)

    raise_wall("envelopes", platform_reads=True)
    raise_wall("policies")
    raise_wall("stored_files")
    raise_wall("file_pieces")
    raise_wall("history")
    platform_functions(FUNCTIONS)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION wall.{signature.partition('(')[0]}")
    op.drop_table("history")
    op.drop_table("file_pieces")
    op.drop_table("stored_files")
    op.drop_table("policies")
    op.drop_table("envelopes")
