"""The ledger of asks."""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import platform_functions, raise_wall

revision = "0007"
down_revision = "0006"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)
FUNCTIONS = {
    "tenants_with_due_asks(today date)": """
        SELECT DISTINCT a.tenant_id FROM public.asks a WHERE a.state = 'sent' AND a.due_on < $1""",
}


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "asks",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "call",
                "site_visit",
                "written",
                "quote",
                "speaking",
                "rfp",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("advocate_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("served_kind", sa.Text(), nullable=False),
        sa.Column("served_id", ID, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_norm", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "sent",
                "accepted",
                "completed",
                "not_held",
                "declined",
                "expired",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("outside", sa.Boolean(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("completed_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sent_by_id", ID, nullable=True),
        sa.Column("override_reason", sa.Text(), nullable=False),
        sa.Column("override_by_id", ID, nullable=True),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(override_by_id IS NULL) = (override_reason = '')", name=op.f("ck_asks_override_is_explained")
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (sent_at IS NULL) OR state = 'withdrawn'",
            name=op.f("ck_asks_sent_unless_proposed"),
        ),
        sa.CheckConstraint("state <> 'declined' OR reason <> ''", name=op.f("ck_asks_declined_has_a_reason")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_asks_minutes_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["accounts.tenant_id", "accounts.id"],
            name=op.f("fk_asks_tenant_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "advocate_id"],
            ["advocates.tenant_id", "advocates.id"],
            name=op.f("fk_asks_tenant_id_advocate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "override_by_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_asks_tenant_id_override_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sent_by_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_asks_tenant_id_sent_by_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_asks_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_asks")),
    )
    op.create_index(
        "ix_asks_account_sent",
        "asks",
        ["tenant_id", "account_id", "sent_at"],
        unique=False,
        postgresql_include=["kind", "minutes", "state", "answered_at"],
    )
    op.create_index(
        "ix_asks_advocate_sent",
        "asks",
        ["tenant_id", "advocate_id", "sent_at"],
        unique=False,
        postgresql_include=["kind", "minutes", "state", "answered_at"],
    )
    op.create_index("ix_asks_completed", "asks", ["tenant_id", "completed_at"], unique=False)
    op.create_index("ix_asks_due", "asks", ["tenant_id", "state", "due_on"], unique=False)
    op.create_index(
        "ix_asks_sent",
        "asks",
        ["tenant_id", "sent_at"],
        unique=False,
        postgresql_include=["advocate_id", "account_id", "kind", "minutes", "state", "answered_at"],
    )
    op.create_index("ix_asks_served", "asks", ["tenant_id", "served_kind", "served_id"], unique=False)

    raise_wall("asks", platform_reads=True)
    platform_functions(FUNCTIONS)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION wall.{signature.partition('(')[0]}")
    op.drop_table("asks")
