"""Child processes that never outlive the one who started them."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom

Reporter = Callable[[str], None]
PR_SET_PDEATHSIG = 1
BELOW_EPHEMERAL = range(20_000, 32_000)
libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(with_signal: int) -> None:
    """Let Linux end the caller when its parent is killed; elsewhere the next start cleans up."""
    if libc is not None:
        libc.prctl(PR_SET_PDEATHSIG, with_signal)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    return next(port for port in SystemRandom().sample(BELOW_EPHEMERAL, 200) if is_free(port))


class WaitTimer:
    """How long something was waited for, and when that is to be said again."""

    def __init__(self, every: float) -> None:
        self.every, self.began, self.reported = every, time.monotonic(), 0

    def due_report(self) -> float:
        seconds = time.monotonic() - self.began
        if seconds < (self.reported + 1) * self.every:
            return 0
        self.reported = int(seconds // self.every)
        return seconds


@dataclass
class Child:
    """One program in a process group of its own, with its log beside it."""

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str] | None = None
    before: Callable[[], None] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)

    def start(self) -> None:
        self.started_at = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=self._prepare,  # noqa: PLW1509  (we start children from one thread)
            )

    def _prepare(self) -> None:
        if self.before:
            self.before()
        die_with_parent(self.stop_signal)  # after `before`: changing the user forgets it

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    @property
    def exit_code(self) -> int | None:
        return self.process.poll() if self.process else None

    @property
    def age(self) -> float:
        return time.monotonic() - self.started_at

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self, patience: float = 10.0) -> None:
        self.ask_to_stop()
        if self.process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
            self.end_group()

    def end_group(self) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def log_tail(self, lines: int = 3) -> str:
        words = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(f"    {line[:200]}" for line in words[-lines:])
