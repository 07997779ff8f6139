"""Files that came in and what their rows became."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import platform_functions, raise_wall

revision = "0010"
down_revision = "0009"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)
FUNCTIONS = {
    "tenants_with_due_imports(now timestamptz)": """
        SELECT DISTINCT i.tenant_id FROM public.imports i
        WHERE i.state IN ('queued', 'staging', 'merging', 'undoing') AND i.created_at <= $1""",
}


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "import_results",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("import_id", ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "created",
                "updated",
                "unchanged",
                "conflicting",
                "refused",
                "skipped",
                "left_out",
                "company_created",
                "company_updated",
                "kept",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "target",
            sa.Enum(
                "accounts",
                "advocates",
                "deals",
                name="target",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("target_id", ID, nullable=True),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("version_after", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_import_results")),
    )
    op.create_index(
        "ix_import_results_outcome",
        "import_results",
        ["tenant_id", "import_id", "outcome", "line"],
        unique=False,
    )
    op.create_table(
        "import_rows",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("import_id", ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("cells", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "created",
                "updated",
                "unchanged",
                "conflicting",
                "refused",
                "skipped",
                "left_out",
                "company_created",
                "company_updated",
                "kept",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("left_out", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("line > 0", name=op.f("ck_import_rows_line_positive")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_import_rows")),
        sa.UniqueConstraint(
            "tenant_id", "import_id", "line", name=op.f("uq_import_rows_tenant_id_import_id_line")
        ),
    )
    op.create_index(
        "ix_import_rows_odd",
        "import_rows",
        ["tenant_id", "import_id"],
        unique=False,
        postgresql_where="outcome IS NOT NULL OR left_out IS NOT NULL",
    )
    op.create_table(
        "import_mappings",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "accounts",
                "people",
                "deals",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("header_norm", sa.Text(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("date_format", sa.Text(), nullable=False),
        sa.Column("decimal_mark", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_import_mappings_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_import_mappings")),
        sa.UniqueConstraint(
            "tenant_id", "kind", "header_norm", name=op.f("uq_import_mappings_tenant_id_kind_header_norm")
        ),
    )
    op.create_table(
        "imports",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "accounts",
                "people",
                "deals",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
                "queued",
                "staging",
                "merging",
                "done",
                "failed",
                "undoing",
                "undone",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("file_id", ID, nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("encoding", sa.Text(), nullable=False),
        sa.Column("delimiter", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("sheets", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("header_line", sa.Integer(), nullable=False),
        sa.Column("header", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("date_format", sa.Text(), nullable=False),
        sa.Column("decimal_mark", sa.Text(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_staged", sa.Integer(), nullable=False),
        sa.Column("line_staged", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("cleared_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_imports_tenant_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["stored_files.tenant_id", "stored_files.id"],
            name=op.f("fk_imports_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_imports_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_created", "imports", ["tenant_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_imports_due",
        "imports",
        ["tenant_id"],
        unique=False,
        postgresql_where="state IN ('queued', 'staging', 'merging', 'undoing')",
    )

    raise_wall("import_results")
    raise_wall("import_rows")
    raise_wall("import_mappings")
    raise_wall("imports", platform_reads=True)
    platform_functions(FUNCTIONS)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION wall.{signature.partition('(')[0]}")
    op.drop_table("imports")
    op.drop_table("import_mappings")
    op.drop_table("import_rows")
    op.drop_table("import_results")
