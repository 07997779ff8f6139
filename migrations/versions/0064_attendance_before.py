"""A line of an attendance file remembers what was known of its guest before, so that the file can be undone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0064"
down_revision = "0063"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    column = sa.Column("before", JSONB(), nullable=True)
    op.add_column("attendance_lines", column)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_column("attendance_lines", "before")
