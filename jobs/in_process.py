"""What workers and ticker do, done in this process: for a program that needs what follows from a step at once."""

from uuid import UUID

from jobs import campaigns, imports, mail, outbox_worker, schedule, sequences
from jobs.time_budget import TimeBudget
from jobs.worker_context import open_worker_context, worker_context
from portal import links, secrets
from portal.bootstrap import check_startup, log_problems_only
from portal.gateways.queue import JobQueue, WorkQueue
from portal.settings import Settings
from tenants.clock import utc_now
from tenants.database import connect

queues_to_wake: set[str] = set()  # that were woken since the last work
QUEUES = (WorkQueue.SIGN_IN, WorkQueue.CAMPAIGNS, WorkQueue.MESSAGES, WorkQueue.MAIL)
MESSAGE_QUEUES, EMAIL_QUEUES = {WorkQueue.SIGN_IN, WorkQueue.MESSAGES}, {WorkQueue.SIGN_IN, WorkQueue.MAIL}


def start(settings: Settings) -> None:
    log_problems_only()
    connect(settings.database_url, settings.wall_key, wake=queues_to_wake.add)
    links.configure(settings.secret_key)
    secrets.configure(settings.data_key)
    open_worker_context(settings, JobQueue(settings.redis_url))
    check_startup(settings)


def run_imports() -> None:
    imports.work()
    queues_to_wake.discard(WorkQueue.IMPORTS.value)


def work(tenant_id: UUID) -> None:
    while queues_to_wake:
        queue = WorkQueue(queues_to_wake.pop())
        while (
            queue in MESSAGE_QUEUES
            and outbox_worker.deliver_some(tenant_id, queue, TimeBudget()) >= outbox_worker.BATCH
        ):
            continue
        while queue is WorkQueue.MESSAGES and sequences.run_some(tenant_id):
            continue
        while queue is WorkQueue.CAMPAIGNS and campaigns.process_batch(tenant_id):
            continue
        while queue in EMAIL_QUEUES and mail.send_some(tenant_id, queue) >= worker_context().mail.max_batch:
            continue


def tick(tenant_id: UUID) -> None:
    queues_to_wake.update(queue.value for queue in QUEUES)
    work(tenant_id)
    schedule.run_due(utc_now())
