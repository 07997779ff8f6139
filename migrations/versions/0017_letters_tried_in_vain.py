"""Letters say since when the mail server turns them away; the oldest such stands at the head of an index.

Only a letter that was turned away is in the index: what is taken at the first try never touches it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.add_column("letters", sa.Column("turned_away_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_letters_tried_in_vain",
        "letters",
        ["tenant_id", "turned_away_at"],
        postgresql_where="state = 'queued' AND turned_away_at IS NOT NULL",
    )


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_index("ix_letters_tried_in_vain", "letters")
    op.drop_column("letters", "turned_away_at")
