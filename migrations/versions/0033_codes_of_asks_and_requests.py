"""Why an advocate declined, and what the clock of a request waits for, are codes, no longer words.

`waiting_for` may hold a manager's own question too; that stays as it was written. A manager's question, or a reason
given in other words, that says exactly what a code says comes back from a downgrade in those words.
"""

from alembic import op

from tenants.row_level_security import without_forced_wall

revision = "0033"
down_revision = "0032"
DECLINE_REASONS = {
    "too busy right now": "too_busy",
    "not this time": "not_now",
    "not the right person": "not_me",
    "something else": "other",
}
WAITING_FOR = {
    "who will talk": "contact_needed",
    "does the prospect still want a call": "prospect_undecided",
}


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _replace(DECLINE_REASONS, WAITING_FOR)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _replace(_turned(DECLINE_REASONS), _turned(WAITING_FOR))


def _replace(reasons: dict[str, str], waiting: dict[str, str]) -> None:
    with without_forced_wall("asks"):
        for old, new in reasons.items():
            op.execute(f"UPDATE asks SET reason = '{new}' WHERE state = 'declined' AND reason = '{old}'")
    with without_forced_wall("reference_requests"):
        for old, new in waiting.items():
            op.execute(f"UPDATE reference_requests SET waiting_for = '{new}' WHERE waiting_for = '{old}'")


def _turned(codes: dict[str, str]) -> dict[str, str]:
    return {new: old for old, new in codes.items()}
