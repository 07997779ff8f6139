"""Requests of reps and their conversation."""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import raise_wall

revision = "0008"
down_revision = "0007"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "reference_requests",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("requester_id", ID, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "matching",
                "asked",
                "scheduled",
                "delivered",
                "closed",
                "withdrawn",
                "unfulfilled",
                "duplicate",
                "content_accepted",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("prospect", sa.Text(), nullable=False),
        sa.Column("prospect_norm", sa.Text(), nullable=False),
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
        sa.Column("needed_by", sa.Date(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("deal_id", ID, nullable=True),
        sa.Column("competitor", sa.Text(), nullable=False),
        sa.Column("use_case", sa.Text(), nullable=False),
        sa.Column("persona", sa.Text(), nullable=False),
        sa.Column("company_size", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("contact_email", sa.Text(), nullable=False),
        sa.Column("contact_time_zone", sa.Text(), nullable=False),
        sa.Column("region_relaxed", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("named_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("waiting_since", MOMENT, nullable=True),
        sa.Column("waiting_for", sa.Text(), nullable=False),
        sa.Column("waited_seconds", sa.Integer(), nullable=False),
        sa.Column("outside", sa.Boolean(), nullable=False),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "won", "lost", "open", name="outcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("outcome_cents", sa.BigInteger(), nullable=True),
        sa.Column("outcome_currency", sa.Text(), nullable=False),
        sa.Column("outcome_note", sa.Text(), nullable=False),
        sa.Column(
            "unfulfilled",
            sa.Enum(
                "no_match",
                "over_budget",
                "declined",
                "too_late",
                name="unfulfilled",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column("duplicate_of_id", ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (outcome IS NOT NULL)",
            name=op.f("ck_reference_requests_closed_has_an_outcome"),
        ),
        sa.CheckConstraint(
            "(state = 'draft') = (submitted_at IS NULL)",
            name=op.f("ck_reference_requests_submitted_unless_draft"),
        ),
        sa.CheckConstraint(
            "(state = 'duplicate') = (duplicate_of_id IS NOT NULL)",
            name=op.f("ck_reference_requests_duplicate_names_the_other"),
        ),
        sa.CheckConstraint(
            "(state = 'unfulfilled') = (unfulfilled IS NOT NULL)",
            name=op.f("ck_reference_requests_unfulfilled_is_explained"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('delivered', 'closed') OR delivered_at IS NOT NULL",
            name=op.f("ck_reference_requests_delivered_has_a_time"),
        ),
        sa.CheckConstraint("wanted BETWEEN 1 AND 10", name=op.f("ck_reference_requests_wanted_in_range")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deal_id"],
            ["deals.tenant_id", "deals.id"],
            name=op.f("fk_reference_requests_tenant_id_deal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "duplicate_of_id"],
            ["reference_requests.tenant_id", "reference_requests.id"],
            name=op.f("fk_reference_requests_tenant_id_duplicate_of_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "requester_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_reference_requests_tenant_id_requester_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_reference_requests_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reference_requests")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_reference_requests_tenant_id_number")),
    )
    op.create_index(
        "ix_requests_delivered", "reference_requests", ["tenant_id", "delivered_at"], unique=False
    )
    op.create_index("ix_requests_due", "reference_requests", ["tenant_id", "due_at", "id"], unique=False)
    op.create_index(
        "ix_requests_requester",
        "reference_requests",
        ["tenant_id", "requester_id", "created_at"],
        unique=False,
    )
    op.create_index(
        "ix_requests_state", "reference_requests", ["tenant_id", "state", "needed_by", "id"], unique=False
    )
    op.create_index(
        "ix_requests_submitted", "reference_requests", ["tenant_id", "submitted_at"], unique=False
    )
    op.create_table(
        "request_messages",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "author_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_request_messages_tenant_id_author_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "request_id"],
            ["reference_requests.tenant_id", "reference_requests.id"],
            name=op.f("fk_request_messages_tenant_id_request_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_request_messages_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_request_messages")),
    )
    op.create_index(
        "ix_request_messages_request",
        "request_messages",
        ["tenant_id", "request_id", "created_at"],
        unique=False,
    )

    raise_wall("reference_requests")
    raise_wall("request_messages")


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_table("request_messages")
    op.drop_table("reference_requests")
