"""What must be written down after something happened outside: tried again when another transaction won, or when the
database was away for a moment. What is not written in the end is in doubt, which is worse than being late."""

import time
from collections.abc import Callable

import structlog
from sqlalchemy.exc import DBAPIError

from jobs.waiting import is_away
from tenants.database import lost_a_race

log = structlog.get_logger()
PAUSES = (0.1, 0.3, 1.0, 2.0, 4.0)  # seconds


def stubbornly(act: Callable[[], None]) -> None:
    """`act` is one unit of work that may be done twice. Raises what the last try raised."""
    for pause in PAUSES:
        try:
            return act()
        except DBAPIError as problem:
            if not (lost_a_race(problem) or is_away(problem)):
                raise
            log.warning("not written down yet, trying again", why=str(problem).splitlines()[0])
            time.sleep(pause)
    return act()
