"""Letters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import platform_functions, raise_wall

revision = "0006"
down_revision = "0005"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)
FUNCTIONS = {
    "tenants_with_due_letters(now timestamptz, queue text)": """
        SELECT DISTINCT l.tenant_id FROM public.letters l
        WHERE l.queue = $2 AND l.due_at <= $1 AND (l.state IN ('queued', 'unknown')
            OR l.state = 'sending' AND l.lease_until < $1)""",
}


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "letters",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "letter_class",
            sa.Enum(
                "transactional",
                "invitation",
                "programme",
                name="letterclass",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("recipient_norm", sa.Text(), nullable=False),
        sa.Column("recipient_name", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("advocate_id", ID, nullable=True),
        sa.Column("about_kind", sa.Text(), nullable=False),
        sa.Column("about_id", ID, nullable=True),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("links", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("calendar", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "accepted",
                "delivered",
                "bounced",
                "complained",
                "held",
                "failed",
                "unknown",
                name="letterstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("in_doubt", sa.Boolean(), nullable=False),
        sa.Column("given_up_at", MOMENT, nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(state = 'sending') = (lease_until IS NOT NULL)", name=op.f("ck_letters_sending_has_a_lease")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "advocate_id"],
            ["advocates.tenant_id", "advocates.id"],
            name=op.f("fk_letters_tenant_id_advocate_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_letters_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_letters")),
        sa.UniqueConstraint(
            "tenant_id",
            "occasion",
            "recipient_norm",
            name=op.f("uq_letters_tenant_id_occasion_recipient_norm"),
        ),
    )
    op.create_index("ix_letters_about", "letters", ["tenant_id", "about_kind", "about_id"], unique=False)
    op.create_index(
        "ix_letters_due",
        "letters",
        ["tenant_id", "queue", "due_at", "id"],
        unique=False,
        postgresql_where="state IN ('queued', 'sending', 'unknown')",
    )
    op.create_index(
        "ix_letters_needs_a_person",
        "letters",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where="state IN ('held', 'failed', 'unknown') AND given_up_at IS NULL",
    )
    op.create_index(
        "ix_letters_recipient", "letters", ["tenant_id", "recipient_norm", "created_at"], unique=False
    )
    op.create_index("ix_letters_state", "letters", ["tenant_id", "state", "id"], unique=False)

    raise_wall("letters", platform_reads=True)
    platform_functions(FUNCTIONS)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION wall.{signature.partition('(')[0]}")
    op.drop_table("letters")
