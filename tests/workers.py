"""What the workers would do, done now, in this process: each job is delivered twice."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, event, select, update

from jobs import campaigns, delivery_events, exports, mail, outbox_worker, schedule, sequences
from jobs.schedule import EachTenant
from jobs.time_budget import TimeBudget, round_robin
from jobs.worker_context import open_worker_context, worker_context
from portal.gateways.mail import Bundle, MailGateway, SendResult
from portal.gateways.queue import JobQueue, WorkQueue
from portal.inbox import ReceivedEvent
from portal.outbox import Envelope
from portal.settings import Settings
from tenants.clock import utc_now
from tenants.database import read_clock, tenant_session

MAX_ROUNDS = 20  # messages cause messages; more rounds than this go in a circle
CHANGE = re.compile(r"\b(?:INSERT INTO|(?<!FOR )(?<!KEY )UPDATE|DELETE FROM)\b")
QUEUES = (WorkQueue.SIGN_IN, WorkQueue.MESSAGES, WorkQueue.MAIL)


class DoubleSendGateway:
    """Hands every email to the gateway twice, as happens when a worker is killed after the first time."""

    def __init__(self, real: MailGateway) -> None:
        self.real, self.name, self.account = real, real.name, real.account
        self.unknown_resolution, self.max_batch = real.unknown_resolution, real.max_batch

    def send(self, bundle: Bundle, *, seconds: float) -> Sequence[SendResult]:
        self.real.send(bundle, seconds=seconds)
        return self.real.send(bundle, seconds=seconds)


@dataclass(frozen=True)
class Workers:
    """All of them at once, for the workspaces of one test: what others left behind is not theirs to do."""

    settings: Settings
    tenant_id: UUID  # a message of this workspace that fails, fails the test
    began: UUID  # made when the test began: its workspaces have later ids
    slots: set[tuple[str, datetime]] = field(default_factory=set)  # of schedules, that were taken

    def run_all_twice(self) -> None:
        """Schedules, exports, messages, emails, until nothing is left."""
        self._begin()
        worker_context().mail = DoubleSendGateway(worker_context().mail)
        self._run_schedules_twice()
        for _ in range(2):
            self._each("exports", exports.due, exports.process_tenant)
        for _ in range(MAX_ROUNDS):
            asked = self._each("campaigns", campaigns.due, campaigns.process_batch)
            if not asked + sum(self._run_queue(queue) for queue in QUEUES):
                break
        else:
            raise AssertionError("messages cause messages without end")
        assert_nothing_failed(self.tenant_id)

    def deliver_once(self) -> None:
        """Messages and emails alone, each once: for what happened before a test's own story begins."""
        self._begin()
        while sum(self._deliver(queue) for queue in QUEUES):
            pass
        assert_nothing_failed(self.tenant_id)

    def _begin(self) -> None:
        open_worker_context(self.settings, JobQueue(self.settings.redis_url))
        read_clock()

    def _run_schedules_twice(self) -> None:
        """Each in its slot, as a ticker does; not again where nothing changed, which would be the same once more."""
        now = utc_now()
        due = [each for each in schedule.SCHEDULES if (each.name, each.slot(now)) not in self.slots]
        self.slots.update((each.name, each.slot(now)) for each in due)
        for _ in range(2):
            with changes() as changed:
                for each in due:
                    run_schedule(each.run, self.tenant_id)
            if not changed:
                return

    def _deliver(self, queue: WorkQueue) -> int:
        tenants = self._ours(outbox_worker.due(queue))
        done = sum(
            outbox_worker.deliver(tenant_id, envelope_id)
            for tenant_id in tenants
            for envelope_id in outbox_worker.due_messages(tenant_id, queue)
        )
        return done + self._send(queue)

    def _run_queue(self, queue: WorkQueue) -> int:
        """Steps of sequences that are due are taken once more, as after a kill."""
        more = 0
        if queue is WorkQueue.MESSAGES:
            more = handle_events_twice(self._ours(delivery_events.due()))
            more += sum(self._each("sequences", sequences.due, sequences.run_some) for _ in range(2))
        more += deliver_messages_twice(queue, self._ours(outbox_worker.due(queue)))
        return more + self._send(queue)

    def _send(self, queue: WorkQueue) -> int:
        return self._each("emails", partial(mail.due, queue), partial(mail.send_some, queue=queue))

    def _each(self, work: str, due: Callable[[], Sequence[UUID]], act: Callable[[UUID], int]) -> int:
        return round_robin(work, lambda: self._ours(due()), act, TimeBudget())

    def _ours(self, tenants: Iterable[UUID]) -> list[UUID]:
        return [each for each in tenants if each == self.tenant_id or each > self.began]


@contextmanager
def changes() -> Iterator[list[str]]:
    """The statements that changed a row meanwhile."""
    changed: list[str] = []

    def note(_connection: Connection, cursor: Any, statement: str, *_rest: object) -> None:
        if cursor.rowcount > 0 and CHANGE.search(statement):
            changed.append(statement)

    event.listen(Engine, "after_cursor_execute", note)
    try:
        yield changed
    finally:
        event.remove(Engine, "after_cursor_execute", note)


def run_schedule(run: Callable[[], None], tenant_id: UUID) -> None:
    """What is due in one workspace, loudly where it fails."""
    run.turn(tenant_id) if isinstance(run, EachTenant) else run()


def schedule_of(name: str) -> EachTenant:
    """Whose `turn` is one workspace's."""
    (run,) = [each.run for each in schedule.SCHEDULES if each.name == name]
    assert isinstance(run, EachTenant)
    return run


def handle_events_twice(tenants: Iterable[UUID]) -> int:
    """What providers said, and once more, as if nobody had heard it."""
    done = 0
    for tenant_id in tenants:
        while looked_at := delivery_events.handle_some(tenant_id):
            done += looked_at
        with tenant_session(tenant_id) as session:
            session.execute(update(ReceivedEvent).values(handled_at=None))
        while delivery_events.handle_some(tenant_id):
            pass
    return done


def deliver_messages_twice(queue: WorkQueue, tenants: Iterable[UUID]) -> int:
    done = 0
    for tenant_id in tenants:
        for envelope_id in outbox_worker.due_messages(tenant_id, queue):
            done += outbox_worker.deliver(tenant_id, envelope_id)
            outbox_worker.deliver(tenant_id, envelope_id)
    return done


def assert_nothing_failed(tenant_id: UUID) -> None:
    with tenant_session(tenant_id, read_only=True) as session:
        failed = session.execute(select(Envelope.topic, Envelope.last_error).where(Envelope.tries > 0)).all()
    assert not failed, failed
