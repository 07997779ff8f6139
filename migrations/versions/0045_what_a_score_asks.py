"""A survey says whether its score is that of NPS, and a long list of answers is made into a file by a worker.

On the way down files of answers are lost, and scores that asked something else count in NPS, as before.
"""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import without_forced_wall

revision = "0045"
down_revision = "0044"
KINDS = "'advocates', 'metric_rows', 'import_lines'"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.add_column(
        "surveys", sa.Column("asks_to_recommend", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.alter_column("surveys", "asks_to_recommend", server_default=None)
    _kinds_of_exports(f"{KINDS}, 'survey_answers'")


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    with without_forced_wall("exports"):
        op.execute("DELETE FROM exports WHERE kind = 'survey_answers'")
    _kinds_of_exports(KINDS)
    op.drop_column("surveys", "asks_to_recommend")


def _kinds_of_exports(kinds: str) -> None:
    op.drop_constraint(op.f("ck_exports_exportkind"), "exports", type_="check")
    op.create_check_constraint(op.f("ck_exports_exportkind"), "exports", f"kind IN ({kinds})")
