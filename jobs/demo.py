"""`python -m jobs.demo`: the demo's workspace, from customer files through the importer and half a year of history.

The workers' own code does what follows from each step, in this process, at the step's own time.
"""

import argparse
import gc
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from jobs import imports, mail, outbox_worker, schedule, sequences
from jobs.time_budget import TimeBudget
from jobs.worker_context import open_worker_context, worker_context
from portal import links, secrets
from portal.bootstrap import check_startup, log_problems_only
from portal.demo import advocate_history, customer_files, people, request_history
from portal.demo.build_progress import BuildProgress
from portal.demo.simulation import Simulation, office_hour
from portal.gateways.queue import JobQueue, WorkQueue
from portal.settings import Settings
from tenants import clock
from tenants.clock import utc_now
from tenants.database import connect, system_session, tenant_session

HALF_A_YEAR = 183  # days
WORKING_DAYS = range(5)
SEED = 7


def main() -> None:
    settings = Settings.from_env()
    began = time.monotonic()
    open_in_process(settings)
    gc.freeze()
    gc.set_threshold(
        200_000, 20, 100
    )  # a minute of work that drops nearly all it makes: an eighth of it is saved
    path, now = arguments().progress, utc_now()
    progress = BuildProgress.read(path) or BuildProgress("", HALF_A_YEAR)
    progress = progress.begin(office_hour(now - timedelta(days=progress.days))).write(path)
    clock.set_time(progress.is_told_until or progress.begins)
    tenant_id = create_workspace()
    import_files(tenant_id, Path(progress.data) if progress.data else None)
    refused = run_history(tenant_id, progress, now, lambda at: progress.until(at).write(path))
    took = time.monotonic() - began
    say(f"{progress.days} days of history are told ({took:.0f} s, {refused} steps the product refused).")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--progress", type=Path, required=True, help="a file that says what to build, and how far it got"
    )
    return parser.parse_args()


def open_in_process(settings: Settings) -> None:
    log_problems_only()
    connect(settings.database_url, settings.wall_key, wake=queues_to_wake.add)
    links.configure(settings.secret_key)
    secrets.configure(settings.data_key)
    open_worker_context(settings, JobQueue(settings.redis_url))
    check_startup(settings)


def create_workspace() -> UUID:
    with system_session() as session:
        tenant_id = people.make_workspace(session).id
    with tenant_session(tenant_id) as session:
        if not people.has_members(session):
            say("Creating the workspace and inviting its people.")
            people.add_members(session)
    work(tenant_id)
    return tenant_id


def import_files(tenant_id: UUID, folder: Path | None) -> None:
    imports.work()  # what an interrupted start has begun
    for file in customer_files.files_from(folder):
        with tenant_session(tenant_id) as session:
            if customer_files.is_imported(session, file):
                continue
            imported = customer_files.upload(session, file, by=people.member(session, people.MANAGER))
        imports.work()
        with tenant_session(tenant_id) as session:
            customer_files.start(session, imported, by=people.member(session, people.MANAGER))
        imports.work()
        queues_to_wake.discard(WorkQueue.IMPORTS.value)
        with tenant_session(tenant_id) as session:
            say(f"Imported {file.name}: {customer_files.outcome(session, imported)}.")
        work(tenant_id)


def run_history(
    tenant_id: UUID, progress: BuildProgress, now: datetime, keep: Callable[[datetime], object]
) -> int:
    story, start = Simulation(tenant_id, seed=SEED, work=lambda: work(tenant_id)), progress.begins
    advocate_history.plan(story, start)
    request_history.plan(story, start, now)
    for day in range((now - start).days + 1):
        if (morning := start + timedelta(days=day, hours=6)).weekday() in WORKING_DAYS:
            story.at(morning, lambda _: tick(tenant_id))
    if progress.is_told_until:
        story.skip_until(progress.is_told_until)
        say(f"The history continues from {progress.is_told_until:%d %B %Y}.")
    story.run(now, month_reporter(), keep)
    return story.rejected


def month_reporter() -> Callable[[datetime], None]:
    said: set[str] = set()

    def progress(when: datetime) -> None:
        month = f"{when:%B %Y}"
        if month not in said:
            said.add(month)
            say(f"  {month} …")

    return progress


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
        while queue in EMAIL_QUEUES and mail.send_some(tenant_id, queue) >= worker_context().mail.max_batch:
            continue


def tick(tenant_id: UUID) -> None:
    queues_to_wake.update(queue.value for queue in QUEUES)
    work(tenant_id)
    schedule.run_due(utc_now())


queues_to_wake: set[str] = set()  # queues that were woken since the last work
QUEUES = (WorkQueue.SIGN_IN, WorkQueue.MESSAGES, WorkQueue.MAIL)
MESSAGE_QUEUES, EMAIL_QUEUES = {WorkQueue.SIGN_IN, WorkQueue.MESSAGES}, {WorkQueue.SIGN_IN, WorkQueue.MAIL}


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 (a command speaks to whoever started it)


if __name__ == "__main__":
    main()
