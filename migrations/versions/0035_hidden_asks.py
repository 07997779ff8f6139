"""A person may hide an ask from the own list for a while; its reminder stops for that reason."""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import without_forced_wall

revision = "0035"
down_revision = "0034"
REASONS = ("answered", "withdrawn", "unsubscribed", "left", "limit", "by_hand")


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.add_column("asks", sa.Column("dismissed_at", sa.DateTime(timezone=True)))
    _allow(*REASONS, "dismissed")


def downgrade() -> None:
    """What was hidden is shown again; a reminder that stopped for it counts as withdrawn."""
    op.execute("SET lock_timeout = '5s'")
    with without_forced_wall("sequence_runs"):
        op.execute("UPDATE sequence_runs SET stop_reason = 'withdrawn' WHERE stop_reason = 'dismissed'")
    _allow(*REASONS)
    op.drop_column("asks", "dismissed_at")


def _allow(*reasons: str) -> None:
    listed = ", ".join(f"'{reason}'" for reason in reasons)
    op.drop_constraint(op.f("ck_sequence_runs_stopreason"), "sequence_runs", type_="check")
    op.create_check_constraint(
        op.f("ck_sequence_runs_stopreason"), "sequence_runs", f"stop_reason IN ({listed})"
    )
