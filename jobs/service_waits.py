"""Processes that find the database or Redis away wait, say so, and go on when it is back."""

from collections.abc import Callable
from typing import TypeVar

import structlog
from psycopg.errors import QueryCanceled
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError, OperationalError

from jobs.time_budget import stop_requested
from tenants.database import database, is_lock_conflict, read_clock

log = structlog.get_logger()
T = TypeVar("T")
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0  # seconds between two attempts


def wait_for(service: str, connect: Callable[[], T]) -> T | None:
    """Return what `connect` gives once its service is there; None when the process was asked to stop."""
    pause = FIRST_PAUSE
    while not stop_requested.is_set():
        try:
            return connect()
        except (OperationalError, RedisError, OSError) as away:
            log.warning(f"{service} is away, waiting", why=str(away).splitlines()[0], seconds=pause)
            stop_requested.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
    return None


def wait_for_database() -> None:
    wait_for("database", _connect)


def wait_for_database_and_clock() -> None:
    wait_for("database", read_clock)


def _connect() -> None:
    database.engine.connect().close()


def is_connection_lost(problem: BaseException) -> bool:
    if not isinstance(problem, DBAPIError):
        return False
    statement_failed = is_lock_conflict(problem) or isinstance(problem.orig, QueryCanceled)
    return problem.connection_invalidated or (isinstance(problem, OperationalError) and not statement_failed)
