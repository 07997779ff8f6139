"""What `make migration` drafts: the next number, and a wall around each new table of workspaces."""

from types import SimpleNamespace

from alembic.operations import ops
from sqlalchemy import Column, Text

from portal.demo.new_migration import ALEMBIC_REMARKS, RaiseWallOp, add_walls, next_number


def test_the_next_number_follows_the_highest() -> None:
    assert next_number(["0001_the_wall.py", "0031_the_keys_inside_json.py", "__init__.py"]) == "0032"
    assert next_number([]) == "0001"


def test_new_tables_of_workspaces_get_a_wall_and_global_ones_do_not() -> None:
    made = [ops.CreateTableOp(name, [Column("name", Text())]) for name in ("stories", "users")]
    upgrade = ops.UpgradeOps([*made, ops.AddColumnOp("accounts", Column("motto", Text()))])
    add_walls(None, None, [SimpleNamespace(upgrade_ops=upgrade)])
    assert [one.table for one in upgrade.ops if isinstance(one, RaiseWallOp)] == ["stories"]


def test_remarks_of_the_tool_are_taken_out() -> None:
    draft = "def upgrade() -> None:\n    # ### commands auto generated ###\n    pass\n    # ### end ###\n    op.x()\n"
    assert ALEMBIC_REMARKS.sub("", draft) == "def upgrade() -> None:\n    op.x()\n"
