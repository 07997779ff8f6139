"""Processes that find the database or Redis away wait, say so, and go on when it is back."""

from collections.abc import Callable
from typing import TypeVar

import structlog
from psycopg.errors import QueryCanceled
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError, OperationalError

from jobs.shift import leaving
from tenants.database import door, lost_a_race, read_clock

log = structlog.get_logger()
T = TypeVar("T")
FIRST, LONGEST = 0.5, 10.0  # seconds between two knocks


def until_there(what: str, knock: Callable[[], T]) -> T | None:
    """What `knock` gives once it no longer finds its service away; None when the process was asked to stop."""
    pause = FIRST
    while not leaving.is_set():
        try:
            return knock()
        except (OperationalError, RedisError, OSError) as away:
            log.warning(f"{what} is away, waiting", why=str(away).splitlines()[0], seconds=pause)
            leaving.wait(pause)
            pause = min(pause * 2, LONGEST)
    return None


def for_the_database() -> None:
    until_there("database", _knock)


def for_the_database_and_clock() -> None:
    """Wait for it, and take over how far the demo has jumped ahead."""
    until_there("database", read_clock)


def _knock() -> None:
    door.engine.connect().close()


def is_away(problem: BaseException) -> bool:
    """Did the connection go, rather than the statement fail?"""
    if not isinstance(problem, DBAPIError):
        return False
    statement_failed = lost_a_race(problem) or isinstance(problem.orig, QueryCanceled)
    return problem.connection_invalidated or (isinstance(problem, OperationalError) and not statement_failed)
