"""How pg_catalog is asked: whose names are expected, and which objects are not PostgreSQL's own."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from tenants.wall import PLATFORM

OUR_SCHEMA = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
KEYS = ("wall.key", "wall.data_key")  # the owner's alone: neither walled nor readable
_OURS = f"""({OUR_SCHEMA} AND NOT EXISTS (SELECT FROM pg_depend d
    WHERE d.classid = '{{catalog}}'::regclass AND d.objid = {{row}}.oid AND d.deptype = 'e'))"""
OUR_RELATION = _OURS.format(catalog="pg_class", row="c")  # c: pg_class, n: pg_namespace
OUR_FUNCTION = _OURS.format(catalog="pg_proc", row="p")  # what an extension brings is the extension's


@dataclass(frozen=True)
class Names:
    """The three roles, and the tables that belong to no workspace."""

    app: str
    owner: str
    global_tables: Collection[str]
    platform: str = PLATFORM

    def is_global(self, table: str) -> bool:
        schema, _, name = table.partition(".")
        return schema == "public" and name in self.global_tables


def known_names(connection: Connection, app_role: str, global_tables: Collection[str]) -> Names:
    """The owner is whoever owns the key of the wall."""
    owner = connection.scalar(
        text("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'wall.key'::regclass")
    )
    return Names(app_role, str(owner), global_tables)


def ask(connection: Connection, question: str, **given: object) -> Sequence[Row[Any]]:
    return connection.execute(text(question), given).all()


def differences(found: Mapping[str, object], expected: Mapping[str, object]) -> list[str]:
    """The facts that are not as expected, by name."""
    return [name for name, value in expected.items() if found[name] != value]
