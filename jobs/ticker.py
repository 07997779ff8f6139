"""The ticker: `python -m jobs.ticker`, any number of them. It runs what is due by the clock, and wakes the
queues where work is waiting, so that nothing is lost when Redis was away or wiped."""

import os
import signal

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from jobs import schedule, service_waits
from jobs.service_waits import is_connection_lost
from jobs.time_budget import stop_requested
from portal.bootstrap import check_startup, connect_services
from portal.gateways.queue import JobQueue, WorkQueue
from portal.settings import Settings
from tenants.clock import utc_now
from tenants.database import system_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()
INTERVAL_SECONDS = 2.0  # between two looks


def main() -> None:
    settings = Settings.from_env()
    queues = connect_services(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop_requested.set())
    service_waits.wait_for_database()
    check_startup(settings)
    log.info("ticker is ready", pid=os.getpid())
    while not stop_requested.is_set():
        service_waits.wait_for_database_and_clock()
        tick(queues)
        stop_requested.wait(INTERVAL_SECONDS)


def tick(queues: JobQueue) -> None:
    """Look once. A database that goes away in the middle costs this look and nothing else."""
    try:
        wake_queues(queues)  # first: nobody's email waits for what happens by the clock in all workspaces
        schedule.run_due(utc_now())
        wake_queues(queues)
    except DBAPIError as problem:
        if not is_connection_lost(problem):
            raise
        log.warning("database went away", why=str(problem).splitlines()[0])


def wake_queues(queues: JobQueue) -> None:
    with system_session(read_only=True) as session:
        busy = [queue for queue in WorkQueue if has_work(session, queue)]
    for queue in busy:
        queues.wake(queue.value)


def has_work(session: Session, queue: WorkQueue) -> bool:
    now = utc_now()
    if tenants_with_due(session, "envelopes", now=now, queue=queue.value):
        return True
    if queue is WorkQueue.MESSAGES:
        heard = tenants_with_due(session, "received_events")
        steps = tenants_with_due(session, "sequence_runs", now=now)
        asked = tenants_with_due(session, "dns") or tenants_with_due(session, "keys")
        listed = tenants_with_due(session, "names") or tenants_with_due(session, "list_summaries", now=now)
        return bool(heard or steps or asked or listed)
    if queue is WorkQueue.IMPORTS:
        return bool(tenants_with_due(session, "imports", now=now))
    if queue is WorkQueue.EXPORTS:
        return bool(tenants_with_due(session, "exports", now=now))
    if queue is WorkQueue.CAMPAIGNS:
        return bool(tenants_with_due(session, "campaigns", now=now))
    return bool(tenants_with_due(session, "emails", now=now, queue=queue.value))


if __name__ == "__main__":
    main()
