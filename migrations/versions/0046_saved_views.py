"""Saved views of lists, what was done with many rows at once, and exports of any declared list.

On the way down views and what is left of bulk actions are lost; exports of other lists than people's go, too.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tenants.row_level_security import raise_wall, without_forced_wall

revision = "0046"
down_revision = "0045"
ID, MOMENT = sa.Uuid(), sa.DateTime(timezone=True)
OTHERS = ("metric_rows", "import_lines", "survey_answers")
OPEN_ROWS = "left_out = '' AND done_at IS NULL"


def upgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _create_views()
    _create_bulk_actions()
    _create_rows()
    _let_exports_be(("advocates", "list", *OTHERS))
    with without_forced_wall("exports"):
        op.execute(
            """UPDATE exports SET kind = 'list', filters = filters || '{"list": "advocates"}'
               WHERE kind = 'advocates'"""
        )
    _let_exports_be(("list", *OTHERS))


def downgrade() -> None:
    op.execute("SET lock_timeout = '5s'")
    _let_exports_be(("advocates", "list", *OTHERS))
    with without_forced_wall("exports"):
        op.execute(
            "DELETE FROM exports WHERE kind = 'list' AND filters ->> 'list' IS DISTINCT FROM 'advocates'"
        )
        op.execute("UPDATE exports SET kind = 'advocates', filters = filters - 'list' WHERE kind = 'list'")
    _let_exports_be(("advocates", *OTHERS))
    for table in ("bulk_action_rows", "bulk_actions", "saved_views"):
        op.drop_table(table)


def _let_exports_be(kinds: tuple[str, ...]) -> None:
    name = op.f("ck_exports_exportkind")
    op.drop_constraint(name, "exports")
    op.create_check_constraint(name, "exports", f"kind IN {kinds}")


def _create_views() -> None:
    op.create_table(
        "saved_views",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("arguments", postgresql.JSONB(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _check("saved_views", "has_a_name", "name <> ''"),
        *_keys("saved_views", by_id="memberships"),
        _unique("saved_views", "list_name", "by_id", "name"),
    )
    raise_wall("saved_views")


def _create_bulk_actions() -> None:
    op.create_table(
        "bulk_actions",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("act_name", sa.Text(), nullable=False),
        sa.Column("arguments", postgresql.JSONB(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("state", _enum("bulkactionstate", "prepared", "running", "done"), nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        _check("bulk_actions", "started_unless_prepared", "(state = 'prepared') = (started_at IS NULL)"),
        _check("bulk_actions", "finished_once_done", "(state = 'done') = (finished_at IS NOT NULL)"),
        *_keys("bulk_actions", by_id="memberships"),
    )
    op.create_index("ix_bulk_actions_by", "bulk_actions", ["tenant_id", "by_id", "created_at"])
    raise_wall("bulk_actions")


def _create_rows() -> None:
    op.create_table(
        "bulk_action_rows",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("bulk_action_id", ID, nullable=False),
        sa.Column("row_id", ID, nullable=False),
        sa.Column("left_out", sa.Text(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        _check("bulk_action_rows", "done_or_left_out", "left_out = '' OR done_at IS NULL"),
        *_keys("bulk_action_rows", cascades=("bulk_action_id",), bulk_action_id="bulk_actions"),
        _unique("bulk_action_rows", "bulk_action_id", "row_id"),
    )
    op.create_index(
        "ix_bulk_action_rows_to_do",
        "bulk_action_rows",
        ["tenant_id", "bulk_action_id", "row_id"],
        postgresql_where=sa.text(OPEN_ROWS),
    )
    raise_wall("bulk_action_rows")


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _keys(table: str, cascades: tuple[str, ...] = (), **references: str) -> list[sa.Constraint]:
    """The primary key, and foreign keys that stay in the workspace."""
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{other}.tenant_id", f"{other}.id"],
                name=op.f(f"fk_{table}_tenant_id_{column}"),
                ondelete="CASCADE" if column in cascades else None,
            )
            for column, other in references.items()
        ),
    ]


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    name = op.f(f"uq_{table}_tenant_id_{'_'.join(columns)}")
    return sa.UniqueConstraint("tenant_id", *columns, name=name)


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
