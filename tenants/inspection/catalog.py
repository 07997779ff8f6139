"""How pg_catalog is asked: whose names are expected, and which objects are not PostgreSQL's own."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from tenants.wall import PLATFORM_ROLE

APP_SCHEMA = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
KEY_TABLES = ("wall.key", "wall.data_key")  # the owner's alone: neither walled nor readable
_APP_OBJECT = f"""({APP_SCHEMA} AND NOT EXISTS (SELECT FROM pg_depend d
    WHERE d.classid = '{{catalog}}'::regclass AND d.objid = {{row}}.oid AND d.deptype = 'e'))"""
APP_RELATION = _APP_OBJECT.format(catalog="pg_class", row="c")  # c: pg_class, n: pg_namespace
APP_FUNCTION = _APP_OBJECT.format(catalog="pg_proc", row="p")  # what an extension brings is the extension's


@dataclass(frozen=True)
class ExpectedNames:
    """The three roles, and the tables that belong to no workspace."""

    app: str
    owner: str
    global_tables: Collection[str]
    platform: str = PLATFORM_ROLE

    def is_global(self, table: str) -> bool:
        schema, _, name = table.partition(".")
        return schema == "public" and name in self.global_tables


def known_names(connection: Connection, app_role: str, global_tables: Collection[str]) -> ExpectedNames:
    owner = connection.scalar(
        text("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'wall.key'::regclass")
    )
    return ExpectedNames(app_role, str(owner), global_tables)


def query(connection: Connection, question: str, **given: object) -> Sequence[Row[Any]]:
    return connection.execute(text(question), given).all()


def differences(found: Mapping[str, object], expected: Mapping[str, object]) -> list[str]:
    return [name for name, value in expected.items() if found[name] != value]
