"""The index of what an ask is about, and the answer about a file's names, follow the words of 0029 to 0031."""

from alembic import op

from tenants.row_level_security import without_forced_wall

revision = "0037"
down_revision = "0036"
KEY, OLD_KEY = "encoding_confirmed", "letters"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.execute("ALTER INDEX ix_asks_served RENAME TO ix_asks_subject")
    _rename_key(OLD_KEY, KEY)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    op.execute("ALTER INDEX ix_asks_subject RENAME TO ix_asks_served")
    _rename_key(KEY, OLD_KEY)


def _rename_key(old: str, new: str) -> None:
    """In what is known of a file, and in how it was read before the last choice."""
    earlier = "inspection_state #> '{before,seen}'"
    renamed = "({0}) - '{1}' || jsonb_build_object('{2}', ({0}) -> '{1}')"
    with without_forced_wall("imports"):
        op.execute(
            f"UPDATE imports SET inspection_state = {renamed.format('inspection_state', old, new)} "
            f"WHERE inspection_state ? '{old}'"
        )
        op.execute(
            "UPDATE imports SET inspection_state = jsonb_set(inspection_state, '{before,seen}', "
            f"{renamed.format(earlier, old, new)}) WHERE ({earlier}) ? '{old}'"
        )
