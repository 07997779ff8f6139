"""What a company is to us; tags and custom fields; from when on people may be asked, for each kind of ask.

On the way down tags, fields with their values, and relationships are lost: the release before has no place for them.
"""

import sqlalchemy as sa
from alembic import op

from tenants.row_level_security import raise_wall

revision = "0041"
down_revision = "0040"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)
WORDS = sa.ARRAY(sa.Text())
RELATIONSHIPS = ("customer", "reseller", "agency", "competitor", "government", "own", "unknown")
ASK_KINDS = (
    *("call", "site_visit", "written", "quote", "speaking", "rfp", "story", "review", "referral"),
    *("peer_question", "board_seat", "event", "board_meeting", "survey"),
)


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    relationship = _enum("accountrelationship", *RELATIONSHIPS)
    column = sa.Column("relationship", relationship, nullable=False, server_default="unknown")
    op.add_column("accounts", column)
    op.alter_column("accounts", "relationship", server_default=None)
    _create_tags()
    for table, subject in (("account_tags", "account"), ("advocate_tags", "advocate")):
        _create_tagged(table, subject)
    _create_fields()
    _create_values()
    _create_availability()


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for table in (
        *("advocate_availability", "custom_field_values", "custom_fields"),
        *("advocate_tags", "account_tags", "tags"),
    ):
        op.drop_table(table)
    op.drop_column("accounts", "relationship")


def _create_tags() -> None:
    op.create_table(
        "tags",
        *_begin(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_norm", sa.Text(), nullable=False),
        sa.Column("filled_by", WORDS, nullable=False),
        *_statement("tags"),
        sa.Column("retired_at", MOMENT, nullable=True),
        *_end(),
        *_keys("tags", stated_by_id="memberships"),
        sa.UniqueConstraint("tenant_id", "name_norm", name=op.f("uq_tags_tenant_id_name_norm")),
    )
    raise_wall("tags")


def _create_tagged(table: str, subject: str) -> None:
    op.create_table(
        table,
        *_begin(),
        sa.Column(f"{subject}_id", ID, nullable=False),
        sa.Column("tag_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=True),
        *_end(),
        *_keys(table, **{f"{subject}_id": f"{subject}s", "tag_id": "tags", "by_id": "memberships"}),
        sa.UniqueConstraint(
            *("tenant_id", f"{subject}_id", "tag_id"), name=op.f(f"uq_{table}_tenant_id_{subject}_id_tag_id")
        ),
    )
    op.create_index(f"ix_{table}_tag", table, ["tenant_id", "tag_id", f"{subject}_id"])
    raise_wall(table)


def _create_fields() -> None:
    op.create_table(
        "custom_fields",
        *_begin(),
        sa.Column("about", _enum("fieldsubject", "account", "person"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_norm", sa.Text(), nullable=False),
        sa.Column("type", _enum("customfieldtype", "text", "number", "choice", "date"), nullable=False),
        sa.Column("choices", WORDS, nullable=False),
        *_statement("custom_fields"),
        sa.Column("retired_at", MOMENT, nullable=True),
        *_end(),
        _check(
            "custom_fields",
            "choices_to_choose_from",
            "CASE WHEN type = 'choice' THEN cardinality(choices) > 0 ELSE choices = '{}' END",
        ),
        *_keys("custom_fields", stated_by_id="memberships"),
        sa.UniqueConstraint(
            *("tenant_id", "about", "name_norm"), name=op.f("uq_custom_fields_tenant_id_about_name_norm")
        ),
    )
    raise_wall("custom_fields")


def _create_values() -> None:
    table = "custom_field_values"
    op.create_table(
        table,
        *_begin(),
        sa.Column("field_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("advocate_id", ID, nullable=True),
        sa.Column("text_value", sa.Text(), nullable=True),
        sa.Column("number_value", sa.Numeric(21, 6), nullable=True),
        sa.Column("date_value", sa.Date(), nullable=True),
        *_end(),
        _check(table, "about_one", "num_nonnulls(account_id, advocate_id) = 1"),
        _check(table, "one_value", "num_nonnulls(text_value, number_value, date_value) = 1"),
        _check(table, "text_fits_an_index", "char_length(text_value) <= 500"),
        *_keys(table, field_id="custom_fields", account_id="accounts", advocate_id="advocates"),
    )
    for subject in ("account", "advocate"):
        columns, there = ["tenant_id", f"{subject}_id", "field_id"], sa.text(f"{subject}_id IS NOT NULL")
        op.create_index(f"uq_{table}_{subject}", table, columns, unique=True, postgresql_where=there)
    for kind in ("text", "number", "date"):
        op.create_index(f"ix_{table}_{kind}", table, ["tenant_id", "field_id", f"{kind}_value"])
    raise_wall(table)


def _create_availability() -> None:
    table = "advocate_availability"
    op.create_table(
        table,
        *_begin(),
        sa.Column("advocate_id", ID, nullable=False),
        sa.Column("kind", _enum("askkind", *ASK_KINDS), nullable=False),
        sa.Column("available_from", sa.Date(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "advocate_id"],
            ["advocates.tenant_id", "advocates.id"],
            name=op.f(f"fk_{table}_tenant_id_advocate_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            *("tenant_id", "advocate_id", "kind"), name=op.f(f"uq_{table}_tenant_id_advocate_id_kind")
        ),
    )
    op.create_index(f"ix_{table}_kind", table, ["tenant_id", "kind", "available_from", "advocate_id"])
    raise_wall(table)


def _begin() -> list[sa.Column[object]]:
    return [sa.Column("tenant_id", ID, nullable=False), sa.Column("id", ID, nullable=False)]


def _end() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
    ]


def _statement(table: str) -> list[sa.schema.SchemaItem]:
    """What an admin says in writing about where it comes from."""
    return [
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("stated_by_id", ID, nullable=True),
        sa.Column("stated_at", MOMENT, nullable=True),
        _check(table, "statement_has_a_time", "(statement = '') = (stated_at IS NULL)"),
    ]


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


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


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
