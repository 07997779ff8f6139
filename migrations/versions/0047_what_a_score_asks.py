"""A survey says whether its score is that of NPS. On the way down others count in NPS, as before."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0040"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.add_column(
        "surveys", sa.Column("asks_to_recommend", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.alter_column("surveys", "asks_to_recommend", server_default=None)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_column("surveys", "asks_to_recommend")
