"""Whoever is on the way through a sequence gets its letters in the language they were put on the way in."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.add_column("sequence_runs", sa.Column("locale", sa.Text(), nullable=False, server_default="en"))
    op.alter_column("sequence_runs", "locale", server_default=None)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_column("sequence_runs", "locale")
