"""A worker: `python -m jobs.worker mail`. One process, one queue: RQ with several can lose a job when killed."""

import os
import signal
import sys
from types import FrameType

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer

from jobs import waiting
from jobs.office import Office, open_office
from jobs.shift import leaving
from portal.doors import insist
from portal.gateways.bell import WORK, Worker
from portal.settings import Settings

log = structlog.get_logger()
NICE = 10
JOBS_A_LIFE = 1000  # then the process starts itself anew: memory goes back, new code comes in


class Hand(SimpleWorker):
    """Before each job the database is there and the clock is right; Redis may leave at any moment."""

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        waiting.for_the_database_and_clock()
        return bool(super().perform_job(job, queue, execution))

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        leaving.set()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def set_shutdown_requested_date(self) -> None:
        try:
            super().set_shutdown_requested_date()  # type: ignore[no-untyped-call]
        except RedisError:
            log.warning("redis is away, stopping all the same")


def main(arguments: list[str]) -> None:
    queue, settings = named(arguments), Settings.from_env()
    give_way(queue)
    at = open_office(settings)
    stop_on_signal()
    waiting.for_the_database()
    insist(settings)
    log.info("worker is ready", queue=queue.value, pid=os.getpid())
    while not leaving.is_set():
        waiting.until_there("redis", lambda: listen(at, queue))
        if not leaving.is_set():
            start_anew(queue)


def named(arguments: list[str]) -> Worker:
    if len(arguments) != 1 or arguments[0] not in list(Worker):
        raise SystemExit(f"Usage: python -m jobs.worker {'|'.join(WORK)}")
    return Worker(arguments[0])


def give_way(queue: Worker) -> None:
    """Nobody waits for a file as they wait for a page: on a host that has both, pages come first."""
    if queue is Worker.EXPORTS:
        os.setpriority(os.PRIO_PROCESS, 0, NICE)


def stop_on_signal() -> None:
    """While no RQ worker runs (it brings its own): finish what is at hand and go."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: leaving.set())


def listen(at: Office, queue: Worker) -> None:
    """Work until the life is over, Redis goes or somebody says stop."""
    try:
        redis = Redis.from_url(at.redis_url, socket_connect_timeout=3)  # RQ itself sets how long it may block
        rq_queue = Queue(queue.value, connection=redis, serializer=JSONSerializer)
        hand = Hand([rq_queue], connection=redis, serializer=JSONSerializer, log_job_description=False)
        at.bell.ring(queue.value)  # what was left while nobody listened
        hand.work(max_jobs=JOBS_A_LIFE, logging_level="WARNING")
    finally:
        stop_on_signal()


def start_anew(queue: Worker) -> None:
    os.execv(sys.executable, [sys.executable, "-m", "jobs.worker", queue.value])  # noqa: S606 (ourselves)


if __name__ == "__main__":
    main(sys.argv[1:])
