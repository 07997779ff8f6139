"""Limits count by themselves, and a sign-in code belongs to every browser that asked for it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.create_table(
        "rate_limits",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("used_at", sa.ARRAY(MOMENT), nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rate_limits")),
    )
    op.create_index("ix_rate_limits_last_used_at", "rate_limits", ["last_used_at"])
    op.create_table(
        "sign_in_browsers",
        sa.Column("request_id", ID, nullable=False),
        sa.Column("browser_hash", sa.Text(), nullable=False),
        sa.Column("next_url", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["sign_in_requests.id"],
            name=op.f("fk_sign_in_browsers_request_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", "browser_hash", name=op.f("pk_sign_in_browsers")),
    )
    op.create_index("ix_sign_in_browsers_browser", "sign_in_browsers", ["browser_hash"])
    _keep_open_requests()
    for index in ("source", "browser"):
        op.drop_index(f"ix_sign_in_requests_{index}", "sign_in_requests")
    for column in ("source", "kind", "browser_hash", "wanted"):
        op.drop_column("sign_in_requests", column)


def _keep_open_requests() -> None:
    """Who waits for an email at this moment comes in with it; the other rows only counted."""
    op.add_column("sign_in_requests", sa.Column("emails", sa.Integer(), nullable=False, server_default="1"))
    op.alter_column("sign_in_requests", "emails", server_default=None)
    op.add_column("sign_in_requests", sa.Column("sent_at", MOMENT))
    op.execute("DELETE FROM sign_in_requests WHERE kind <> 'sign_in'")
    op.execute("UPDATE sign_in_requests SET sent_at = created_at")
    op.alter_column("sign_in_requests", "sent_at", nullable=False)
    op.execute(
        "INSERT INTO sign_in_browsers (request_id, browser_hash, next_url, tries, asked_at) "
        "SELECT id, browser_hash, wanted, tries, created_at FROM sign_in_requests WHERE browser_hash <> ''"
    )


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for column, value in (("source", ""), ("kind", "sign_in"), ("browser_hash", ""), ("wanted", "")):
        op.add_column("sign_in_requests", sa.Column(column, sa.Text(), nullable=False, server_default=value))
        op.alter_column("sign_in_requests", column, server_default=None)
    op.execute(
        "UPDATE sign_in_requests r SET browser_hash = b.browser_hash, wanted = b.next_url "
        "FROM sign_in_browsers b WHERE b.request_id = r.id"
    )
    for column in ("emails", "sent_at"):
        op.drop_column("sign_in_requests", column)
    for index, column in (("source", "source"), ("browser", "browser_hash")):
        op.create_index(f"ix_sign_in_requests_{index}", "sign_in_requests", [column, "created_at"])
    op.drop_table("sign_in_browsers")
    op.drop_table("rate_limits")
