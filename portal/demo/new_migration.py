"""`make migration NAME=stories_get_a_title`: drafts the next migration from the differences of models and schema.

They are compared on a throw-away server that has all migrations so far. The draft knows tables, columns, indexes and
foreign keys, and raises the wall of a new table. It does not see a changed CHECK, a policy, or rows to convert.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import renderers
from alembic.operations import ops

from portal.cli import MIGRATIONS, alembic_config, owner_connection, upgrade_database
from portal.demo import embedded
from portal.schema import GLOBAL_TABLES
from portal.settings import Settings

VERSIONS = MIGRATIONS / "versions"
NAME = re.compile(r"[a-z][a-z0-9_]{2,59}")
ALEMBIC_REMARKS = re.compile(r"^    (# ###.*|pass)\n", re.MULTILINE)


class RaiseWallOp(ops.MigrateOperation):
    """`raise_wall("…")` in the draft."""

    def __init__(self, table: str) -> None:
        self.table = table


@renderers.dispatch_for(RaiseWallOp)
def render_raise_wall(context: Any, operation: RaiseWallOp) -> str:
    context.imports.add("from tenants.row_level_security import raise_wall")
    return f'raise_wall("{operation.table}")'


def main(name: str) -> None:
    if not NAME.fullmatch(name):
        sys.exit("Say what exists afterwards, in lower case: make migration NAME=stories_get_a_title")
    with tempfile.TemporaryDirectory() as folder:
        path = draft(throwaway_settings(Path(folder)), name)
    path.write_text(ALEMBIC_REMARKS.sub("", path.read_text()))
    tidy(path)
    print(f"{path.relative_to(Path.cwd())}: read it, finish it, then `make test TESTS=tests/migrations`.")


def next_number(names: Iterable[str]) -> str:
    """After 0031_… comes 0032."""
    return f"{max((int(name[:4]) for name in names if name[:4].isdecimal()), default=0) + 1:04}"


def throwaway_settings(folder: Path) -> Settings:
    url, passwords = embedded.throwaway_postgres(folder), {embedded.OWNER: "o" * 32, embedded.APP: "a" * 32}
    embedded.make_roles(url, passwords)
    embedded.make_database(url)
    return Settings(
        database_url=embedded.url_for_role(url, embedded.APP, passwords[embedded.APP]),
        database_owner_url=embedded.url_for_role(url, embedded.OWNER, passwords[embedded.OWNER]),
        **dict.fromkeys(("wall_key", "secret_key", "data_key"), "k" * 40),
        redis_url="redis://127.0.0.1:9/0",
        public_url="http://localhost",
        goodword_env="development",
    )


def draft(settings: Settings, name: str) -> Path:
    upgrade_database(settings)
    number = next_number(path.name for path in VERSIONS.glob("*.py"))
    with owner_connection(settings) as connection:
        config = alembic_config(connection)
        config.set_main_option("truncate_slug_length", "60")
        message = name.replace("_", " ").capitalize() + "."
        command.revision(
            config, message, autogenerate=True, rev_id=number, process_revision_directives=add_walls
        )
    made = next(VERSIONS.glob(f"{number}_*.py"))
    return made.rename(made.with_name(f"{number}_{name}.py"))


def add_walls(context: Any, revision: Any, directives: list[Any]) -> None:
    upgrade = directives[0].upgrade_ops.ops
    new = [one.table_name for one in upgrade if isinstance(one, ops.CreateTableOp)]
    upgrade.extend(RaiseWallOp(table) for table in new if table not in GLOBAL_TABLES)


def tidy(path: Path) -> None:
    """Alembic writes one long line for each operation, and imports that a draft may not need."""
    ruff = str(Path(sys.executable).with_name("ruff"))
    subprocess.run([ruff, "check", "--quiet", "--select", "F,I", "--fix", str(path)], check=False)
    subprocess.run([ruff, "format", "--quiet", str(path)], check=False)


if __name__ == "__main__":
    main(sys.argv[1])
