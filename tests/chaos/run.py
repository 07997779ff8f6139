"""`python -m tests.chaos.run`: a bad day from its first email to the last. One line of JSON at its end."""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from portal.bootstrap import log_problems_only
from tenants.database import database
from tests.chaos.load import Load
from tests.chaos.processes import ProcessGroup
from tests.chaos.scenario import SHORT, SILENT, WORST_DAY, Scenario
from tests.chaos.verdict import Verdict, is_idle, verdict
from tests.world import World

EVENING = 1.2  # seconds between two emails
PATIENCE = 600.0  # seconds until all is idle after the last trouble


def run_scenario(day: Scenario, folder: Path) -> Verdict:
    with connect_database(), town(folder, day) as here:
        load = Load.build(here.settings, day)
        batches = list(load.batches())
        pause = len(day.troubles) * day.pause / len(batches)
        with writing(here, load, batches, pause):
            _trouble(here)
        with writing(here, load, load.evening(), EVENING):
            pass
        _wait(here, lambda: is_idle(here))
        return verdict(here, load)


@contextmanager
def connect_database() -> Iterator[None]:
    """This process writes the emails, and goes back to its own database afterwards."""
    before = {
        name: getattr(database, name) for name in ("engine", "signer", "wake") if hasattr(database, name)
    }
    try:
        yield
    finally:
        database.engine.dispose()
        for name, value in before.items():
            setattr(database, name, value)


@contextmanager
def town(folder: Path, day: Scenario) -> Iterator[ProcessGroup]:
    here = ProcessGroup.build(folder, day)
    try:
        yield here
    finally:
        here.stop()


@contextmanager
def writing(
    here: ProcessGroup, load: Load, batches: Iterable[tuple[World, list[int]]], pause: float
) -> Iterator[None]:
    """Emails are written beside what happens, with a pause after each batch; it ends when the last is written."""

    def write() -> None:
        for world, numbers in batches:
            load.write(world, numbers)
            time.sleep(pause)

    with ThreadPoolExecutor(1) as writer:
        written = writer.submit(write)
        yield
        _wait(here, written.done)
    written.result()


def _trouble(here: ProcessGroup) -> None:
    chance = random.Random(here.day.seed)
    troubles = here.day.troubles
    chance.shuffle(troubles)
    for what in troubles:
        _watch(here, chance.uniform(0.2, 1.8) * here.day.pause)
        if what == "kill":
            here.kill(f"mail-{chance.randrange(here.day.workers)}")
        elif what == "wipe":
            here.wipe()
        elif what == "redis":
            here.kill_redis()
        else:
            here.restart_postgres()


def _watch(here: ProcessGroup, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        here.look()
        time.sleep(0.05)


def _wait(here: ProcessGroup, until_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not until_so():
        if time.monotonic() > end:
            raise TimeoutError("emails are still on their way")
        _watch(here, 0.5)


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--short", action="store_true")
    read.add_argument("--silent", action="store_true", help="the provider tells nothing of any email")
    given = read.parse_args()
    day = SHORT if given.short else WORST_DAY
    if given.silent:
        day = replace(day, silent=True, arriving=SILENT)
    log_problems_only()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = run_scenario(day, Path(folder))
    name = "chaos_silent" if given.silent else "chaos"
    said = {"name": name, "seconds": round(time.monotonic() - began)} | found.as_dict()
    print(json.dumps(said), flush=True)  # noqa: T201
    sys.exit(0 if found.is_good else 1)


if __name__ == "__main__":
    main()
