"""Saved audiences: by conditions or by names, and draws of people from them, frozen with their seed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import raise_wall

revision = "0043"
down_revision = "0042"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)
WORDS = sa.ARRAY(sa.Text())
TABLES = ("segments", "segment_people", "segment_draws", "segment_draw_people")


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _create_segments()
    _create_segment_people()
    _create_draws()
    _create_draw_people()
    for table in TABLES:
        raise_wall(table)


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_segments() -> None:
    op.create_table(
        "segments",
        *_first_columns(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_sort", sa.Text(), nullable=False),
        sa.Column("type", _enum("segmenttype", "conditions", "list"), nullable=False),
        sa.Column("conditions", postgresql.JSONB(), nullable=False),
        sa.Column("sharing", _enum("segmentsharing", "owner", "managers"), nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("origin_attributes", WORDS, nullable=False),
        sa.Column("is_origin_known", sa.Boolean(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("stated_by_id", ID, nullable=True),
        sa.Column("stated_at", MOMENT, nullable=True),
        sa.Column("people_revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("people_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _check("segments", "list_without_conditions", "type = 'conditions' OR conditions = '{}'"),
        _check("segments", "statement_has_a_time", "(statement = '') = (stated_at IS NULL)"),
        *_keys("segments", owner_id="memberships", stated_by_id="memberships"),
    )
    op.create_index("ix_segments_name", "segments", ["tenant_id", "name_sort", "id"])


def _create_segment_people() -> None:
    op.create_table(
        "segment_people",
        *_first_columns(),
        sa.Column("segment_id", ID, nullable=False),
        sa.Column("advocate_id", ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        *_bulk_keys("segment_people", "segment_id", "segments"),
    )
    op.create_index("ix_segment_people_advocate", "segment_people", ["tenant_id", "advocate_id"])


def _create_draws() -> None:
    op.create_table(
        "segment_draws",
        *_first_columns(),
        sa.Column("segment_id", ID, nullable=True),
        sa.Column("audience", postgresql.JSONB(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        _check("segment_draws", "size_positive", "size > 0"),
        _check("segment_draws", "drawn_of_matched", "0 <= drawn AND drawn <= matched"),
        *_keys("segment_draws", segment_id="segments", by_id="memberships"),
    )
    op.create_index("ix_segment_draws_segment", "segment_draws", ["tenant_id", "segment_id"])


def _create_draw_people() -> None:
    op.create_table(
        "segment_draw_people",
        *_first_columns(),
        sa.Column("draw_id", ID, nullable=False),
        sa.Column("advocate_id", ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("left_out", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _check("segment_draw_people", "place_or_reason", "(place IS NULL) = (left_out <> '')"),
        *_bulk_keys("segment_draw_people", "draw_id", "segment_draws"),
    )
    op.create_index("ix_segment_draw_people_place", "segment_draw_people", ["tenant_id", "draw_id", "place"])
    op.create_index("ix_segment_draw_people_advocate", "segment_draw_people", ["tenant_id", "advocate_id"])


def _first_columns() -> list[sa.Column[object]]:
    return [sa.Column("tenant_id", ID, nullable=False), sa.Column("id", ID, nullable=False)]


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _keys(table: str, **references: str) -> list[sa.Constraint]:
    """The primary key, and foreign keys that stay in the workspace."""
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        *(_reference(table, column, other) for column, other in references.items()),
    ]


def _bulk_keys(table: str, parent: str, parents: str) -> list[sa.Constraint]:
    """Of rows that go with their parent: the workspace is checked by it."""
    return [
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        _reference(table, parent, parents, ondelete="CASCADE"),
        _reference(table, "advocate_id", "advocates"),
        sa.UniqueConstraint(
            "tenant_id", parent, "advocate_id", name=op.f(f"uq_{table}_tenant_id_{parent}_advocate_id")
        ),
    ]


def _reference(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{other}.tenant_id", f"{other}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete=ondelete,
    )


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
