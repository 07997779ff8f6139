"""Every kind of ask, the state `released`, and the two weights of an ask: its attention stands beside its favor time.

On the way down asks of kinds that the release before does not know go, since it has no page for them, and what was
released counts as expired.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import without_forced_wall

revision = "0034"
down_revision = "0033"
OLD_KINDS = ("call", "site_visit", "written", "quote", "speaking", "rfp")
NEW_KINDS = (
    *("story", "review", "referral", "peer_question", "board_seat", "event", "board_meeting", "survey"),
)
OLD_STATES = (*("proposed", "sent", "accepted", "completed", "not_held", "declined", "expired", "withdrawn"),)
ATTENTION = "CASE WHEN kind IN ('call', 'quote') THEN 2 ELSE 3 END"
OLD_COLUMNS = ["kind", "minutes", "state", "answered_at"]
NEW_COLUMNS = ["kind", "minutes", "attention_minutes", "state", "answered_at"]
KINDS = (("asks", "kind", "ck_asks_askkind"), ("reference_requests", "kind", "ck_reference_requests_askkind"))


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for check in KINDS:
        _allow(*check, (*OLD_KINDS, *NEW_KINDS))
    _allow("asks", "state", "ck_asks_askstate", (*OLD_STATES, "released"))
    op.add_column("asks", sa.Column("attention_minutes", sa.Integer(), nullable=True))
    op.add_column("asks", sa.Column("emailed_at", sa.DateTime(timezone=True), nullable=True))
    with without_forced_wall("asks"):
        op.execute(f"UPDATE asks SET attention_minutes = {ATTENTION}")
    op.alter_column("asks", "attention_minutes", nullable=False)
    op.drop_constraint(op.f("ck_asks_minutes_positive"), "asks", type_="check")
    _check("minutes_not_negative", "minutes >= 0")
    _check("attention_minutes_not_negative", "attention_minutes >= 0")
    _index(NEW_COLUMNS)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    with without_forced_wall("asks"):
        op.execute(f"DELETE FROM asks WHERE kind IN {NEW_KINDS} OR minutes = 0")
        op.execute("UPDATE asks SET state = 'expired' WHERE state = 'released'")
    _index(OLD_COLUMNS)
    for name in ("ck_asks_minutes_not_negative", "ck_asks_attention_minutes_not_negative"):
        op.drop_constraint(op.f(name), "asks", type_="check")
    _check("minutes_positive", "minutes > 0")
    for column in ("attention_minutes", "emailed_at"):
        op.drop_column("asks", column)
    _allow("asks", "state", "ck_asks_askstate", OLD_STATES)
    for check in KINDS:
        _allow(*check, OLD_KINDS)


def _allow(table: str, column: str, name: str, words: Iterable[str]) -> None:
    op.drop_constraint(op.f(name), table, type_="check")
    listed = ", ".join(f"'{word}'" for word in words)
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({listed}))")


def _check(name: str, condition: str) -> None:
    op.create_check_constraint(op.f(f"ck_asks_{name}"), "asks", condition)


def _index(columns: list[str]) -> None:
    """What budgets read, so that the index alone answers."""
    for name, keys, more in (
        ("ix_asks_advocate_sent", ["advocate_id", "sent_at"], []),
        ("ix_asks_account_sent", ["account_id", "sent_at"], []),
        ("ix_asks_sent", ["sent_at"], ["advocate_id", "account_id"]),
    ):
        op.drop_index(name, table_name="asks")
        op.create_index(name, "asks", ["tenant_id", *keys], postgresql_include=[*more, *columns])
