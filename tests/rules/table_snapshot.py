"""What a walk left behind: of every table, how many rows there are and which transaction wrote last."""

import psycopg

from portal.schema import metadata


def traces(superuser: psycopg.Connection, *, without: tuple[str, ...] = ()) -> dict[str, tuple[int, ...]]:
    """Table name -> (rows, newest writer); two equal answers mean that nothing was written in between."""
    superuser.rollback()
    tables = sorted(set(metadata.tables) - set(without))
    return {table: _of(superuser, table) for table in tables}


def _of(superuser: psycopg.Connection, table: str) -> tuple[int, ...]:
    query = f"SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM {table}"
    return superuser.execute(query).fetchone() or ()
