"""What an admin states in writing about answers that people gave when they joined.

On the way down the statements are lost: the release before has no place for them, and keeps their lines of history.
"""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import raise_wall

revision = "0050"
down_revision = "0049"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)
TABLE = "attribute_statements"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("attribute", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("stated_by_id", ID, nullable=True),
        sa.Column("stated_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(statement = '') = (stated_at IS NULL)", name=op.f(f"ck_{TABLE}_statement_has_a_time")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{TABLE}_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "stated_by_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f(f"fk_{TABLE}_tenant_id_stated_by_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("tenant_id", "attribute", name=op.f(f"uq_{TABLE}_tenant_id_attribute")),
    )
    raise_wall(TABLE)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_table(TABLE)
