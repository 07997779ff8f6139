"""The demo as `make demo` starts it, and what may be done to it from outside: look, run a command, kill a worker."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString

import psutil
import psycopg

from portal.demo.embedded import url_for_role
from portal.demo.instance_lock import ROOT
from portal.demo.processes import Child, free_port
from tests.waiting import eventually

READY = "\nready\n"
HISTORY = 600.0  # seconds until it is ready: there is a history to tell first
HASTY = ("--days", "21")  # the story has a workspace of its own
LEASE = "5"  # seconds until an email of a killed worker is looked at again
READ_ONLY = "-c default_transaction_read_only=on"


@dataclass(frozen=True)
class Demo:
    """A running demo: where it answers and where it keeps its things."""

    process: psutil.Process
    instance: Path

    @property
    def settings(self) -> dict[str, str]:
        lines = (self.instance / "settings.env").read_text().splitlines()
        return {name: shlex.split(value)[0] for name, _, value in (line.partition("=") for line in lines)}

    @property
    def address(self) -> str:
        return self.settings["PUBLIC_URL"]

    def flask(self, *words: str) -> str:
        """What somebody types beside the running house; what it answers."""
        said = subprocess.run(
            [sys.executable, "-m", "flask", *words],
            cwd=ROOT,
            env={**os.environ, **self.settings},
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, said.stderr
        return said.stdout

    @contextmanager
    def looking(self) -> Iterator[psycopg.Connection]:
        """At the database, over every wall, and never a change."""
        with psycopg.connect(self._database, autocommit=True, options=READ_ONLY) as connection:
            yield connection

    @contextmanager
    def closed(self, table: LiteralString) -> Iterator[None]:
        """It can be read meanwhile; whoever writes to it waits until it opens again."""
        with psycopg.connect(self._database) as connection:
            connection.execute(f"LOCK TABLE {table} IN SHARE MODE")
            yield

    @property
    def _database(self) -> str:
        password = (self.instance / "secrets/postgres").read_text()
        return url_for_role(self.settings["DATABASE_URL"], "postgres", password)

    def rows(self, query: LiteralString, *given: object) -> list[tuple[Any, ...]]:
        with self.looking() as database:
            return database.execute(query, given).fetchall()

    @property
    def now(self) -> datetime:
        ahead = sum(seconds for (seconds,) in self.rows("SELECT seconds FROM clock_offset"))
        return datetime.now(UTC) + timedelta(seconds=ahead)

    def worker(self, queue: str) -> psutil.Process:
        """The process that listens on this queue; after a fall the next one."""
        return eventually(lambda: next(iter(self._listening(queue)), None), f"a worker of {queue}")

    def _listening(self, queue: str) -> list[psutil.Process]:
        words = ["jobs.worker", queue]
        return [child for child in self.process.children() if child.cmdline()[-2:] == words]

    def words(self) -> str:
        """What it printed so far."""
        return (self.instance.parent / "demo.log").read_text()


@contextmanager
def running(folder: Path, data: Path | None) -> Iterator[Demo]:
    """`make demo` until Ctrl-C; nothing it started stays behind."""
    instance, log = folder / "instance", folder / "demo.log"
    given = ["--data", str(data)] if data else []
    command = [
        "-m",
        "portal.demo.run",
        "--instance",
        str(instance),
        "--port",
        str(free_port()),
        *HASTY,
        *given,
    ]
    env = {**os.environ, "LEASE_SECONDS": LEASE}
    child = Child("demo", [sys.executable, *command], log, env, stop_signal=signal.SIGINT)
    child.start()
    try:
        eventually(lambda: READY in log.read_text() or child.exit_code is not None, "ready", patience=HISTORY)
        assert child.exit_code is None, log.read_text()
        demo = Demo(psutil.Process(child.pid), instance)
        yield demo
        _insist_all_leave(demo, child)
    finally:
        child.stop(patience=60)


def _insist_all_leave(demo: Demo, child: Child) -> None:
    everybody: Sequence[psutil.Process] = demo.process.children(recursive=True)
    child.ask_to_stop()
    _, left = psutil.wait_procs([demo.process, *everybody], timeout=60)
    assert not left, f"still there after Ctrl-C: {left}"
    assert "\nStopped. " in demo.words()
