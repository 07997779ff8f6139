"""Letters that say why they wait: classes, caps and quiet hours are checked when a letter is claimed."""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import platform_functions, raise_wall, without_forced_wall

revision = "0014"
down_revision = "0013"
PUT_IN_PLACE = """
    UPDATE letters SET held_for = CASE WHEN state = 'held' THEN 'doubt' ELSE '' END,
        due_at = CASE WHEN state = 'held' THEN NULL ELSE due_at END,
        claimed_at = CASE WHEN tries > 0 THEN coalesce(sent_at, created_at) END"""
WAITS = "tenants_with_due_letters(now timestamptz, queue text)"
BEFORE = """
        SELECT DISTINCT l.tenant_id FROM public.letters l
        WHERE l.queue = $2 AND l.due_at <= $1 AND (l.state IN ('queued', 'unknown')
            OR l.state = 'sending' AND l.lease_until < $1)"""
# A look into each workspace's queue: counting all that waits would cost more the more there is.
AFTER = """
        SELECT t.id FROM public.tenants t
        WHERE EXISTS (SELECT FROM public.letters l WHERE l.tenant_id = t.id AND l.queue = $2
                AND l.bulk IN (false, true) AND l.due_at <= $1 AND l.state IN ('queued', 'held'))
            OR EXISTS (SELECT FROM public.letters l WHERE l.tenant_id = t.id AND l.queue = $2
                AND l.due_at <= $1 AND l.state IN ('sending', 'unknown'))"""

