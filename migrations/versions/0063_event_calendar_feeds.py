"""Calendar feeds of events: one row for each person who made one; raising its version revokes the address."""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import raise_wall

revision = "0063"
down_revision = "0061"
TABLE = "event_calendar_feeds"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advocate_id", sa.Uuid(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{TABLE}_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "advocate_id"],
            ["advocates.tenant_id", "advocates.id"],
            name=op.f(f"fk_{TABLE}_tenant_id_advocate_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("tenant_id", "advocate_id", name=op.f(f"uq_{TABLE}_tenant_id_advocate_id")),
    )
    raise_wall(TABLE)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_table(TABLE)
