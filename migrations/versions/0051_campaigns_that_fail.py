"""A campaign counts how often asking failed in a row, and an email says that it waits for a paused campaign.

On the way down such an email says that its sequence is paused: the claim looks at it anew.
"""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import without_forced_wall

revision = "0051"
down_revision = "0050"
PAUSED = "campaign_paused"
CODES = (
    "",
    "earlier",
    "suppressed_bounced",
    "suppressed_complained",
    "suppressed_unsubscribed",
    "suppressed_erased",
    "suppressed_opted_out",
    "suppressed_by_hand",
    "not_in_program",
    "consent_withdrawn",
    "ask_closed",
    "expired",
    "invitation_answered",
    "sequence_ended",
    "sequence_paused",
    PAUSED,
    "recipient_paused",
    "quiet_hours",
    "frequency_cap_reached",
    "daily_limit_reached",
    "bulk_paused_by_complaints",
    "blocked_by_complaints",
    "sequence_answered",
    "sequence_withdrawn",
    "sequence_unsubscribed",
    "sequence_left",
    "sequence_limit",
    "sequence_by_hand",
    "sequence_recipient_removed",
    "no_consent",
    "advocate_paused",
    "no_address",
    "too_late",
    "unreadable_key",
    "gateway_reply",
    "retries_exhausted",
    "no_answer",
    "lease_expired",
    "previous_account",
    "dropped",
    "no_such_mailbox",
    "turned_away",
    "marked_as_spam",
)


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.add_column("campaigns", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("campaigns", "failures", server_default=None)
    _codes(*CODES)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    with without_forced_wall("emails"):
        op.execute(f"UPDATE emails SET status_code = 'sequence_paused' WHERE status_code = '{PAUSED}'")
    _codes(*(code for code in CODES if code != PAUSED))
    op.drop_column("campaigns", "failures")


def _codes(*codes: str) -> None:
    listed = ", ".join(f"'{code}'" for code in codes)
    op.drop_constraint(op.f("ck_emails_statuscode"), "emails", type_="check")
    op.create_check_constraint(op.f("ck_emails_statuscode"), "emails", f"status_code IN ({listed})")
