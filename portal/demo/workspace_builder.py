"""The demo's workspace, from customer files through the importer and half a year of history.

The workers' own code, which `jobs/demo.py` hands in, does what follows from each step, in this process, at the step's
own time.
"""

import argparse
import gc
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

from portal.demo import (
    account_details,
    advocate_history,
    customer_files,
    event_history,
    people,
    request_history,
    segments,
    survey_history,
)
from portal.demo.build_progress import BuildProgress
from portal.demo.customer_files import CustomerFile
from portal.demo.simulation import Simulation, office_hour
from portal.settings import Settings
from tenants import clock
from tenants.clock import utc_now
from tenants.database import system_session, tenant_session

HALF_A_YEAR = 183  # days
WORKING_DAYS = range(5)
SEED = 7


class Workers(Protocol):
    """All that follows from a step, done at once in this process."""

    def start(self, settings: Settings) -> None: ...
    def run_imports(self) -> None: ...
    def work(self, tenant_id: UUID) -> None: ...
    def tick(self, tenant_id: UUID) -> None: ...


def main(workers: Workers) -> None:
    began = time.monotonic()
    workers.start(Settings.from_env())
    gc.freeze()
    gc.set_threshold(
        200_000, 20, 100
    )  # a minute of work that drops nearly all it makes: an eighth of it is saved
    path, now = arguments().progress, utc_now()
    progress = BuildProgress.read(path) or BuildProgress("", HALF_A_YEAR)
    progress = progress.begin(office_hour(now - timedelta(days=progress.days))).write(path)
    clock.set_time(progress.is_told_until or progress.begins)
    tenant_id = create_workspace(workers)
    folder = Path(progress.data) if progress.data else None
    import_files(workers, tenant_id, customer_files.files_from(folder))
    refusals = run_history(workers, tenant_id, progress, now, lambda at: progress.until(at).write(path))
    if folder is None:
        import_files(workers, tenant_id, customer_files.figures(progress.begins.date(), now.date()))
    took = time.monotonic() - began
    say(f"{progress.days} days of history are told ({took:.0f} s).")
    if refusals:
        say("\n  ".join(["Steps that the product refused:", *refusals]))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--progress", type=Path, required=True, help="a file that says what to build, and how far it got"
    )
    return parser.parse_args()


def create_workspace(workers: Workers) -> UUID:
    with system_session() as session:
        tenant_id = people.make_workspace(session).id
    with tenant_session(tenant_id) as session:
        if not people.has_members(session):
            say("Creating the workspace and inviting its people.")
            people.add_members(session)
    workers.work(tenant_id)
    return tenant_id


def import_files(workers: Workers, tenant_id: UUID, files: list[CustomerFile]) -> None:
    workers.run_imports()  # what an interrupted start has begun
    for file in files:
        with tenant_session(tenant_id) as session:
            if customer_files.is_imported(session, file):
                continue
            imported = customer_files.upload(session, file, by=people.member(session, people.MANAGER))
        workers.run_imports()
        with tenant_session(tenant_id) as session:
            customer_files.start(session, imported, by=people.member(session, people.MANAGER))
        workers.run_imports()
        with tenant_session(tenant_id) as session:
            say(f"Imported {file.name}: {customer_files.outcome(session, imported)}.")
        workers.work(tenant_id)


def run_history(
    workers: Workers,
    tenant_id: UUID,
    progress: BuildProgress,
    now: datetime,
    keep: Callable[[datetime], object],
) -> list[str]:
    """Tell it; return what the product refused."""
    story, start = Simulation(tenant_id, seed=SEED, work=lambda: workers.work(tenant_id)), progress.begins
    advocate_history.plan(story, start)
    account_details.plan(story, start)
    request_history.plan(story, start, now)
    survey_history.plan(story, start, now)
    event_history.plan(story, now)
    segments.plan(story, now)
    for day in range((now - start).days + 1):
        if (morning := start + timedelta(days=day, hours=6)).weekday() in WORKING_DAYS:
            story.at(morning, lambda _: workers.tick(tenant_id))
    if progress.is_told_until:
        story.skip_until(progress.is_told_until)
        say(f"The history continues from {progress.is_told_until:%d %B %Y}.")
    story.run(now, month_reporter(), keep)
    return story.refusals


def month_reporter() -> Callable[[datetime], None]:
    said: set[str] = set()

    def progress(when: datetime) -> None:
        month = f"{when:%B %Y}"
        if month not in said:
            said.add(month)
            say(f"  {month} …")

    return progress


def say(words: str) -> None:
    print(words, flush=True)
