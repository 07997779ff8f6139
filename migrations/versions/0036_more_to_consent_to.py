"""Two more purposes of consent, who was asked for a further one, and consents about one record.

On the way down nobody's word is lost: where somebody has agreed to one of the two (or taken it back), or to something
about a record, the downgrade refuses.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import platform_functions, raise_wall, without_forced_wall
from tenants.wall import PLATFORM_ROLE

revision = "0036"
down_revision = "0035"
ID, MOMENT, JSON = sa.Uuid(), sa.DateTime(timezone=True), postgresql.JSONB(astext_type=sa.Text())
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
ONE_HOLDER = "num_nonnulls(advocate_id, contact_id) = 1"
# As for consent_entries: the policy one_tenant holds for the platform role, too.
ERASE_GRANTS = "SELECT (tenant_id, id, advocate_id, personal, salt), UPDATE (personal, salt)"
ERASE = {
    "erase_record_consents(advocate uuid)": """
        UPDATE public.record_consents r SET personal = NULL, salt = NULL
        WHERE r.tenant_id = (SELECT wall.tenant()) AND r.advocate_id = $1
            AND (r.personal IS NOT NULL OR r.salt IS NOT NULL) AND EXISTS (SELECT FROM public.advocates a
                WHERE a.tenant_id = r.tenant_id AND a.id = r.advocate_id AND a.state = 'erased')
        RETURNING r.id"""
}


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _allow_purposes(*BEFORE, *TEXTS)
    with without_forced_wall("consent_texts"):
        for purpose, (title, text) in TEXTS.items():
            given = {"purpose": purpose, "title": title, "text": text}
            op.get_bind().execute(sa.text(ADD_TEXT), given)
    _create_requests()
    _create_record_consents()
    _create_record_anchors()
    op.execute(f"GRANT {ERASE_GRANTS} ON record_consents TO {PLATFORM_ROLE}")
    platform_functions(ERASE, volatility="VOLATILE")


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _refuse_where_someone_agreed()
    op.execute("DROP FUNCTION wall.erase_record_consents")
    for table in ("record_consent_anchors", "record_consents", "record_consent_texts", "consent_requests"):
        op.drop_table(table)
    with without_forced_wall("consent_texts"):
        op.execute(f"DELETE FROM consent_texts WHERE purpose IN {tuple(TEXTS)}")
    _allow_purposes(*BEFORE)


def _allow_purposes(*purposes: str) -> None:
    for table in ("consent_texts", "consent_entries"):
        name = op.f(f"ck_{table}_consentpurpose")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, f"purpose IN {purposes}")


def _refuse_where_someone_agreed() -> None:
    with without_forced_wall("consent_entries"), without_forced_wall("record_consents"):
        about_purposes = f"SELECT count(*) FROM consent_entries WHERE purpose IN {tuple(TEXTS)}"
        purposes = op.get_bind().scalar(sa.text(about_purposes))
        records = op.get_bind().scalar(sa.text("SELECT count(*) FROM record_consents"))
    if purposes or records:
        raise SystemExit(
            "This database can't go back to an older version: people have agreed to surveys, to recommendations or to "
            f"something about one record (entries: {purposes + records}), and an older version would lose their word. "
            "Nothing was changed."
        )


def _create_requests() -> None:
    op.create_table(
        "consent_requests",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("advocate_id", ID, nullable=False),
        sa.Column("purpose", _enum("consentpurpose", *BEFORE, *TEXTS), nullable=False),
        sa.Column("text_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("link_sent_at", MOMENT, nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (granted IS NULL)",
            name=op.f("ck_consent_requests_answered_says_something"),
        ),
        *_keys("consent_requests", advocate_id="advocates", text_id="consent_texts", by_id="memberships"),
    )
    op.create_index(
        "ix_consent_requests_advocate", "consent_requests", ["tenant_id", "advocate_id", "sent_at"]
    )
    op.create_index("ix_consent_requests_purpose", "consent_requests", ["tenant_id", "purpose", "sent_at"])
    raise_wall("consent_requests")


def _create_record_consents() -> None:
    op.create_table(
        "record_consent_texts",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *_keys("record_consent_texts"),
        _unique("record_consent_texts", "kind", "version"),
    )
    op.create_table(
        "record_consents",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("advocate_id", ID, nullable=True),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("text_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column(
            "source", _enum("consentsource", "join", "invitation", "own_page", "letter"), nullable=False
        ),
        sa.Column("personal", JSON, nullable=True),
        sa.Column("salt", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(ONE_HOLDER, name=op.f("ck_record_consents_one_holder")),
        *_keys("record_consents", advocate_id="advocates", text_id="record_consent_texts"),
        _unique("record_consents", "advocate_id", "number"),
        _unique("record_consents", "contact_id", "number"),
    )
    op.create_index(
        "ix_record_consents_subject", "record_consents", ["tenant_id", "subject_type", "subject_id"]
    )
    raise_wall("record_consent_texts")
    raise_wall("record_consents")


def _create_record_anchors() -> None:
    op.create_table(
        "record_consent_anchors",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("advocate_id", ID, nullable=True),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(ONE_HOLDER, name=op.f("ck_record_consent_anchors_one_holder")),
        sa.CheckConstraint("length > 0", name=op.f("ck_record_consent_anchors_length_positive")),
        *_keys("record_consent_anchors", advocate_id="advocates"),
        _unique("record_consent_anchors", "advocate_id", "length"),
        _unique("record_consent_anchors", "contact_id", "length"),
    )
    raise_wall("record_consent_anchors")


def _keys(table: str, **references: str) -> list[sa.Constraint]:
    """The primary key, and foreign keys that stay in the workspace."""
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{other}.tenant_id", f"{other}.id"],
                name=op.f(f"fk_{table}_tenant_id_{column}"),
            )
            for column, other in references.items()
        ),
    ]


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    name = op.f(f"uq_{table}_tenant_id_{'_'.join(columns)}")
    return sa.UniqueConstraint("tenant_id", *columns, name=name)


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
