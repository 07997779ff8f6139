"""Meetings, the times offered, what both sides said."""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import platform_functions, raise_wall

revision = "0009"
down_revision = "0008"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)
FUNCTIONS = {
    "tenants_with_due_meetings(now timestamptz)": """
        SELECT DISTINCT m.tenant_id FROM public.meetings m WHERE m.state = 'scheduled' AND m.starts_at <= $1""",
}


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "meetings",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("ask_id", ID, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "scheduled",
                "held",
                "moved",
                "not_held",
                "cancelled",
                name="meetingstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("dial_in", sa.Text(), nullable=False),
        sa.Column("prospect_name", sa.Text(), nullable=False),
        sa.Column("prospect_email", sa.Text(), nullable=False),
        sa.Column("prospect_time_zone", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("asked_after_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state IN ('offered', 'cancelled') OR starts_at IS NOT NULL",
            name=op.f("ck_meetings_scheduled_has_a_time"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ask_id"], ["asks.tenant_id", "asks.id"], name=op.f("fk_meetings_tenant_id_ask_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "request_id"],
            ["reference_requests.tenant_id", "reference_requests.id"],
            name=op.f("fk_meetings_tenant_id_request_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_meetings_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("tenant_id", "ask_id", name=op.f("uq_meetings_tenant_id_ask_id")),
    )
    op.create_index("ix_meetings_starts", "meetings", ["tenant_id", "starts_at"], unique=False)
    op.create_table(
        "meeting_answers",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "advocate", "prospect", name="side", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "said",
            sa.Enum(
                "offered",
                "scheduled",
                "held",
                "moved",
                "not_held",
                "cancelled",
                name="meetingstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (said IS NULL)", name=op.f("ck_meeting_answers_answered_says_something")
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_meeting_answers_rating_in_range")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "meeting_id"],
            ["meetings.tenant_id", "meetings.id"],
            name=op.f("fk_meeting_answers_tenant_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_meeting_answers_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_meeting_answers")),
        sa.UniqueConstraint(
            "tenant_id", "meeting_id", "side", name=op.f("uq_meeting_answers_tenant_id_meeting_id_side")
        ),
    )
    op.create_table(
        "meeting_slots",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "meeting_id"],
            ["meetings.tenant_id", "meetings.id"],
            name=op.f("fk_meeting_slots_tenant_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_meeting_slots_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_meeting_slots")),
        sa.UniqueConstraint(
            "tenant_id",
            "meeting_id",
            "starts_at",
            name=op.f("uq_meeting_slots_tenant_id_meeting_id_starts_at"),
        ),
    )

    raise_wall("meetings", platform_reads=True)
    raise_wall("meeting_answers", platform_reads=True)
    raise_wall("meeting_slots")
    platform_functions(FUNCTIONS)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION wall.{signature.partition('(')[0]}")
    op.drop_table("meeting_slots")
    op.drop_table("meeting_answers")
    op.drop_table("meetings")
