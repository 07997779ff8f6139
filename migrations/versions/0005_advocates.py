"""The workspace's people, what they agreed to, their wishes to join."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import raise_wall

revision = "0005"
down_revision = "0004"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "consent_words",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "calls",
                "name",
                "events",
                "reviews",
                "news",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_consent_words_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_consent_words")),
        sa.UniqueConstraint(
            "tenant_id", "purpose", "version", name=op.f("uq_consent_words_tenant_id_purpose_version")
        ),
    )
    op.create_table(
        "advocates",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_norm", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("name_sort", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("seniority", sa.Text(), nullable=False),
        sa.Column("persona", sa.Text(), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("membership_id", ID, nullable=True),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "candidate",
                "pending",
                "invited",
                "enrolled",
                "paused",
                "refused",
                "departed",
                "erased",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "provenance",
            sa.Enum(
                "invited",
                "self_joined",
                "nominated",
                "imported",
                "referred",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("nominated_by_id", ID, nullable=True),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("products", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("use_cases", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("languages", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("nps", sa.Integer(), nullable=True),
        sa.Column("consents", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("willing", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("limit_minutes", sa.Integer(), nullable=True),
        sa.Column("limit_calls", sa.Integer(), nullable=True),
        sa.Column("invited_at", MOMENT, nullable=True),
        sa.Column("invitations", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", MOMENT, nullable=True),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.Column("activated_at", MOMENT, nullable=True),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("free_from", sa.Date(), nullable=True),
        sa.Column("last_ask_at", MOMENT, nullable=True),
        sa.Column("last_act_at", MOMENT, nullable=True),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(state = 'paused') = (paused_at IS NOT NULL)", name=op.f("ck_advocates_paused_has_a_time")
        ),
        sa.CheckConstraint(
            "state <> 'enrolled' OR enrolled_at IS NOT NULL", name=op.f("ck_advocates_enrolled_has_a_time")
        ),
        sa.CheckConstraint("limit_calls > 0", name=op.f("ck_advocates_limit_calls_positive")),
        sa.CheckConstraint("limit_minutes > 0", name=op.f("ck_advocates_limit_minutes_positive")),
        sa.CheckConstraint("nps BETWEEN 0 AND 10", name=op.f("ck_advocates_nps_in_range")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["accounts.tenant_id", "accounts.id"],
            name=op.f("fk_advocates_tenant_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_advocates_tenant_id_membership_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "nominated_by_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_advocates_tenant_id_nominated_by_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_advocates_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_advocates")),
        sa.UniqueConstraint("tenant_id", "email_norm", name=op.f("uq_advocates_tenant_id_email_norm")),
    )
    op.create_index("ix_advocates_account", "advocates", ["tenant_id", "account_id"], unique=False)
    op.create_index("ix_advocates_name", "advocates", ["tenant_id", "name_sort", "id"], unique=False)
    op.create_index(
        "ix_advocates_state", "advocates", ["tenant_id", "state", "name_sort", "id"], unique=False
    )
    op.create_table(
        "consent_entries",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("advocate_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "calls",
                "name",
                "events",
                "reviews",
                "news",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("words_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "join",
                "invitation",
                "own_page",
                "letter",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("personal", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("salt", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "advocate_id"],
            ["advocates.tenant_id", "advocates.id"],
            name=op.f("fk_consent_entries_tenant_id_advocate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "words_id"],
            ["consent_words.tenant_id", "consent_words.id"],
            name=op.f("fk_consent_entries_tenant_id_words_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_consent_entries_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_consent_entries")),
        sa.UniqueConstraint(
            "tenant_id", "advocate_id", "number", name=op.f("uq_consent_entries_tenant_id_advocate_id_number")
        ),
    )
    op.create_table(
        "join_requests",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_norm", sa.Text(), nullable=False),
        sa.Column("advocate_id", ID, nullable=True),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("network_address", sa.Text(), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "advocate_id"],
            ["advocates.tenant_id", "advocates.id"],
            name=op.f("fk_join_requests_tenant_id_advocate_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_join_requests_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_join_requests")),
    )
    op.create_index("ix_join_requests_advocate", "join_requests", ["tenant_id", "advocate_id"], unique=False)
    op.create_index("ix_join_requests_email", "join_requests", ["tenant_id", "email_norm"], unique=False)

    raise_wall("consent_words")
    raise_wall("advocates")
    raise_wall("consent_entries")
    raise_wall("join_requests")


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_table("join_requests")
    op.drop_table("consent_entries")
    op.drop_table("advocates")
    op.drop_table("consent_words")
