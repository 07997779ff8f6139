"""Templates with their versions, and sequences of letters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import platform_functions, raise_wall
from tenants.wall import PLATFORM_ROLE

revision = "0013"
down_revision = "0012"
FUNCTIONS = {
    "tenants_with_due_sequence_runs(now timestamptz)": """
        SELECT t.id FROM public.tenants t WHERE EXISTS (SELECT FROM public.sequence_runs r
            JOIN public.sequences s ON s.tenant_id = r.tenant_id AND s.id = r.sequence_id AND s.state = 'running'
            WHERE r.tenant_id = t.id AND r.state = 'waiting' AND r.next_at <= $1)""",
}


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "letter_templates",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_letter_templates_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_letter_templates")),
        sa.UniqueConstraint(
            "tenant_id", "kind", "name", "locale", name=op.f("uq_letter_templates_tenant_id_kind_name_locale")
        ),
    )
    op.create_table(
        "letter_template_versions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("product", "person", name="origin", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("preheader", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("restored_from", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_letter_template_versions_tenant_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "template_id"],
            ["letter_templates.tenant_id", "letter_templates.id"],
            name=op.f("fk_letter_template_versions_tenant_id_template_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_letter_template_versions_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_letter_template_versions")),
        sa.UniqueConstraint(
            "tenant_id",
            "template_id",
            "number",
            name=op.f("uq_letter_template_versions_tenant_id_template_id_number"),
        ),
    )
    op.create_table(
        "sequences",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "running",
                "paused",
                "finished",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("window_from", sa.Integer(), nullable=True),
        sa.Column("window_until", sa.Integer(), nullable=True),
        sa.Column("most_letters", sa.Integer(), nullable=True),
        sa.Column("most_answers", sa.Integer(), nullable=True),
        sa.Column("audience", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "window_from < window_until", name=op.f("ck_sequences_window_opens_before_it_closes")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by_id"],
            ["memberships.tenant_id", "memberships.id"],
            name=op.f("fk_sequences_tenant_id_by_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_sequences_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_sequences")),
        sa.UniqueConstraint(
            "tenant_id", "programme", "name", name=op.f("uq_sequences_tenant_id_programme_name")
        ),
    )
    op.create_table(
        "sequence_steps",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sequence_id"],
            ["sequences.tenant_id", "sequences.id"],
            name=op.f("fk_sequence_steps_tenant_id_sequence_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "template_id"],
            ["letter_templates.tenant_id", "letter_templates.id"],
            name=op.f("fk_sequence_steps_tenant_id_template_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_sequence_steps_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_sequence_steps")),
        sa.UniqueConstraint(
            "tenant_id", "sequence_id", "number", name=op.f("uq_sequence_steps_tenant_id_sequence_id_number")
        ),
    )
    op.create_table(
        "sequence_runs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence_id", sa.Uuid(), nullable=False),
        sa.Column("advocate_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("recipient_norm", sa.Text(), nullable=False),
        sa.Column("recipient_name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("about_kind", sa.Text(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("links", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("anchor_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "done",
                "stopped",
                name="runstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "stopped_by",
            sa.Enum(
                "answered",
                "withdrawn",
                "unsubscribed",
                "left",
                "limit",
                "by_hand",
                name="stop",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (next_at IS NOT NULL)", name=op.f("ck_sequence_runs_waiting_has_a_time")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "advocate_id"],
            ["advocates.tenant_id", "advocates.id"],
            name=op.f("fk_sequence_runs_tenant_id_advocate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sequence_id"],
            ["sequences.tenant_id", "sequences.id"],
            name=op.f("fk_sequence_runs_tenant_id_sequence_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_sequence_runs_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_sequence_runs")),
        sa.UniqueConstraint(
            "tenant_id",
            "sequence_id",
            "about_id",
            "recipient_norm",
            name=op.f("uq_sequence_runs_tenant_id_sequence_id_about_id_recipient_norm"),
        ),
    )
    op.create_index(
        "ix_sequence_runs_about", "sequence_runs", ["tenant_id", "about_kind", "about_id"], unique=False
    )
    op.create_index("ix_sequence_runs_advocate", "sequence_runs", ["tenant_id", "advocate_id"], unique=False)
    op.create_index(
        "ix_sequence_runs_due",
        "sequence_runs",
        ["tenant_id", "next_at", "id"],
        unique=False,
        postgresql_where="state = 'waiting'",
    )
    op.create_index(
        "ix_sequence_runs_sequence",
        "sequence_runs",
        ["tenant_id", "sequence_id", "state", "id"],
        unique=False,
    )
    raise_wall("letter_templates")
    raise_wall("letter_template_versions")
    raise_wall("sequences", platform_reads=True)
    raise_wall("sequence_steps")
    raise_wall("sequence_runs", platform_reads=True)
    op.execute(
        f"GRANT SELECT (id) ON tenants TO {PLATFORM_ROLE}"
    )  # its functions look into one workspace after the other
    platform_functions(FUNCTIONS)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.execute("DROP FUNCTION wall.tenants_with_due_sequence_runs")
    op.execute(f"REVOKE SELECT (id) ON tenants FROM {PLATFORM_ROLE}")
    op.drop_table("sequence_runs")
    op.drop_table("sequence_steps")
    op.drop_table("sequences")
    op.drop_table("letter_template_versions")
    op.drop_table("letter_templates")
