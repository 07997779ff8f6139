"""Workspaces, the people who sign in, memberships, the mailbox and clock of demo and development."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import platform_functions, raise_wall

revision = "0002"
down_revision = "0001"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)
FUNCTIONS = {
    "tenants_of_user(user_id uuid)": """
        SELECT m.tenant_id FROM public.memberships m
        WHERE m.user_id = $1 AND m.joined_at IS NOT NULL AND m.ended_at IS NULL ORDER BY m.created_at""",
    "tenants_inviting_user(user_id uuid)": """
        SELECT m.tenant_id FROM public.memberships m
        WHERE m.user_id = $1 AND m.joined_at IS NULL AND m.ended_at IS NULL ORDER BY m.created_at""",
    "staff_tenants_of_user(user_id uuid)": """
        SELECT m.tenant_id FROM public.memberships m
        WHERE m.user_id = $1 AND m.joined_at IS NOT NULL AND m.ended_at IS NULL AND m.roles <> '{advocate}'""",
}


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "clock_offset",
        sa.Column("is_set", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.CheckConstraint("is_set", name=op.f("ck_clock_offset_one_row")),
        sa.PrimaryKeyConstraint("is_set", name=op.f("pk_clock_offset")),
    )
    op.create_table(
        "mailbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", ID, nullable=True),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("recipient_norm", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox")),
    )
    op.create_index(op.f("ix_mailbox_recipient_norm"), "mailbox", ["recipient_norm"], unique=False)
    op.create_index("ix_mailbox_tenant", "mailbox", ["tenant_id", "created_at"], unique=False)
    op.create_table(
        "schedule_runs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", "due_at", name=op.f("pk_schedule_runs")),
    )
    op.create_table(
        "tenants",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("accent", sa.Text(), nullable=False),
        sa.Column("logo_id", ID, nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("postal_address", sa.Text(), nullable=False),
        sa.Column("join_open", sa.Boolean(), nullable=False),
        sa.Column("join_code", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("accent ~ '^#[0-9a-f]{6}$'", name=op.f("ck_tenants_accent_is_hex")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants")),
        sa.UniqueConstraint("slug", name=op.f("uq_tenants_slug")),
    )
    op.create_table(
        "users",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_norm", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_norm", name=op.f("uq_users_email_norm")),
    )
    op.create_table(
        "memberships",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_norm", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("invited_by_id", ID, nullable=True),
        sa.Column("invited_at", MOMENT, nullable=True),
        sa.Column("joined_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "roles <@ array['advocate','rep','manager','admin','owner']::text[]",
            name=op.f("ck_memberships_roles_are_known"),
        ),
        sa.CheckConstraint("cardinality(roles) > 0", name=op.f("ck_memberships_has_a_role")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "invited_by_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_memberships_tenant_id_invited_by_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_memberships_tenant_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("tenant_id", "email_norm", name=op.f("uq_memberships_tenant_id_email_norm")),
        sa.UniqueConstraint("tenant_id", "user_id", name=op.f("uq_memberships_tenant_id_user_id")),
    )
    op.create_index("ix_memberships_user", "memberships", ["user_id"], unique=False)
    op.create_table(
        "sign_in_requests",
        sa.Column("id", ID, nullable=False),
        sa.Column("email_norm", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("tenant_id", ID, nullable=True),
        sa.Column("browser_hash", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_sign_in_requests_tenant_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sign_in_requests_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_requests")),
    )
    op.create_index(
        "ix_sign_in_requests_address", "sign_in_requests", ["email_norm", "created_at"], unique=False
    )
    op.create_index(
        "ix_sign_in_requests_browser", "sign_in_requests", ["browser_hash", "created_at"], unique=False
    )
    op.create_index("ix_sign_in_requests_source", "sign_in_requests", ["source", "created_at"], unique=False)
    op.create_table(
        "sign_in_sessions",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("last_post_at", MOMENT, nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sign_in_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_sessions_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_sessions_user_id"), "sign_in_sessions", ["user_id"], unique=False)

    raise_wall("memberships", platform_reads=True)
    platform_functions(FUNCTIONS)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION wall.{signature.partition('(')[0]}")
    op.drop_table("sign_in_sessions")
    op.drop_table("sign_in_requests")
    op.drop_table("memberships")
    op.drop_table("users")
    op.drop_table("tenants")
    op.drop_table("schedule_runs")
    op.drop_table("mailbox")
    op.drop_table("clock_offset")
