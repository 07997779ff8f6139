"""The programs themselves: killed, stopped, without Redis, without a wall."""

import time

import psycopg
import pytest
from rq import Queue
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer

from portal.gateways.queue import JobQueue
from portal.settings import Settings
from tests.jobs.conftest import Processes
from tests.jobs.emails import states, write_emails
from tests.mailbox import Mailbox
from tests.waiting import eventually
from tests.world import World


@pytest.fixture
def queues(processes: Processes) -> JobQueue:
    """In a Redis that knows nothing of the workers killed in other tests."""
    queues = JobQueue(processes.settings.redis_url)
    queues.redis.flushall()
    return queues


def idle(queues: JobQueue, queue: str) -> bool:
    """No call waits and none is being answered."""
    return queues.pending(queue) == 0 and not StartedJobRegistry(queue, queues.redis).get_job_ids()


def test_a_call_wakes_the_worker(
    acme: World, mailbox: Mailbox, processes: Processes, queues: JobQueue
) -> None:
    processes.start("worker", "mail")
    write_emails(acme, 3)
    queues.wake("mail")
    eventually(lambda: states(acme) == {"accepted": 3})
    assert len(mailbox.all()) == 3


def test_killed_while_sending_the_email_still_arrives_once(
    acme: World, mailbox: Mailbox, processes: Processes, queues: JobQueue, superuser: psycopg.Connection
) -> None:
    """The mailbox is locked, so the worker hangs in the middle of sending; then it is killed for good."""
    write_emails(acme, 3)
    superuser.execute("LOCK TABLE mailbox IN ACCESS EXCLUSIVE MODE")
    worker = processes.start("worker", "mail")
    eventually(lambda: states(acme) == {"sending": 3})
    worker.kill()
    superuser.rollback()
    processes.start("ticker")
    processes.start("worker", "mail")
    eventually(lambda: states(acme) == {"accepted": 3})
    assert len(mailbox.all()) == 3


def test_a_worker_asked_to_stop_finishes_what_is_at_hand(acme: World, processes: Processes) -> None:
    write_emails(acme, 5)
    worker = processes.start("worker", "mail")
    eventually(lambda: states(acme) == {"accepted": 5})
    worker.ask_to_stop()
    assert worker.wait() == 0


def test_emails_written_while_redis_was_away_leave_when_the_ticker_rings(
    acme: World, processes: Processes, queues: JobQueue
) -> None:
    """Redis forgets everything; what is due is in the database."""
    write_emails(acme, 1)
    worker = processes.start("worker", "mail")
    eventually(lambda: states(acme) == {"accepted": 1} and idle(queues, "mail"))
    write_emails(acme, 2)
    queues.redis.flushall()
    time.sleep(0.3)
    assert states(acme) == {"accepted": 1, "queued": 2}
    processes.start("ticker")
    eventually(lambda: states(acme) == {"accepted": 3})
    assert worker.exit_code is None


def test_without_redis_a_worker_waits_and_says_so(acme: World, processes: Processes) -> None:
    worker = processes.start("worker", "mail", redis_url="redis://127.0.0.1:9/0")
    eventually(lambda: "redis is away, waiting" in processes.said())
    assert worker.exit_code is None
    worker.ask_to_stop()
    assert worker.wait() == 0


def test_without_the_database_a_worker_waits_and_says_so(processes: Processes) -> None:
    url = "postgresql://goodword_app:x@127.0.0.1:9/goodword"
    worker = processes.start("worker", "mail", database_url=url)
    eventually(lambda: "database is away, waiting" in processes.said())
    assert worker.exit_code is None


def test_a_worker_outlives_its_connections(
    acme: World, processes: Processes, queues: JobQueue, superuser: psycopg.Connection
) -> None:
    """As when the database is started anew."""
    worker = processes.start("worker", "mail")
    eventually(lambda: "worker is ready" in processes.said())
    superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'goodword_app'")
    write_emails(acme, 2)
    queues.wake("mail")
    eventually(lambda: states(acme) == {"accepted": 2})
    assert worker.exit_code is None


def test_a_worker_refuses_a_role_that_could_pass_the_wall(processes: Processes, settings: Settings) -> None:
    worker = processes.start("worker", "mail", database_url=settings.database_owner_url)
    assert worker.wait() == 1
    assert "DATABASE_URL connects as a role that" in processes.said()


def test_a_wrong_queue_is_named(processes: Processes) -> None:
    assert processes.start("worker", "everything").wait() == 1
    assert "Usage: python -m jobs.worker sign_in|mail|messages|imports|exports|campaigns" in processes.said()


def test_waking_often_leaves_no_heap_of_calls(queues: JobQueue) -> None:
    for _ in range(50):
        assert queues.wake("sign_in")
    assert queues.pending("sign_in") <= 4


def test_a_bell_that_is_away_says_so_and_stops_nobody(acme: World, processes: Processes) -> None:
    assert JobQueue("redis://127.0.0.1:9/0").wake("mail") is False
    write_emails(acme)
    assert states(acme) == {"queued": 1}


def test_a_worker_under_the_old_name_of_its_queue_forgets_the_old_calls(
    processes: Processes, queues: JobQueue
) -> None:
    """As a service file of the release before starts it; what the calls were for stands in rows."""
    old = Queue("events", connection=queues.redis, serializer=JSONSerializer)
    old.enqueue("jobs.relay.work")
    processes.start("worker", "events")
    eventually(lambda: old.count == 0 and "queue=messages" in processes.said())
