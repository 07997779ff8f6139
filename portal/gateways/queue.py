"""Waking workers: RQ calls a worker by the dotted name of its function. Nothing is lost while Redis is away."""

import time
from enum import StrEnum

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

log = structlog.get_logger()
MAX_PENDING = 4  # calls waiting in a queue: one for each of so many workers, and no more for the same work
AWAY_PAUSE = 5.0  # seconds without knocking at a Redis that was away, so that it slows no page down
FAILURE_TTL = 7 * 86400  # seconds


class WorkQueue(StrEnum):
    """The classes of workers: each has one queue, each worker process listens on one."""

    SIGN_IN = "sign_in"
    MAIL = "mail"
    MESSAGES = "messages"
    IMPORTS = "imports"
    EXPORTS = "exports"
    CAMPAIGNS = "campaigns"


JOB_FUNCTIONS = {
    WorkQueue.SIGN_IN: "jobs.sign_in.work",
    WorkQueue.MAIL: "jobs.mail.work",
    WorkQueue.MESSAGES: "jobs.messages.work",
    WorkQueue.IMPORTS: "jobs.imports.work",
    WorkQueue.EXPORTS: "jobs.exports.work",
    WorkQueue.CAMPAIGNS: "jobs.campaigns.work",
}


class JobQueue:
    """One connection without retries: a retried enqueue could wake twice, and the ticker wakes again anyway."""

    def __init__(self, redis_url: str) -> None:
        self.redis = Redis.from_url(
            redis_url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=1, socket_timeout=2
        )
        self.away_until = 0.0

    def wake(self, queue: str) -> bool:
        """Wake the workers of a queue; False, and a log line, when Redis is away.

        A call that nobody has taken up yet is enough: whoever takes it up sees all that is due by then.
        """
        if time.monotonic() < self.away_until:
            return False
        try:
            if self.pending(queue) < MAX_PENDING:
                work = JOB_FUNCTIONS[WorkQueue(queue)]
                self._queue(queue).enqueue(work, result_ttl=0, failure_ttl=FAILURE_TTL, job_timeout=3600)
        except (RedisError, OSError) as away:
            log.warning("redis is away", queue=queue, why=str(away))
            self.away_until = time.monotonic() + AWAY_PAUSE
            return False
        return True

    def pending(self, queue: str) -> int:
        return self._queue(queue).count

    def is_available(self) -> bool:
        try:
            return bool(self.redis.ping())
        except (RedisError, OSError):
            return False

    def _queue(self, queue: str) -> Queue:
        return Queue(queue, connection=self.redis, serializer=JSONSerializer)
