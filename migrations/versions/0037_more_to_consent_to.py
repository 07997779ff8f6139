"""Two more purposes of consent.

On the way down nobody's word is lost: where somebody has agreed to one of the two (or taken it back), the downgrade
refuses.
"""

import sqlalchemy as sa
from alembic import op

from tenants.migration_ops import without_forced_wall

revision = "0037"
down_revision = "0033"
BEFORE = ("calls", "name", "events", "reviews", "news")
TEXTS = {
    "feedback": (
        "Surveys and research",
        "%(workspace)s may ask me what I think of its products and of working with it. My answers carry my name.",
    ),
    "referrals": (
        "Recommendations",
        "%(workspace)s may ask me whom I would recommend it to. I decide whether I name somebody or tell them myself.",
    ),
}
ADD_TEXT = """
    INSERT INTO consent_texts (tenant_id, id, purpose, version, title, text, created_at)
    SELECT t.id, gen_random_uuid(), CAST(:purpose AS text), 1, :title, replace(:text, '%(workspace)s', t.name), now()
    FROM tenants t WHERE NOT EXISTS (
        SELECT FROM consent_texts c WHERE c.tenant_id = t.id AND c.purpose = CAST(:purpose AS text))"""


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _allow_purposes(*BEFORE, *TEXTS)
    with without_forced_wall("consent_texts"):
        for purpose, (title, text) in TEXTS.items():
            given = {"purpose": purpose, "title": title, "text": text}
            op.get_bind().execute(sa.text(ADD_TEXT), given)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _refuse_where_someone_agreed()
    with without_forced_wall("consent_texts"):
        op.execute(f"DELETE FROM consent_texts WHERE purpose IN {tuple(TEXTS)}")
    _allow_purposes(*BEFORE)


def _allow_purposes(*purposes: str) -> None:
    for table in ("consent_texts", "consent_entries"):
        name = op.f(f"ck_{table}_consentpurpose")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, f"purpose IN {purposes}")


def _refuse_where_someone_agreed() -> None:
    with without_forced_wall("consent_entries"):
        about_them = f"SELECT count(*) FROM consent_entries WHERE purpose IN {tuple(TEXTS)}"
        entries = op.get_bind().scalar(sa.text(about_them))
    if entries:
        raise SystemExit(
            "This database can't go back to an older version: people have agreed to surveys or to recommendations "
            f"(entries: {entries}), and an older version would lose their word. Nothing was changed."
        )