FILLED = (
    ("bulk", sa.Boolean(), sa.false()),
    ("time_zone", sa.Text(), ""),
    ("doubts", sa.Integer(), "0"),
    ("gateway", sa.Text(), ""),
    ("opens", sa.Integer(), "0"),
    ("clicks", sa.Integer(), "0"),
    ("machine_opens", sa.Integer(), "0"),
    ("machine_clicks", sa.Integer(), "0"),
)
HOLDS = {
    "held_has_a_reason": "state <> 'held' OR held_for <> ''",
    "doubt_waits_for_a_person": "state <> 'held' OR held_for <> 'doubt' OR due_at IS NULL",
}
NEW_COLUMNS = (
    "bulk",
    "time_zone",
    "template_id",
    "sequence_id",
    "sequence_step",
    "window_from",
    "window_until",
    "held_for",
    "claimed_at",
    "doubts",
    "gateway",
    "over_at",
    "heard_at",
    "opens",
    "clicks",
    "machine_opens",
    "machine_clicks",
)
NEW_INDEXES = (
    *("ix_letters_due", "ix_letters_heard_of", "ix_letters_in_doubt", "ix_letters_not_sent"),
    *("ix_letters_sequence", "ix_letters_needs_a_person"),
)
OLD_INDEXES = (
    (
        "ix_letters_due",
        ["tenant_id", "queue", "due_at", "id"],
        "state IN ('queued', 'sending', 'unknown')",
    ),
    ("ix_letters_state", ["tenant_id", "state", "id"], None),
    (
        "ix_letters_needs_a_person",
        ["tenant_id", "id"],
        "state IN ('held', 'failed', 'unknown') AND given_up_at IS NULL",
    ),
)


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for name, kind, value in FILLED:
        op.add_column("letters", sa.Column(name, kind, nullable=False, server_default=value))
        op.alter_column("letters", name, server_default=None)
    op.add_column("letters", sa.Column("template_id", sa.Uuid(), nullable=True))
    op.add_column("letters", sa.Column("sequence_id", sa.Uuid(), nullable=True))
    op.add_column("letters", sa.Column("sequence_step", sa.Integer(), nullable=True))
    op.add_column("letters", sa.Column("window_from", sa.Integer(), nullable=True))
    op.add_column("letters", sa.Column("window_until", sa.Integer(), nullable=True))
    op.add_column(
        "letters",
        sa.Column(
            "held_for",
            sa.Enum(
                "",
                "quiet",
                "cap",
                "day",
                "complaints",
                "paused",
                "suppressed",
                "consent",
                "left",
                "over",
                "doubt",
                name="hold",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
            server_default="",
        ),
    )
    op.alter_column("letters", "held_for", server_default=None)
    op.add_column("letters", sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("letters", sa.Column("over_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("letters", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("letters", "due_at", existing_type=sa.DateTime(timezone=True), nullable=True)
    make_indexes()
    op.create_foreign_key(
        op.f("fk_letters_tenant_id_template_id"),
        "letters",
        "letter_template_versions",
        ["tenant_id", "template_id"],
        ["tenant_id", "id"],
    )
    op.create_foreign_key(
        op.f("fk_letters_tenant_id_sequence_id"),
        "letters",
        "sequences",
        ["tenant_id", "sequence_id"],
        ["tenant_id", "id"],
    )
    op.drop_column("letters", "template_version")
    with without_forced_wall("letters"):
        op.execute(PUT_IN_PLACE)
    op.create_check_constraint(
        op.f("ck_letters_waiting_has_a_time"),
        "letters",
        "state NOT IN ('queued', 'sending', 'unknown') OR due_at IS NOT NULL",
    )
    for name, rule in HOLDS.items():
        op.create_check_constraint(op.f(f"ck_letters_{name}"), "letters", rule)
    op.drop_index("ix_letters_needs_a_person", "letters")
    op.create_index(
        "ix_letters_needs_a_person",
        "letters",
        ["tenant_id", "id"],
        postgresql_where="(state = 'failed' OR state = 'held' AND held_for = 'doubt') AND given_up_at IS NULL",
    )
    make_mail_days()
    op.execute("DROP FUNCTION wall.tenants_with_due_letters")
    platform_functions({WAITS: AFTER})


def make_indexes() -> None:
    op.drop_index("ix_letters_state", "letters")
    op.drop_index("ix_letters_due", "letters")
    op.create_index(
        "ix_letters_due",
        "letters",
        ["tenant_id", "queue", "bulk", "due_at", "id"],
        unique=False,
        postgresql_where="state IN ('queued', 'held')",
    )
    op.create_index(
        "ix_letters_heard_of",
        "letters",
        ["tenant_id", "heard_at"],
        unique=False,
        postgresql_where="heard_at IS NOT NULL",
    )
    op.create_index(
        "ix_letters_in_doubt",
        "letters",
        ["tenant_id", "queue", "due_at"],
        unique=False,
        postgresql_where="state IN ('sending', 'unknown')",
    )
    op.create_index(
        "ix_letters_not_sent",
        "letters",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where="state IN ('held', 'failed', 'unknown', 'bounced', 'complained')",
    )
    op.create_index(
        "ix_letters_sequence",
        "letters",
        ["tenant_id", "sequence_id", "sequence_step"],
        unique=False,
        postgresql_where="sequence_id IS NOT NULL",
    )


def make_mail_days() -> None:
    op.create_table(
        "mail_days",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("claimed", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("bounced", sa.Integer(), nullable=False),
        sa.Column("complained", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_mail_days_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_mail_days")),
        sa.UniqueConstraint("tenant_id", "day", name=op.f("uq_mail_days_tenant_id_day")),
    )
    raise_wall("mail_days")


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.execute("DROP FUNCTION wall.tenants_with_due_letters")
    platform_functions({WAITS: BEFORE})
    op.drop_table("mail_days")
    for name in NEW_INDEXES:
        op.drop_index(name, "letters")
    for name in ("waiting_has_a_time", *HOLDS):
        op.drop_constraint(op.f(f"ck_letters_{name}"), "letters")
    with without_forced_wall("letters"):
        op.execute("UPDATE letters SET due_at = created_at WHERE due_at IS NULL")
    op.alter_column("letters", "due_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    for name in NEW_COLUMNS:
        op.drop_column("letters", name)
    op.add_column("letters", sa.Column("template_version", sa.Integer(), nullable=False, server_default="1"))
    op.alter_column("letters", "template_version", server_default=None)
    for name, columns, where in OLD_INDEXES:
        op.create_index(name, "letters", columns, postgresql_where=where)
