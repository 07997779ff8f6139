"""Who waits for slow clients? `python -m tests.bench.slow_clients`. JSON lines; at most about three minutes.

2,000 connections that are silent or slow, for a minute: a quarter says nothing, a quarter sends its head byte by byte,
a quarter a form's body, a quarter announces a megabyte. Whoever is hung up on comes back at once. Meanwhile others ask
for a page of a member. Beside it: the same page without slow clients, and its CPU under plain Granian without a buffer.
It ends with 1 where others wait more than twice as long, a page costs a tenth more, or /healthz was missed once.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from portal.app import create_app
from portal.demo.processes import Child, free_port
from portal.settings import Settings
from portal.signin import sessions
from portal.web.dispatch import SESSION_COOKIE
from portal.web.server import raise_file_limit
from tenants.database import database, system_session
from tenants.models import Role
from tests.bench.matching import _server
from tests.world import World

SLOW, QUIET, STORM = 2_000, 20.0, 60.0  # connections; seconds before and with them
PAGES, ROUNDS = 100, 5  # requests of one measure of CPU
OTHERS, EVERY = 2, 0.25  # people who look at a page, and their seconds between two
PEOPLE = 40
MOST = {"slow_clients_p95_ratio": 2.0, "page_cpu_vs_before": 1.10}  # ratios
LEAST = {"slow_clients_healthz": 1.0}
PLAIN = ["granian", "--interface", "wsgi", "--blocking-threads", "1", "--no-ws", "wsgi:app"]

Said = dict[str, Any]


def main() -> None:
    raise_file_limit()
    with tempfile.TemporaryDirectory() as folder:
        _, settings = _server()
        path, cookie = _page(settings)
        env = _environment(settings, Path(folder))
        said = [_measure_cpu(path, cookie, env, Path(folder))]
        with serving(["portal.web.server", "--workers", "2"], env, Path(folder) / "web.log") as port:
            said += _measure_waiting(port, path, cookie, Path(folder))
    short = [each for each in said if is_short(each)]
    sys.exit(f"Not as promised: {short}" if short else 0)


def is_short(said: Said) -> bool:
    name, ratio = str(said["name"]), float(said["ratio"])
    return ratio > MOST.get(name, ratio) or ratio < LEAST.get(name, ratio)


def _page(settings: Settings) -> tuple[str, str]:
    """The list of advocates, as a manager sees it."""
    world = World.build(create_app(settings), "Acme")
    for _ in range(PEOPLE):
        world.advocate()
    manager = world.member(Role.MANAGER)
    with system_session() as session:
        cookie = f"{SESSION_COOKIE}={sessions.begin(session, manager.user_id)}"
    database.engine.dispose()
    return f"/{world.slug}/advocates", cookie


def _environment(settings: Settings, folder: Path) -> dict[str, str]:
    given = {name.upper(): value for name, value in vars(settings).items() if value}
    return {"PATH": os.defpath, "TZ": "UTC", "TMPDIR": str(folder)} | given


@contextmanager
def serving(words: list[str], env: dict[str, str], log: Path) -> Iterator[int]:
    port = free_port()
    child = Child("web", [sys.executable, "-m", *words, "--port", str(port)], log, env)
    child.start()
    try:
        while not _answers(port, patience=60):
            time.sleep(0.1)
            assert child.exit_code is None, child.log_tail(20)
        yield port
    finally:
        child.stop(patience=40)


def _answers(port: int, patience: float) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=patience) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _measure_cpu(path: str, cookie: str, env: dict[str, str], folder: Path) -> Said:
    """Turn by turn, so that a busy minute of the machine meets both."""
    with (
        serving(["portal.web.server"], env, folder / "buffered.log") as buffered,
        serving(PLAIN, env, folder / "plain.log") as before,
    ):
        taken = [(_cpu(buffered, path, cookie), _cpu(before, path, cookie)) for _ in range(ROUNDS + 1)][1:]
    now, then = (statistics.median(seconds) * 1000 for seconds in zip(*taken, strict=True))
    return _say("page_cpu_vs_before", round(now, 2), "ms", round(now / then, 3), round(then, 2))


def _cpu(port: int, path: str, cookie: str) -> float:
    """Seconds of CPU a page, of all processes that serve it."""
    processes = _processes(port)
    before = sum(sum(each.cpu_times()[:2]) for each in processes)
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(PAGES):
        _ask(line, path, cookie)
    line.close()
    return (sum(sum(each.cpu_times()[:2]) for each in processes) - before) / PAGES


def _processes(port: int) -> list[psutil.Process]:
    mains = [each for each in psutil.Process().children() if str(port) in each.cmdline()]
    return [process for main in mains for process in (main, *main.children(recursive=True))]


def _ask(line: HTTPConnection, path: str, cookie: str) -> float:
    began = time.perf_counter()
    line.request("GET", path, headers={"Cookie": cookie})
    answer = line.getresponse()
    answer.read()
    assert answer.status == 200, answer.status
    return time.perf_counter() - began


def _measure_waiting(port: int, path: str, cookie: str, folder: Path) -> list[Said]:
    quiet, _ = _others(port, path, cookie, QUIET)
    words = ["tests.bench.slow_connections", str(port), str(SLOW)]
    crowd = Child("crowd", [sys.executable, "-m", *words], folder / "crowd.log")
    crowd.start()
    try:
        time.sleep(5)  # until all are there
        storm, healthy = _others(port, path, cookie, STORM)
    finally:
        crowd.stop(patience=20)
    print(json.dumps({"name": "slow_clients_crowd"} | json.loads(crowd.log_tail(1))), flush=True)  # noqa: T201
    now, then, answered = _p95(storm), _p95(quiet), sum(healthy)
    return [
        _say(
            "slow_clients_p95_ratio", round(now * 1000, 1), "ms", round(now / then, 2), round(then * 1000, 1)
        ),
        _say("slow_clients_healthz", answered, "answers", answered / len(healthy), len(healthy)),
    ]


def _others(port: int, path: str, cookie: str, seconds: float) -> tuple[list[float], list[bool]]:
    """How long each waited for each page; whether /healthz answered within five seconds, every time."""
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(OTHERS + 1) as people:
        looks = [people.submit(_look, port, path, cookie, end) for _ in range(OTHERS)]
        watch = people.submit(_watch, port, end)
        return [wait for look in looks for wait in look.result()], watch.result()


def _look(port: int, path: str, cookie: str, end: float) -> list[float]:
    """On a new line each time, as a new visitor."""
    waits = []
    while time.monotonic() < end:
        line = HTTPConnection("127.0.0.1", port, timeout=60)
        waits.append(_ask(line, path, cookie))
        line.close()
        time.sleep(EVERY)
    return waits


def _watch(port: int, end: float) -> list[bool]:
    answers = []
    while time.monotonic() < end:
        answers.append(_answers(port, patience=5))
        time.sleep(0.5)
    return answers


def _p95(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=20)[-1]


def _say(name: str, value: float, unit: str, ratio: float, against: float) -> Said:
    said = {"name": name, "value": value, "unit": unit, "ratio": ratio, "against": against}
    print(json.dumps(said), flush=True)  # noqa: T201
    return said


if __name__ == "__main__":
    main()
