"""Nobody has two calls at once, and replies to emails about a call reach its rep.

A call takes its person for its minutes and the pause after it. A range over (workspace, person, second) lets the
constraint use what every PostgreSQL brings; `btree_gist` would be an extension to install. Seconds, because adding to a
moment is not immutable. The types have a schema of their own, because a range type brings functions of its own.

Calls that overlapped before are kept: the later one is marked, and a manager reads it on the page of its request.
"""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import without_forced_wall

revision = "0027"
down_revision = "0026"
WHOSE = """
    UPDATE meetings m SET advocate_id = a.advocate_id
    FROM asks a WHERE (a.tenant_id, a.id) = (m.tenant_id, m.ask_id)"""
MARK = """
    UPDATE meetings later SET double_booked = true
    WHERE later.state = 'scheduled' AND EXISTS (
        SELECT FROM meetings earlier
        WHERE earlier.tenant_id = later.tenant_id AND earlier.advocate_id = later.advocate_id
            AND earlier.state = 'scheduled' AND earlier.id < later.id
            AND earlier.starts_at < later.starts_at + make_interval(mins => later.minutes)
            AND later.starts_at < earlier.starts_at + make_interval(mins => earlier.minutes))"""
MOMENT = "calendar.person_moment"
STARTS = "extract(epoch FROM starts_at - timestamptz '1970-01-01 00:00:00+00')"
TAKEN = f"""calendar.person_moments(
    ROW(tenant_id, advocate_id, {STARTS})::{MOMENT},
    ROW(tenant_id, advocate_id, {STARTS} + 60 * (minutes + pause_minutes))::{MOMENT})"""


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for table in ("letters", "sequence_runs"):
        op.add_column(table, sa.Column("reply_to", sa.Text(), nullable=False, server_default=""))
        op.alter_column(table, "reply_to", server_default=None)
    op.add_column("meetings", sa.Column("advocate_id", sa.Uuid()))
    op.add_column("meetings", sa.Column("pause_minutes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "meetings", sa.Column("double_booked", sa.Boolean(), nullable=False, server_default="false")
    )
    for column in ("pause_minutes", "double_booked"):
        op.alter_column("meetings", column, server_default=None)
    with without_forced_wall("meetings"), without_forced_wall("asks"), without_forced_wall("advocates"):
        op.execute(WHOSE)
        op.execute(MARK)
        _refer()
    _constrain()


def _refer() -> None:
    """While the wall is lifted: behind it the owner finds nobody, and every key would seem to lead nowhere."""
    op.alter_column("meetings", "advocate_id", nullable=False)
    columns = (["tenant_id", "advocate_id"], ["tenant_id", "id"])
    op.create_foreign_key(op.f("fk_meetings_tenant_id_advocate_id"), "meetings", "advocates", *columns)


def _constrain() -> None:
    op.create_check_constraint(
        op.f("ck_meetings_takes_time"), "meetings", "minutes > 0 AND pause_minutes >= 0"
    )
    op.create_index("ix_meetings_advocate", "meetings", ["tenant_id", "advocate_id", "state"])
    op.execute("CREATE SCHEMA calendar")
    op.execute(f"CREATE TYPE {MOMENT} AS (tenant_id uuid, advocate_id uuid, second numeric)")
    op.execute(f"CREATE TYPE calendar.person_moments AS RANGE (subtype = {MOMENT})")
    op.execute(
        "ALTER TABLE meetings ADD CONSTRAINT ex_meetings_one_at_a_time EXCLUDE USING gist "
        f"(({TAKEN}) WITH &&) WHERE (state = 'scheduled' AND NOT double_booked)"
    )


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_constraint("ex_meetings_one_at_a_time", "meetings", type_="unique")
    op.execute("DROP SCHEMA calendar CASCADE")
    op.drop_index("ix_meetings_advocate", table_name="meetings")
    op.drop_constraint(op.f("ck_meetings_takes_time"), "meetings", type_="check")
    for column in ("double_booked", "pause_minutes", "advocate_id"):
        op.drop_column("meetings", column)
    for table in ("sequence_runs", "letters"):
        op.drop_column(table, "reply_to")
