"""`make demo`, `make dev`: servers, migrations, a workspace with a history, web, workers, ticker, until Ctrl-C."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

from portal.demo import embedded
from portal.demo.build_progress import BuildProgress
from portal.demo.instance_lock import ROOT, InstanceInUse, lock_instance
from portal.demo.processes import Reporter, is_free
from portal.demo.reload import watch_and_reload
from portal.demo.servers import ServerNotStarted
from portal.demo.stack import DemoFailed, Stack, programs, run_step, step

ROLES = ("manager", "rep", "admin", "owner", "advocate")
NO_WAIT_FOR_THE_DISK = "?options=-csynchronous_commit%3Doff"  # a workspace half built is built anew anyway
LONGEST = 183  # half a year of history
IGNORED_SETTINGS = ("WALL_KEY_OLD", "TRUSTED_PROXIES")


def main() -> None:
    given = _arguments()
    for one in (
        signal.SIGINT,
        signal.SIGTERM,
        signal.SIGHUP,
    ):  # a shell's background job is born deaf to the first
        signal.signal(one, _stop)
    try:
        with lock_instance(given.instance) as running:
            _require_free_port(given.port)
            _require_days(given.days)
            _require_same_source(given.instance, given.data, given.days)
            running.write(
                f"http://localhost:{given.port} (process {os.getpid()}). Stop it with Ctrl-C there."
            )
            running.flush()
            _run(
                given.instance.resolve(),
                given.port,
                _progress(given),
                watch_and_reload if given.reload else Stack.watch,
            )
    except (InvalidOptions, InstanceInUse) as refused:
        sys.exit(str(refused))
    except (DemoFailed, ServerNotStarted) as failed:
        sys.exit(f"{failed}\n{_data_note(given.instance)}")
    except KeyboardInterrupt:
        say(f"Stopped. {_data_note(given.instance)}")


class InvalidOptions(DemoFailed):
    """What was asked for can't be, and nothing was begun."""


def _data_note(instance: Path) -> str:
    if _progress_file(instance).exists():
        return (
            "The data so far is kept: `make demo` continues where it stopped, `make demo-reset` deletes it."
        )
    return "The data is kept: `make demo` starts again with it, `make demo-reset` deletes it."


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--instance", type=Path, default=ROOT / "instance", help="where data, keys and logs live"
    )
    parser.add_argument("--data", type=Path, help="a folder of customer files to build the workspace from")
    parser.add_argument("--days", type=int, help="how many days of history a new demo gets")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--reload", action="store_true", help="start programs again when a file changes")
    return parser.parse_args()


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _require_free_port(port: int) -> None:
    if not is_free(port):
        raise InvalidOptions(f"Port {port} is taken. Choose another: PORT={port + 1} make demo")


def say(words: str) -> None:
    print(words, flush=True)


def _run(
    instance: Path, port: int, progress: BuildProgress, watch: Callable[[Stack, Reporter], None]
) -> None:
    began = time.monotonic()
    stack = Stack()
    try:
        with step("Building the stylesheets", ["portal/static/build.py"]):
            env = _servers(stack, instance, port)
            _workspace(instance, progress, env)
        say("Starting web, workers and ticker.")
        stack.start(programs(port), env, instance / "logs")
        stack.wait_for(f"{env['PUBLIC_URL']}/readyz", say)
        _welcome(env["PUBLIC_URL"], time.monotonic() - began)
        watch(stack, say)
    finally:
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(one, signal.SIG_IGN)
        stack.stop()


def _servers(stack: Stack, instance: Path, port: int) -> dict[str, str]:
    say("Starting PostgreSQL and Valkey.")
    is_new = not (_source_file(instance).exists() or _progress_file(instance).exists())
    servers = embedded.start(instance, fresh=is_new, say=say)
    stack.add(servers.postgres.child)
    stack.add(servers.valkey.child)
    settings = {**servers.settings, "PUBLIC_URL": f"http://localhost:{port}", "GOODWORD_ENV": "demo"}
    embedded.keep_settings(instance / "settings.env", settings)
    theirs = {name: value for name, value in os.environ.items() if name not in IGNORED_SETTINGS}
    return {**theirs, **settings, "PYTHONUNBUFFERED": "1"}


def _source_file(instance: Path) -> Path:
    """Says what the workspace was built from; absent until it is whole."""
    return instance / "built-from"


def _progress_file(instance: Path) -> Path:
    """How far the first start got; absent before it and once it is over."""
    return instance / "first-start"


def _require_same_source(instance: Path, data: Path | None, days: int | None) -> None:
    if data and not data.is_dir():
        raise InvalidOptions(f"DATA={data} is not a folder.")
    note, source = _source_file(instance), str(data.resolve()) if data else ""
    if data and note.exists() and note.read_text() != source:
        raise InvalidOptions(
            f"This demo was built from {note.read_text()}. `make demo-reset` first, then DATA={data}"
        )
    begun = None if note.exists() else BuildProgress.read(_progress_file(instance))
    if begun and ((data and begun.data != source) or (days and begun.days != days)):
        raise InvalidOptions(
            f"The first start of this demo was interrupted; it was built from {begun.source}, with {begun.days} days "
            "of history, and is kept. `make demo` alone continues with it; `make demo-reset` deletes it."
        )


def _require_days(days: int | None) -> None:
    if days is not None and not 1 <= days <= LONGEST:
        raise InvalidOptions(f"DAYS={days} is not a number from 1 to {LONGEST}.")


def _progress(given: argparse.Namespace) -> BuildProgress:
    """Of a first start that was interrupted, else of a new one."""
    begun = BuildProgress.read(_progress_file(given.instance))
    return begun or BuildProgress(str(given.data.resolve()) if given.data else "", given.days or LONGEST)


def _workspace(instance: Path, progress: BuildProgress, env: Mapping[str, str]) -> None:
    built, begun = _source_file(instance), _progress_file(instance)
    if begun.exists() and not built.exists():
        say("The first start was interrupted. What it created is kept, and it continues from there.")
    if not built.exists():
        progress.write(begun)
    say("Updating the database.")
    run_step("The migration", ["-m", "portal.cli"], env)
    if not built.exists():
        hasty = {**env, "DATABASE_URL": env["DATABASE_URL"] + NO_WAIT_FOR_THE_DISK}
        run_step("The demo workspace", ["-m", "jobs.demo", "--progress", str(begun)], hasty)
        built.write_text(progress.source)
    begun.unlink(missing_ok=True)


def _welcome(address: str, seconds: float) -> None:
    lines = [f"  {role:<10}{address}/demo/sign-in/{role}" for role in ROLES]
    say("\n".join(["", f"Goodword is at {address} ({seconds:.0f} s). Sign in with one click:", *lines]))
    say(f"  {'emails':<10}{address}/mailbox\n\nCtrl-C stops everything.\nready")


if __name__ == "__main__":
    main()
