"""A worker: `python -m jobs.worker mail`. One process, one queue: RQ with several can lose a job when killed."""

import gc
import os
import signal
import sys
from importlib import import_module
from types import FrameType

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy.orm import configure_mappers

from jobs import service_waits
from jobs.time_budget import stop_requested
from jobs.worker_context import WorkerContext, open_worker_context
from portal.bootstrap import check_startup
from portal.gateways.queue import JOB_FUNCTIONS, WorkQueue
from portal.settings import Settings

log = structlog.get_logger()
NICENESS = 10
PATIENT = (WorkQueue.EXPORTS, WorkQueue.CAMPAIGNS)
FORMER_NAMES = {"events": WorkQueue.MESSAGES}  # service files written for an older release still start it
JOBS_PER_PROCESS = 1000  # then the process starts itself anew: memory goes back, new code comes in


class QueueWorker(SimpleWorker):
    """Before each job the database is there and the clock is right; Redis may leave at any moment."""

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        service_waits.wait_for_database_and_clock()
        return bool(super().perform_job(job, queue, execution))

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        stop_requested.set()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def set_shutdown_requested_date(self) -> None:
        try:
            super().set_shutdown_requested_date()  # type: ignore[no-untyped-call]
        except RedisError:
            log.warning("redis is away, stopping all the same")


def main(arguments: list[str]) -> None:
    queue, settings = queue_from_arguments(arguments), Settings.from_env()
    lower_priority(queue)
    at = open_worker_context(settings)
    stop_on_signal()
    service_waits.wait_for_database()
    check_startup(settings)
    keep_what_is_loaded(queue)
    log.info("worker is ready", queue=queue.value, pid=os.getpid())
    while not stop_requested.is_set():
        service_waits.wait_for("redis", lambda: run_jobs(at, queue))
        if not stop_requested.is_set():
            restart(queue)


def queue_from_arguments(arguments: list[str]) -> WorkQueue:
    names = [FORMER_NAMES.get(name, name) for name in arguments]
    if len(names) != 1 or names[0] not in list(WorkQueue):
        raise SystemExit(f"Usage: python -m jobs.worker {'|'.join(JOB_FUNCTIONS)}")
    return WorkQueue(names[0])


def lower_priority(queue: WorkQueue) -> None:
    """Lower the priority: on a host that has both, pages come first."""
    if queue in PATIENT:
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)


def keep_what_is_loaded(queue: WorkQueue) -> None:
    """Code and tables stay as long as the process does: to look for garbage among them takes a fifth of a second.

    It would come in the middle of a job, whoever waits for its locks.
    """
    import_module(JOB_FUNCTIONS[queue].rpartition(".")[0])
    configure_mappers()
    gc.collect()
    gc.freeze()


def stop_on_signal() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop_requested.set())


def run_jobs(at: WorkerContext, queue: WorkQueue) -> None:
    try:
        redis = Redis.from_url(at.redis_url, socket_connect_timeout=3)  # RQ itself sets how long it may block
        rq_queue = Queue(queue.value, connection=redis, serializer=JSONSerializer)
        hand = QueueWorker([rq_queue], connection=redis, serializer=JSONSerializer, log_job_description=False)
        forget_former_queues(redis, queue)
        at.queues.wake(queue.value)  # what was left while nobody listened
        hand.work(max_jobs=JOBS_PER_PROCESS, logging_level="WARNING")
    finally:
        stop_on_signal()


def forget_former_queues(redis: Redis, queue: WorkQueue) -> None:
    """Drop calls of an older release, whose function is gone; what they were for stands in rows."""
    for name, new in FORMER_NAMES.items():
        if new is queue:
            Queue(name, connection=redis, serializer=JSONSerializer).delete(delete_jobs=True)


def restart(queue: WorkQueue) -> None:
    os.execv(sys.executable, [sys.executable, "-m", "jobs.worker", queue.value])  # noqa: S606 (ourselves)


if __name__ == "__main__":
    main(sys.argv[1:])
