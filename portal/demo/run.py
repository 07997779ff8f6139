"""`make demo`: servers, migrations, a workspace with a history, web, workers and ticker, until Ctrl-C."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from portal.demo import embedded
from portal.demo.claim import ROOT, Taken, claim
from portal.demo.processes import is_free
from portal.demo.servers import NotStarted
from portal.demo.stack import Failed, Stack, programs, run_step, step

ROLES = ("manager", "rep", "admin", "owner", "advocate")
NO_WAIT_FOR_THE_DISK = "?options=-csynchronous_commit%3Doff"  # a workspace half built is built anew anyway
LONGEST = 183  # half a year of history
NOT_FOR_THE_DEMO = ("WALL_KEY_OLD", "TRUSTED_PROXIES")


@dataclass(frozen=True)
class Source:
    """What a new demo's workspace is made of."""

    data: Path | None  # customer files; None: the generated sample
    days: int  # of history


def main() -> None:
    given = _arguments()
    for one in (
        signal.SIGINT,
        signal.SIGTERM,
        signal.SIGHUP,
    ):  # a shell's background job is born deaf to the first
        signal.signal(one, _stop)
    try:
        with claim(given.instance) as running:
            _insist_free(given.port)
            _insist_same(given.instance, given.data)
            _insist_days(given.days)
            running.write(
                f"http://localhost:{given.port} (process {os.getpid()}). Stop it with Ctrl-C there."
            )
            running.flush()
            _run(given.instance.resolve(), given.port, _source(given))
    except (Failed, NotStarted, Taken) as refused:
        sys.exit(str(refused))
    except KeyboardInterrupt:
        say("Stopped. `make demo` starts it again with its data, `make demo-reset` forgets them.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--instance", type=Path, default=ROOT / "instance", help="where data, keys and logs live"
    )
    parser.add_argument("--data", type=Path, help="a folder of customer files to build the workspace from")
    parser.add_argument("--days", type=int, default=LONGEST, help="how many days of history a new demo gets")
    parser.add_argument("--port", type=int, default=8000)
    return parser.parse_args()


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _insist_free(port: int) -> None:
    if not is_free(port):
        raise Failed(f"Port {port} is taken. Choose another: PORT={port + 1} make demo")


def say(words: str) -> None:
    print(words, flush=True)


def _run(instance: Path, port: int, source: Source) -> None:
    began = time.monotonic()
    stack = Stack()
    try:
        with step("Building the stylesheets", ["portal/static/build.py"]):
            env = _servers(stack, instance, port)
            _workspace(instance, source, env)
        say("Starting web, workers and ticker.")
        stack.start(programs(port), env, instance / "logs")
        stack.wait_for(f"{env['PUBLIC_URL']}/readyz")
        _welcome(env["PUBLIC_URL"], time.monotonic() - began)
        stack.watch(say)
    finally:
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(one, signal.SIG_IGN)
        stack.stop()


def _servers(stack: Stack, instance: Path, port: int) -> dict[str, str]:
    say("Starting PostgreSQL and Valkey.")
    servers = embedded.start(instance, fresh=not _built_from(instance).exists())
    stack.add(servers.postgres.child)
    stack.add(servers.valkey.child)
    settings = {**servers.settings, "PUBLIC_URL": f"http://localhost:{port}", "GOODWORD_ENV": "demo"}
    embedded.keep_settings(instance / "settings.env", settings)
    theirs = {name: value for name, value in os.environ.items() if name not in NOT_FOR_THE_DEMO}
    return {**theirs, **settings, "PYTHONUNBUFFERED": "1"}


def _built_from(instance: Path) -> Path:
    """Says what the workspace was built from; absent until it is whole, so a half-built one starts over."""
    return instance / "built-from"


def _insist_same(instance: Path, data: Path | None) -> None:
    note, wanted = _built_from(instance), str(data.resolve()) if data else ""
    if data and not data.is_dir():
        raise Failed(f"DATA={data} is not a folder.")
    if data and note.exists() and note.read_text() != wanted:
        raise Failed(
            f"This demo was built from {note.read_text()}. `make demo-reset` first, then DATA={data}"
        )


def _insist_days(days: int) -> None:
    if not 1 <= days <= LONGEST:
        raise Failed(f"DAYS={days} is not a number from 1 to {LONGEST}.")


def _source(given: argparse.Namespace) -> Source:
    return Source(given.data.resolve() if given.data else None, given.days)


def _workspace(instance: Path, source: Source, env: Mapping[str, str]) -> None:
    say("Bringing the database up to date.")
    run_step("The migration", ["-m", "portal.cli"], env)
    if not _built_from(instance).exists():
        folder = ["--data", str(source.data)] if source.data else []
        hasty = {**env, "DATABASE_URL": env["DATABASE_URL"] + NO_WAIT_FOR_THE_DISK}
        run_step("The demo workspace", ["-m", "jobs.demo", "--days", str(source.days), *folder], hasty)
        _built_from(instance).write_text(str(source.data) if source.data else "the generated sample")


def _welcome(address: str, seconds: float) -> None:
    lines = [f"  {role:<10}{address}/demo/sign-in/{role}" for role in ROLES]
    say("\n".join(["", f"Goodword is at {address} ({seconds:.0f} s). Sign in with one click:", *lines]))
    say(f"  {'letters':<10}{address}/mailbox\n\nCtrl-C stops everything.\nready")


if __name__ == "__main__":
    main()
