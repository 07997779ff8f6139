"""A workspace's key for SendGrid is tried when it is kept. Those kept before have their turn at once."""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import platform_functions, without_forced_wall

revision = "0019"
down_revision = "0018"
FUNCTIONS = {
    "tenants_with_due_keys()": """
        SELECT s.tenant_id FROM public.senders s
        WHERE s.key_asked_at > coalesce(s.key_tried_at, s.key_asked_at - interval '1 second')""",
}
TRIAL = sa.Enum(
    "works", "refused", "unheard", name="trial", native_enum=False, create_constraint=True, length=40
)


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.add_column("senders", sa.Column("key_asked_at", sa.DateTime(timezone=True)))
    op.add_column("senders", sa.Column("key_tried_at", sa.DateTime(timezone=True)))
    op.add_column("senders", sa.Column("key_trial", TRIAL))
    op.add_column("senders", sa.Column("key_said", sa.Text(), nullable=False, server_default=""))
    op.alter_column("senders", "key_said", server_default=None)
    with without_forced_wall("senders"):
        op.execute("UPDATE senders SET key_asked_at = now() WHERE sendgrid_key <> ''")
    platform_functions(FUNCTIONS)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.execute("DROP FUNCTION wall.tenants_with_due_keys")
    for column in ("key_asked_at", "key_tried_at", "key_trial", "key_said"):
        op.drop_column("senders", column)
