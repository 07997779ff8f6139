"""What an upgrade must leave as it is, read as the owner of a copy: rows, limits, suppressions, links, consent records.

Tables are known by their number in the catalog, which survives a new name. Rows are compared by sums of hashes, so
that order and size do not matter.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, TextClause, text
from sqlalchemy.orm import Session

from portal.advocates import consent_queries, consent_verification
from portal.policies import POLICIES

TABLES = """
    SELECT c.oid, c.relname, c.relforcerowsecurity FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> 'alembic_version' ORDER BY c.relname"""
COLUMNS = "SELECT attname FROM pg_attribute WHERE attrelid = :oid AND attnum > 0 AND NOT attisdropped"
IDENTITY = """
    SELECT pg_postmaster_start_time()::text, oid::text FROM pg_database WHERE datname = current_database()"""
HASH_SUM = "coalesce(sum(hashtextextended({}, 0)), 0)::text"
CHAIN = "concat_ws(':', advocate_id, number, purpose, previous, digest, hash)"
ANCHOR = "concat_ws(':', advocate_id, length, last_hash)"
SUPPRESSION = "concat_ws(':', tenant_id, address_hash, purpose, reason, lifted_at)"
LIMIT = "concat_ws(':', tenant_id, id, value)"
ID, LINK = "id::text", "concat_ws(':', id, link_version)"
GROWING = frozenset({"consent_words", "consent_texts"})  # a release with a further purpose adds its words
FINGERPRINTS = {
    "consent lines": ("consent_entries", CHAIN),
    "consent anchors": ("consent_anchors", ANCHOR),
    "suppressions": ("suppressions", SUPPRESSION),
    "limits": ("policies", LIMIT),
}


@dataclass(frozen=True)
class TableState:
    name: str
    rows: int
    ids: str = ""
    links: str = ""  # ids with the version that a link to the row must carry
    each_id: frozenset[str] = frozenset()  # of a table to which an upgrade may add rows

    def is_kept_in(self, after: "TableState") -> bool:
        if self.each_id:
            return self.each_id <= after.each_id
        return (self.rows, self.ids) == (after.rows, after.ids)


@dataclass(frozen=True)
class DatabaseState:
    tables: dict[int, TableState]
    fingerprints: dict[str, str]


@dataclass(frozen=True)
class Comparison:
    name: str
    before: str
    after: str
    same: bool


NO_TABLE = TableState("", 0)


def identity(connection: Connection) -> tuple[str, ...]:
    return tuple(connection.execute(text(IDENTITY)).one())


def read_state(connection: Connection) -> DatabaseState:
    with _over_the_wall(connection):
        return DatabaseState(
            tables={row.oid: _table_state(connection, row) for row in _tables(connection)},
            fingerprints={name: _sum(connection, *what) for name, what in FINGERPRINTS.items()},
        )


def compare(before: DatabaseState, after: DatabaseState) -> Iterator[Comparison]:
    pairs = [
        (before.tables.get(oid, NO_TABLE), after.tables.get(oid, NO_TABLE))
        for oid in before.tables | after.tables
    ]
    for old, new in sorted(pairs, key=lambda pair: pair[1].name or pair[0].name):
        if old.rows or new.rows:
            yield Comparison(_both_names(old, new), str(old.rows), str(new.rows), old.is_kept_in(new))
    for name, value in before.fingerprints.items():
        yield _unchanged(name, value == after.fingerprints[name])
    yield _unchanged("links", all(old.links == new.links for old, new in pairs if old.links))


def problems(connection: Connection, reserved: frozenset[str]) -> Iterator[Comparison]:
    with _over_the_wall(connection):
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            records = consent_queries.all_records(session)
            faults = sum(len(consent_verification.faults(record)) for record in records)
        limits = set(connection.execute(text("SELECT DISTINCT name FROM policies")).scalars())
        slugs = set(connection.execute(text("SELECT slug FROM tenants")).scalars())
    yield _none("faults in consent records", [str(faults)] if faults else [])
    yield _none("limits that nothing reads", limits - set(POLICIES))
    yield _none("workspaces at an address of ours", slugs & reserved)


def _table_state(connection: Connection, table: Row[Any]) -> TableState:
    columns = set(connection.execute(text(COLUMNS), {"oid": table.oid}).scalars())
    rows = connection.execute(_from(table.relname, "count(*)")).scalar_one()
    return TableState(
        table.relname,
        rows,
        ids=_sum(connection, table.relname, ID) if "id" in columns else "",
        links=_sum(connection, table.relname, LINK) if "link_version" in columns else "",
        each_id=_each_id(connection, table.relname) if table.relname in GROWING else frozenset(),
    )


def _each_id(connection: Connection, table: str) -> frozenset[str]:
    return frozenset(connection.execute(_from(table, ID)).scalars())


def _sum(connection: Connection, table: str, what: str) -> str:
    found: str = connection.execute(_from(table, HASH_SUM.format(what))).scalar_one()
    return found


def _from(table: str, what: str) -> TextClause:
    """Names come from the catalog and from this file, never from outside."""
    return text(f'SELECT {what} FROM "{table}"')  # noqa: S608


def _tables(connection: Connection) -> list[Row[Any]]:
    return list(connection.execute(text(TABLES)))


@contextmanager
def _over_the_wall(connection: Connection) -> Iterator[None]:
    """Even the owner is behind the wall: it is lifted in a savepoint of which nothing stays."""
    savepoint = connection.begin_nested()
    for table in _tables(connection):
        if table.relforcerowsecurity:
            connection.execute(text(f'ALTER TABLE "{table.relname}" NO FORCE ROW LEVEL SECURITY'))
    yield
    savepoint.rollback()


def _both_names(old: TableState, new: TableState) -> str:
    return new.name if old.name in {"", new.name} else f"{old.name} -> {new.name or 'gone'}"


def _unchanged(name: str, same: bool) -> Comparison:
    return Comparison(name, "as written", "as written" if same else "CHANGED", same)


def _none(name: str, found: Collection[str]) -> Comparison:
    return Comparison(name, "none", ", ".join(sorted(found)) or "none", not found)
