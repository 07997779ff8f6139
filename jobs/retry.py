"""What must be written down after something happened outside: tried again when another transaction won, or when the
database was away for a moment. What is not written in the end becomes unknown, which is worse than being late."""

import time
from collections.abc import Callable

import structlog
from sqlalchemy.exc import DBAPIError

from jobs.service_waits import is_connection_lost
from tenants.database import is_lock_conflict

log = structlog.get_logger()
RETRY_DELAYS = (0.1, 0.3, 1.0, 2.0, 4.0)  # seconds


def with_retries(unit_of_work: Callable[[], None]) -> None:
    """Run a unit of work that may be done twice; raise what the last try raised."""
    for pause in RETRY_DELAYS:
        try:
            return unit_of_work()
        except DBAPIError as problem:
            if not (is_lock_conflict(problem) or is_connection_lost(problem)):
                raise
            log.warning("not written down yet, trying again", why=str(problem).splitlines()[0])
            time.sleep(pause)
    return unit_of_work()
