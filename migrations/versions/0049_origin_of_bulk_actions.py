"""What is done with many people at once keeps what chose them: tags and lists inherit it.

Of those that were begun before nobody knows.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.add_column(
        "bulk_actions",
        sa.Column("origin", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")),
    )
    op.alter_column("bulk_actions", "origin", server_default=None)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_column("bulk_actions", "origin")
