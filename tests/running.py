"""What the workers would do, done now, in this process: each job is delivered twice."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import select, update

from jobs import events, exports, mail, relay, schedule, sequences
from jobs.office import office, open_office
from jobs.schedule import ForEach
from portal.gateways.bell import Bell, Worker
from portal.gateways.mail import Bundle, MailGateway, Receipt
from portal.inbox import ReceivedEvent
from portal.outbox import Envelope
from portal.settings import Settings
from tenants.database import read_clock, tenant_session

MOST_ROUNDS = 20  # messages cause messages; more rounds than this go in a circle
QUEUES = (Worker.SIGN_IN, Worker.EVENTS, Worker.MAIL)


class Twice:
    """Hands every letter to the gateway twice, as happens when a worker is killed after the first time."""

    def __init__(self, real: MailGateway) -> None:
        self.real, self.name, self.account = real, real.name, real.account
        self.settling, self.batch = real.settling, real.batch

    def send(self, bundle: Bundle, *, seconds: float) -> Sequence[Receipt]:
        self.real.send(bundle, seconds=seconds)
        return self.real.send(bundle, seconds=seconds)


def run_everything_twice(settings: Settings, insist_on: UUID | None = None) -> None:
    """Schedules, messages, letters, until nothing is left. A message of `insist_on` that fails, fails the test."""
    open_office(settings, Bell(settings.redis_url))
    office().mail = Twice(office().mail)
    read_clock()
    for each in schedule.SCHEDULES * 2:
        on_time(each.run, insist_on)
    make_files_twice()
    for _ in range(MOST_ROUNDS):
        if not sum(work_through(queue) for queue in QUEUES):
            break
    else:
        raise AssertionError("messages cause messages without end")
    if insist_on:
        nothing_failed(insist_on)


def make_files_twice() -> None:
    """Every export that waits; the second bell finds it done."""
    for _ in range(2):
        exports.work()


def on_time(run: Callable[[], None], tenant_id: UUID | None) -> None:
    """What is due in one workspace, loudly where it fails; without a workspace, in all of them."""
    if isinstance(run, ForEach) and tenant_id:
        run.turn(tenant_id)
    else:
        run()


def work_through(queue: Worker) -> int:
    more = hear_twice() + write_twice() if queue is Worker.EVENTS else 0
    return deliver_twice(queue) + more + mail.send(queue)


def hear_twice() -> int:
    """What providers said, and once more, as if nobody had heard it."""
    done = 0
    for tenant_id in events.due():
        while looked_at := events.handle_some(tenant_id):
            done += looked_at
        with tenant_session(tenant_id) as session:
            session.execute(update(ReceivedEvent).values(handled_at=None))
        while events.handle_some(tenant_id):
            pass
    return done


def write_twice() -> int:
    """Steps of sequences that are due, and once more as after a kill."""
    return sequences.write() + sequences.write()


def deliver_twice(queue: Worker) -> int:
    done = 0
    for tenant_id in relay.due(queue):
        for envelope_id in relay.waiting(tenant_id, queue):
            done += relay.deliver(tenant_id, envelope_id)
            relay.deliver(tenant_id, envelope_id)
    return done


def nothing_failed(tenant_id: UUID) -> None:
    with tenant_session(tenant_id, read_only=True) as session:
        failed = session.execute(select(Envelope.topic, Envelope.why).where(Envelope.tries > 0)).all()
    assert not failed, failed
