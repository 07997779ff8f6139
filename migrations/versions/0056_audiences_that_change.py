"""A campaign keeps the audience that was seen, for how many people it was approved, and why it went no further.

What runs already was seen by nobody in this sense, and was approved for no number: a sample above the size that needs
approval asks for it once more. On the way down, one that waits because it grew is paused, so that nobody makes a draft
of it.
"""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import without_forced_wall

revision = "0056"
down_revision = "0055"
HALTS = ("audience_changed", "reviews", "grew")


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    halt = sa.Enum(*HALTS, name="halt", native_enum=False, create_constraint=True, length=40)
    op.add_column("campaigns", sa.Column("seen", sa.Text(), nullable=False, server_default=""))
    for name in ("size", "approved_size"):
        op.add_column("campaigns", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("campaigns", sa.Column("halt", halt, nullable=True))
    for name in ("seen", "size", "approved_size"):
        op.alter_column("campaigns", name, server_default=None)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    with without_forced_wall("campaigns"):
        op.execute(
            "UPDATE campaigns SET state = 'paused', paused_at = approval_asked_at "
            "WHERE state = 'waiting' AND halt = 'grew'"
        )
    for name in ("halt", "approved_size", "size", "seen"):
        op.drop_column("campaigns", name)
