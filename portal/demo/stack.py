"""The processes of a running demo: all up together, each started again when it falls, all gone at the end."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from portal.demo.processes import Child, Reporter, WaitTimer, die_with_parent
from portal.gateways.queue import WorkQueue

WEB_WORKERS = 2
QUEUES = tuple(queue.value for queue in WorkQueue)
LONGEST_PAUSE, STABLE_SECONDS = 30.0, 60.0
RESTART_PATIENCE = 3.0  # seconds to finish what is at hand
SERVERS = frozenset({"postgres", "valkey"})


class DemoFailed(Exception):
    """The demo cannot go on; the message says why and what to do."""


def programs(port: int) -> dict[str, list[str]]:
    web = ["portal.web.server", "--workers", str(WEB_WORKERS), "--port", str(port)]
    workers = {f"worker-{queue}": ["jobs.worker", queue] for queue in QUEUES}
    modules = {"web": web, **workers, "ticker": ["jobs.ticker"]}
    return {name: [sys.executable, "-m", *words] for name, words in modules.items()}


@dataclass
class SupervisedProcess:
    """A child and how often it fell lately."""

    child: Child
    crashes: int = 0
    due: float | None = None

    def check(self, now: float) -> str:
        if self.due is not None:
            if now >= self.due:
                self.due = None
                self.child.start()
            return ""
        if self.child.exit_code is None:
            return ""
        return self._schedule_restart(now)

    def _schedule_restart(self, now: float) -> str:
        code = self.child.exit_code
        self.child.end_group()
        self.crashes = 1 if self.child.age > STABLE_SECONDS else self.crashes + 1
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** (self.crashes - 1))
        self.due = now + pause
        return f"{self.child.name} stopped ({_exit_reason(code)}), next start in {pause:g} s. See {self.child.log}"


@dataclass
class Stack:
    processes: list[SupervisedProcess] = field(default_factory=list)

    def add(self, child: Child) -> None:
        self.processes.append(SupervisedProcess(child))

    def start(self, commands: Mapping[str, list[str]], env: Mapping[str, str], logs: Path) -> None:
        for name, command in commands.items():
            child = Child(name, command, logs / f"{name}.log", env)
            child.start()
            self.add(child)

    def wait_for(self, address: str, say: Reporter = lambda words: None, *, every: float = 15) -> None:
        """Wait as long as every process lives, however slow the machine is; say now and then what for.

        Raise DemoFailed with the last words of the one that died.
        """
        awaited = WaitTimer(every)
        while missing := _not_ready(address):
            self._require_all_alive()
            if seconds := awaited.due_report():
                say(
                    f"Waiting for {missing} ({seconds:.0f} s so far). All processes live; is this machine busy? "
                    f"The last words of web:\n{self._log_of('web')}"
                )
            time.sleep(0.05)

    def watch(self, say: Callable[[str], None]) -> None:
        while True:
            self.check(say)
            time.sleep(0.2)

    def check(self, say: Callable[[str], None]) -> None:
        for one in self.processes:
            if news := one.check(time.monotonic()):
                say(news)

    def restart(self) -> None:
        users = [one for one in self.processes if one.child.name not in SERVERS]
        for one in users:
            one.child.ask_to_stop()
        for one in users:
            one.child.stop(patience=RESTART_PATIENCE)
            one.crashes, one.due = 0, None
        for one in users:
            one.child.start()

    def stop(self) -> None:
        children = [one.child for one in reversed(self.processes)]
        users = [child for child in children if child.name not in SERVERS]
        for child in users:
            child.ask_to_stop()
        deadline = time.monotonic() + 8
        for child in users:
            child.stop(patience=max(0.1, deadline - time.monotonic()))
        for child in children:
            child.stop(patience=30)

    def _require_all_alive(self) -> None:
        for one in self.processes:
            if one.child.exit_code is not None:
                raise DemoFailed(
                    f"{one.child.name} stopped ({_exit_reason(one.child.exit_code)}):\n{one.child.log_tail(12)}"
                )

    def _log_of(self, name: str) -> str:
        return next((one.child.log_tail(12) for one in self.processes if one.child.name == name), "")


@contextmanager
def step(what: str, words: Iterable[str], env: Mapping[str, str] | None = None) -> Iterator[None]:
    """Run a Python program beside this block; it ends with us. Raise DemoFailed when it ends badly."""
    program = subprocess.Popen(
        [sys.executable, *words],
        env=env,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: die_with_parent(signal.SIGTERM),  # noqa: PLW1509  (we have one thread)
    )
    try:
        yield
        if program.wait():
            raise DemoFailed(f"{what} failed; the words above say why.")
    finally:
        if program.poll() is None:
            program.kill()


def run_step(what: str, words: Iterable[str], env: Mapping[str, str]) -> None:
    with step(what, words, env):
        pass


def _not_ready(address: str) -> str:
    """What is not there yet, in words; nothing when all is."""
    try:
        with urlopen(address, timeout=5) as answer:  # noqa: S310  (our own address)
            return "" if answer.status == 200 else f"{address} to be ready"
    except HTTPError as unready:
        return f"{address} to be ready, which says {unready.read(500).decode(errors='replace').strip()}"
    except (HTTPException, OSError):
        return f"web to answer at {address}"


def _exit_reason(code: int | None) -> str:
    return signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
