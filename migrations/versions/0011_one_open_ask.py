"""Nobody is asked twice for the same thing while the first ask is open."""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import without_forced_wall

revision = "0011"
down_revision = "0010"
OPEN = "state IN ('proposed', 'sent', 'accepted')"
# Of two open asks the one that got furthest stays, and of equals the older one.
TAKE_BACK_TWINS = f"""
    UPDATE asks SET state = 'withdrawn', ended_at = now(), version = version + 1,
        link_version = link_version + 1, reason = 'asked twice'
    WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM (
            SELECT tenant_id, id, row_number() OVER (
                PARTITION BY tenant_id, served_kind, served_id, advocate_id
                ORDER BY state = 'accepted' DESC, state = 'sent' DESC, id
            ) AS place FROM asks WHERE {OPEN}
        ) AS open_asks WHERE place > 1
    )"""


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    with without_forced_wall("asks"):
        op.execute(TAKE_BACK_TWINS)
    op.create_index(
        "ix_asks_one_open",
        "asks",
        ["tenant_id", "served_kind", "served_id", "advocate_id"],
        unique=True,
        postgresql_where=sa.text(OPEN),
    )


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_index("ix_asks_one_open", table_name="asks")
