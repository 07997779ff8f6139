"""Due runs are looked up within their sequence: what waits in a paused one does not stand in the way."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_index("ix_sequence_runs_due", "sequence_runs")
    op.create_index(
        "ix_sequence_runs_due",
        "sequence_runs",
        ["tenant_id", "sequence_id", "next_at", "id"],
        postgresql_where="state = 'waiting'",
    )


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_index("ix_sequence_runs_due", "sequence_runs")
    op.create_index(
        "ix_sequence_runs_due",
        "sequence_runs",
        ["tenant_id", "next_at", "id"],
        postgresql_where="state = 'waiting'",
    )
