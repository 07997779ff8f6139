"""A new address of a person waits for its link; an import's results say what was written, beside what was there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import raise_wall

revision = "0028"
down_revision = "0027"
OPEN = "confirmed_at IS NULL AND withdrawn_at IS NULL"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "address_changes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advocate_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_norm", sa.Text(), nullable=False),
        sa.Column("former", sa.Text(), nullable=False),
        sa.Column("former_norm", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("emails", sa.Integer(), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("first_link_version", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "advocate_id"],
            ["advocates.tenant_id", "advocates.id"],
            name=op.f("fk_address_changes_tenant_id_advocate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_address_changes_tenant_id_by_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_address_changes_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_address_changes")),
    )
    op.create_index("ix_address_changes_advocate", "address_changes", ["tenant_id", "advocate_id"])
    op.create_index("ix_address_changes_former", "address_changes", ["tenant_id", "former_norm"])
    op.create_index(
        "uq_address_changes_open",
        "address_changes",
        ["tenant_id", "advocate_id"],
        unique=True,
        postgresql_where=OPEN,
    )
    raise_wall("address_changes")
    op.add_column("import_results", sa.Column("after", postgresql.JSONB(astext_type=sa.Text())))


def downgrade() -> None:
    op.drop_column("import_results", "after")
    op.drop_table("address_changes")
