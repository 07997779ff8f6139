"""Letters say by which account at the provider they left, and until when what they say is true.

News of one account's letters says nothing of another's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.add_column("letters", sa.Column("account", sa.Text(), nullable=False, server_default=""))
    op.alter_column("letters", "account", server_default=None)
    op.add_column("letters", sa.Column("valid_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_column("letters", "valid_until")
    op.drop_column("letters", "account")
