"""Locks that no row stands for: they are known by a name alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select

from tenants.database import database


@contextmanager
def only_worker(name: str) -> Iterator[bool]:
    """Yield whether this is the only process with the lock, which is held on a connection of its own."""
    key = func.hashtextextended(name, 0)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        has_lock = bool(connection.scalar(select(func.pg_try_advisory_lock(key))))
        try:
            yield has_lock
        finally:
            if has_lock:
                connection.execute(select(func.pg_advisory_unlock(key)))
