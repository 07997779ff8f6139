"""Customer companies and deals."""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import raise_wall

revision = "0004"
down_revision = "0003"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "accounts",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_norm", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("sub_industry", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column("arr_cents", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column(
            "health",
            sa.Enum(
                "green",
                "yellow",
                "red",
                "unknown",
                name="health",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("renewal_on", sa.Date(), nullable=True),
        sa.Column("customer_since", sa.Date(), nullable=True),
        sa.Column("group_id", ID, nullable=True),
        sa.Column("competitors", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("owner_email", sa.Text(), nullable=False),
        sa.Column("owner_email_norm", sa.Text(), nullable=False),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("employees >= 0", name=op.f("ck_accounts_employees_not_negative")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "group_id"],
            ["accounts.tenant_id", "accounts.id"],
            name=op.f("fk_accounts_tenant_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "owner_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_accounts_tenant_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_accounts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("tenant_id", "name_norm", name=op.f("uq_accounts_tenant_id_name_norm")),
    )
    op.create_index("ix_accounts_external", "accounts", ["tenant_id", "external_id"], unique=False)
    op.create_index("ix_accounts_owner_email", "accounts", ["tenant_id", "owner_email_norm"], unique=False)
    op.create_table(
        "deals",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_norm", sa.Text(), nullable=False),
        sa.Column("prospect", sa.Text(), nullable=False),
        sa.Column("prospect_norm", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("close_on", sa.Date(), nullable=True),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("competitor", sa.Text(), nullable=False),
        sa.Column("rep_email", sa.Text(), nullable=False),
        sa.Column("rep_email_norm", sa.Text(), nullable=False),
        sa.Column("rep_id", ID, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "rep_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_deals_tenant_id_rep_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_deals_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_deals")),
    )
    op.create_index("ix_deals_prospect", "deals", ["tenant_id", "prospect_norm"], unique=False)
    op.create_index("ix_deals_rep_email", "deals", ["tenant_id", "rep_email_norm"], unique=False)
    op.create_index(
        "uq_deals_external",
        "deals",
        ["tenant_id", "external_id"],
        unique=True,
        postgresql_where="external_id <> ''",
    )
    op.create_index(
        "uq_deals_name",
        "deals",
        ["tenant_id", "prospect_norm", "name_norm"],
        unique=True,
        postgresql_where="external_id = ''",
    )

    raise_wall("accounts")
    raise_wall("deals")


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.drop_table("deals")
    op.drop_table("accounts")
