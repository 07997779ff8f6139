"""The ticker: `python -m jobs.ticker`, any number of them. It runs what is due by the clock, and rings the bells of
queues where work is waiting, so that nothing is lost when Redis was away or wiped."""

import os
import signal

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from jobs import schedule, waiting
from jobs.shift import leaving
from jobs.waiting import is_away
from portal.doors import insist, open_doors
from portal.gateways.bell import Bell, Worker
from portal.settings import Settings
from tenants.clock import utc_now
from tenants.database import system_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()
SECONDS = 2.0  # between two looks


def main() -> None:
    settings = Settings.from_env()
    bell = open_doors(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: leaving.set())
    waiting.for_the_database()
    insist(settings)
    log.info("ticker is ready", pid=os.getpid())
    while not leaving.is_set():
        waiting.for_the_database_and_clock()
        tick(bell)
        leaving.wait(SECONDS)


def tick(bell: Bell) -> None:
    """One look. A database that goes away in the middle costs this look and nothing else."""
    try:
        ring(bell)  # first: nobody's letter waits for what happens by the clock in all workspaces
        schedule.run_due(utc_now())
        ring(bell)
    except DBAPIError as problem:
        if not is_away(problem):
            raise
        log.warning("database went away", why=str(problem).splitlines()[0])


def ring(bell: Bell) -> None:
    """Wake the workers of every queue where something is due and nobody has been told."""
    with system_session(read_only=True) as session:
        busy = [queue for queue in Worker if is_work_for(session, queue)]
    for queue in busy:
        bell.ring(queue.value)


def is_work_for(session: Session, queue: Worker) -> bool:
    now = utc_now()
    if tenants_with_due(session, "envelopes", now=now, queue=queue.value):
        return True
    if queue is Worker.EVENTS:
        heard = tenants_with_due(session, "received_events")
        steps = tenants_with_due(session, "sequence_runs", now=now)
        asked = tenants_with_due(session, "dns") or tenants_with_due(session, "keys")
        return bool(heard or steps or asked)
    if queue is Worker.IMPORTS:
        return bool(tenants_with_due(session, "imports", now=now))
    if queue is Worker.EXPORTS:
        return bool(tenants_with_due(session, "exports", now=now))
    return bool(tenants_with_due(session, "letters", now=now, queue=queue.value))


if __name__ == "__main__":
    main()
