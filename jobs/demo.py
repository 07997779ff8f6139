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

from jobs import imports, mail, relay, schedule, sequences
from jobs.office import office, open_office
from jobs.shift import Shift
from portal import links, secrets
from portal.demo import cast, desk_story, files, joining_story
from portal.demo.progress import Progress
from portal.demo.story import Story, office_hour
from portal.doors import insist
from portal.gateways.bell import Bell, Worker
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
    open_quietly(settings)
    gc.freeze()
    gc.set_threshold(
        200_000, 20, 100
    )  # a minute of work that drops nearly all it makes: an eighth of it is saved
    path, now = arguments().progress, utc_now()
    progress = Progress.read(path) or Progress("", HALF_A_YEAR)
    progress = progress.begin(office_hour(now - timedelta(days=progress.days))).write(path)
    clock.go_to(progress.is_told_until or progress.begins)
    tenant_id = found()
    take_in(tenant_id, Path(progress.data) if progress.data else None)
    refused = tell(tenant_id, progress, now, lambda at: progress.until(at).write(path))
    took = time.monotonic() - began
    say(f"{progress.days} days of history are told ({took:.0f} s, {refused} steps the product refused).")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--progress", type=Path, required=True, help="a file that says what to build, and how far it got"
    )
    return parser.parse_args()


def open_quietly(settings: Settings) -> None:
    """The doors of a worker; the bells ring in this process, for nobody else is there yet."""
    connect(settings.database_url, settings.wall_key, ring=rung.add)
    links.configure(settings.secret_key)
    secrets.configure(settings.data_key)
    open_office(settings, Bell(settings.redis_url))
    insist(settings)


def found() -> UUID:
    """Safe to repeat, like what follows: each step looks for what an interrupted start has done already."""
    with system_session() as session:
        tenant_id = cast.make_workspace(session).id
    with tenant_session(tenant_id) as session:
        if not cast.is_hired(session):
            say("Making the workspace and inviting its people.")
            cast.hire(session)
    work(tenant_id)
    return tenant_id


def take_in(tenant_id: UUID, folder: Path | None) -> None:
    """Accounts, people and deals, through the importer and its own job."""
    imports.work()  # what an interrupted start has begun
    for file in files.of(folder):
        with tenant_session(tenant_id) as session:
            if files.is_in(session, file):
                continue
            imported = files.upload(session, file, by=cast.member(session, cast.MANAGER))
        imports.work()
        with tenant_session(tenant_id) as session:
            files.start(session, imported, by=cast.member(session, cast.MANAGER))
        imports.work()
        rung.discard(Worker.IMPORTS.value)
        with tenant_session(tenant_id) as session:
            say(f"Imported {file.name}: {files.outcome(session, imported)}.")
        work(tenant_id)


def tell(tenant_id: UUID, progress: Progress, now: datetime, keep: Callable[[datetime], object]) -> int:
    """From where it stopped: what was told is left out, and whoever had not answered then stays silent."""
    story, start = Story(tenant_id, seed=SEED, work=lambda: work(tenant_id)), progress.begins
    joining_story.plan(story, start)
    desk_story.plan(story, start, now)
    for day in range((now - start).days + 1):
        if (morning := start + timedelta(days=day, hours=6)).weekday() in WORKING_DAYS:
            story.at(morning, lambda _: tick(tenant_id))
    if progress.is_told_until:
        story.leave_out(progress.is_told_until)
        say(f"The history goes on from {progress.is_told_until:%d %B %Y}.")
    story.tell(now, months(), keep)
    return story.refused


def months() -> Callable[[datetime], None]:
    """Says each month once, when it is told."""
    said: set[str] = set()

    def progress(when: datetime) -> None:
        month = f"{when:%B %Y}"
        if month not in said:
            said.add(month)
            say(f"  {month} …")

    return progress


def work(tenant_id: UUID) -> None:
    """What workers do when a bell rings, until all is quiet."""
    while rung:
        queue = Worker(rung.pop())
        while queue in MESSAGES and relay.deliver_some(tenant_id, queue, Shift()) >= relay.BATCH:
            continue
        while queue is Worker.EVENTS and sequences.write_some(tenant_id):
            continue
        while queue in LETTERS and mail.send_some(tenant_id, queue) >= office().mail.batch:
            continue


def tick(tenant_id: UUID) -> None:
    """What the ticker does: a look at what waits for its hour, then the schedules that are due."""
    rung.update(queue.value for queue in QUEUES)
    work(tenant_id)
    schedule.run_due(utc_now())


rung: set[str] = set()  # queues whose bell rang since the last work
QUEUES = (Worker.SIGN_IN, Worker.EVENTS, Worker.MAIL)
MESSAGES, LETTERS = {Worker.SIGN_IN, Worker.EVENTS}, {Worker.SIGN_IN, Worker.MAIL}


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 (a command speaks to whoever started it)


if __name__ == "__main__":
    main()
