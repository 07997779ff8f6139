"""Who is never written to, whom letters come from, and what providers tell us afterwards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import platform_functions, raise_wall

revision = "0015"
down_revision = "0014"
FUNCTIONS = {
    "tenants_with_due_received_events()": """
        SELECT DISTINCT e.tenant_id FROM public.received_events e WHERE e.handled_at IS NULL""",
    "tenants_with_due_dns()": """
        SELECT s.tenant_id FROM public.senders s
        WHERE s.dns_asked_at > coalesce(s.dns_checked_at, s.dns_asked_at - interval '1 second')""",
}


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "suppressions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_hash", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "bounced",
                "complained",
                "unsubscribed",
                "erased",
                "by_hand",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_suppressions_tenant_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "letter_id"],
            ["letters.tenant_id", "letters.id"],
            name=op.f("fk_suppressions_tenant_id_letter_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_suppressions_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_suppressions")),
    )
    op.create_index(
        "uq_suppressions_in_force",
        "suppressions",
        ["tenant_id", "address_hash", "purpose", "reason"],
        unique=True,
        postgresql_where="lifted_at IS NULL",
    )
    op.create_table(
        "senders",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.Text(), nullable=False),
        sa.Column("sendgrid_key", sa.Text(), nullable=False),
        sa.Column("webhook_key", sa.Text(), nullable=False),
        sa.Column("dkim_selector", sa.Text(), nullable=False),
        sa.Column("dns_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dns_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_senders_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_senders")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_senders_tenant_id")),
    )
    op.create_table(
        "letter_events",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column(
            "happened",
            sa.Enum(
                "processed",
                "deferred",
                "delivered",
                "dropped",
                "bounced",
                "blocked",
                "complained",
                "unsubscribed",
                "opened",
                "clicked",
                name="happened",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("machine", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "letter_id"],
            ["letters.tenant_id", "letters.id"],
            name=op.f("fk_letter_events_tenant_id_letter_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_letter_events_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_letter_events")),
        sa.UniqueConstraint("tenant_id", "external_id", name=op.f("uq_letter_events_tenant_id_external_id")),
    )
    op.create_index(
        "ix_letter_events_letter", "letter_events", ["tenant_id", "letter_id", "at"], unique=False
    )
    op.create_table(
        "received_events",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_received_events_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_received_events")),
        sa.UniqueConstraint(
            "tenant_id", "source", "external_id", name=op.f("uq_received_events_tenant_id_source_external_id")
        ),
    )
    op.create_index(
        "ix_received_events_waiting",
        "received_events",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where="handled_at IS NULL",
    )
    raise_wall("suppressions")
    raise_wall("senders", platform_reads=True)
    raise_wall("letter_events")
    raise_wall("received_events", platform_reads=True)
    platform_functions(FUNCTIONS)
    remember_the_data_key()


def remember_the_data_key() -> None:
    """With another DATA_KEY nobody suppressed would be found again: a process that has another one does not start."""
    op.execute("CREATE TABLE wall.data_key (fingerprint text NOT NULL)")
    op.execute("""
        CREATE FUNCTION wall.is_data_key(fingerprint text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp AS $$
            SELECT NOT EXISTS (SELECT FROM wall.data_key k WHERE k.fingerprint <> $1) $$""")
    op.execute("REVOKE ALL ON FUNCTION wall.is_data_key(text) FROM PUBLIC")


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.execute("DROP FUNCTION wall.is_data_key(text)")
    op.execute("DROP TABLE wall.data_key")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION wall.{signature.partition('(')[0]}")
    op.drop_table("received_events")
    op.drop_table("letter_events")
    op.drop_table("senders")
    op.drop_table("suppressions")
