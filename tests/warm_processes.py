"""Programs in processes of their own that begin warm: forked from one that has imported all they import.

A start takes seconds of importing, which is no part of what is tested, and a fork some milliseconds. From its first
line on a program is what `python -m` makes of it: its own environment, arguments, log and exit code. The story of
tests/e2e begins everything as an operator does.
"""

import multiprocessing
import os
import runpy
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.waiting import PATIENCE

IMPORTED = ["jobs.worker", "jobs.ticker", "portal.app", "portal.demo.pages", "tests.warm_processes"]
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(IMPORTED)


class WarmProcess:
    """`python -m <words>`, with the words of portal.demo.processes.Child; what it says is appended to the log."""

    def __init__(self, words: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self._given = (list(words), dict(env), log)
        self._process = FORKS.Process()

    def start(self) -> None:
        self._process = FORKS.Process(target=_run, args=self._given, daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def exit_code(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int:
        self._process.join(PATIENCE)
        assert self.exit_code is not None, f"still there after {PATIENCE:g} s"
        return self.exit_code

    def ask_to_stop(self) -> None:
        self._process.terminate()

    def stop(self, patience: float = 10.0) -> None:
        self.ask_to_stop()
        self._process.join(patience)
        self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.join()


def _run(words: list[str], env: dict[str, str], log: Path) -> None:
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    _write_to(log)
    module, *arguments = words
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _write_to(log: Path) -> None:
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.stdout = os.fdopen(os.dup(1), "w", buffering=1)
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
