"""Room for very many people at once: in their pages, in previews that a worker makes, and in what is due by the clock.

Pages of people keep room, so that a new version of a row, which each ask makes, stays beside the old one and no index
is written for it; pages that are full already fill up as they are. On the way down a preview that is not ready is
dropped: nothing was done with it.
"""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import platform_functions, without_forced_wall
from tenants.wall import PLATFORM_ROLE

revision = "0054"
down_revision = "0053"
ACTIONS = "bulk_actions"
FUNCTIONS = {
    "tenants_with_due_surveys()": """
        SELECT DISTINCT s.tenant_id FROM public.surveys s WHERE s.state = 'running'""",
}


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.execute("ALTER TABLE advocates SET (fillfactor = 85)")
    op.add_column(ACTIONS, sa.Column("gathered_to", sa.Uuid(), nullable=True))
    _checks("state IN ('gathering', 'prepared')", "gathering", "prepared", "running", "done")
    op.execute(f"CREATE POLICY platform_reads ON surveys FOR SELECT TO {PLATFORM_ROLE} USING (true)")
    op.execute(f"GRANT SELECT ON surveys TO {PLATFORM_ROLE}")
    platform_functions(FUNCTIONS)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION wall.{signature.partition('(')[0]}")
    op.execute(f"REVOKE SELECT ON surveys FROM {PLATFORM_ROLE}")
    op.execute("DROP POLICY platform_reads ON surveys")
    with without_forced_wall(ACTIONS), without_forced_wall("bulk_action_rows"):
        op.execute(f"DELETE FROM {ACTIONS} WHERE state = 'gathering'")
    _checks("state = 'prepared'", "prepared", "running", "done")
    op.drop_column(ACTIONS, "gathered_to")
    op.execute("ALTER TABLE advocates RESET (fillfactor)")


def _checks(not_started: str, *states: str) -> None:
    rules = {
        "bulkactionstate": "state IN (" + ", ".join(f"'{state}'" for state in states) + ")",
        "started_unless_prepared": f"({not_started}) = (started_at IS NULL)",
    }
    for name, rule in rules.items():
        op.drop_constraint(op.f(f"ck_{ACTIONS}_{name}"), ACTIONS, type_="check")
        op.create_check_constraint(op.f(f"ck_{ACTIONS}_{name}"), ACTIONS, rule)
