"""What the workers would do, done now, in this process: each job is delivered twice."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import select, update

from jobs import delivery_events, exports, mail, outbox_worker, schedule, sequences
from jobs.schedule import EachTenant
from jobs.worker_context import open_worker_context, worker_context
from portal.gateways.mail import Bundle, MailGateway, SendResult
from portal.gateways.queue import JobQueue, WorkQueue
from portal.inbox import ReceivedEvent
from portal.outbox import Envelope
from portal.settings import Settings
from tenants.database import read_clock, tenant_session

MAX_ROUNDS = 20  # messages cause messages; more rounds than this go in a circle
QUEUES = (WorkQueue.SIGN_IN, WorkQueue.MESSAGES, WorkQueue.MAIL)


class DoubleSendGateway:
    """Hands every email to the gateway twice, as happens when a worker is killed after the first time."""

    def __init__(self, real: MailGateway) -> None:
        self.real, self.name, self.account = real, real.name, real.account
        self.unknown_resolution, self.max_batch = real.unknown_resolution, real.max_batch

    def send(self, bundle: Bundle, *, seconds: float) -> Sequence[SendResult]:
        self.real.send(bundle, seconds=seconds)
        return self.real.send(bundle, seconds=seconds)


def run_all_jobs_twice(settings: Settings, insist_on: UUID | None = None) -> None:
    """Schedules, messages, emails, until nothing is left. A message of `insist_on` that fails, fails the test."""
    open_worker_context(settings, JobQueue(settings.redis_url))
    worker_context().mail = DoubleSendGateway(worker_context().mail)
    read_clock()
    for each in schedule.SCHEDULES * 2:
        run_schedule(each.run, insist_on)
    run_exports_twice()
    for _ in range(MAX_ROUNDS):
        if not sum(run_queue(queue) for queue in QUEUES):
            break
    else:
        raise AssertionError("messages cause messages without end")
    if insist_on:
        assert_nothing_failed(insist_on)


def run_exports_twice() -> None:
    """Every export that waits; the second bell finds it done."""
    for _ in range(2):
        exports.work()


def run_schedule(run: Callable[[], None], tenant_id: UUID | None) -> None:
    """What is due in one workspace, loudly where it fails; without a workspace, in all of them."""
    if isinstance(run, EachTenant) and tenant_id:
        run.turn(tenant_id)
    else:
        run()


def schedule_of(name: str) -> EachTenant:
    """Whose `turn` is one workspace's."""
    (run,) = [each.run for each in schedule.SCHEDULES if each.name == name]
    assert isinstance(run, EachTenant)
    return run


def run_queue(queue: WorkQueue) -> int:
    more = handle_events_twice() + run_sequences_twice() if queue is WorkQueue.MESSAGES else 0
    return deliver_messages_twice(queue) + more + mail.send(queue)


def handle_events_twice() -> int:
    """What providers said, and once more, as if nobody had heard it."""
    done = 0
    for tenant_id in delivery_events.due():
        while looked_at := delivery_events.handle_some(tenant_id):
            done += looked_at
        with tenant_session(tenant_id) as session:
            session.execute(update(ReceivedEvent).values(handled_at=None))
        while delivery_events.handle_some(tenant_id):
            pass
    return done


def run_sequences_twice() -> int:
    """Steps of sequences that are due, and once more as after a kill."""
    return sequences.run_due() + sequences.run_due()


def deliver_messages_twice(queue: WorkQueue) -> int:
    done = 0
    for tenant_id in outbox_worker.due(queue):
        for envelope_id in outbox_worker.due_messages(tenant_id, queue):
            done += outbox_worker.deliver(tenant_id, envelope_id)
            outbox_worker.deliver(tenant_id, envelope_id)
    return done


def assert_nothing_failed(tenant_id: UUID) -> None:
    with tenant_session(tenant_id, read_only=True) as session:
        failed = session.execute(select(Envelope.topic, Envelope.last_error).where(Envelope.tries > 0)).all()
    assert not failed, failed
