"""Sends one batch of emails while the next is claimed: provider and database take time in which we would only wait.

One at a time and in order, so a gateway is never asked two things at once.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

MAX_OVERLAP = 1.0  # seconds; when a batch takes longer, the next is claimed after it, to keep its lease fresh


class PipelinedSender:
    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="pipelined-sender")
        self.pending: Future[None] | None = None
        self.last_duration = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, _: TracebackType | None
    ) -> None:
        try:
            self.wait()
        finally:
            self.pool.shutdown()

    def submit(self, task: Callable[[], None]) -> None:
        """Begin once the batch before is away. Raise what went wrong with that one, after this one has begun."""
        before, self.pending = self.pending, self.pool.submit(self._timed, task)
        if before is not None:
            before.result()
        if self.last_duration > MAX_OVERLAP:
            self.wait()

    def wait(self) -> None:
        pending, self.pending = self.pending, None
        if pending is not None:
            pending.result()

    def _timed(self, task: Callable[[], None]) -> None:
        began = time.monotonic()
        try:
            task()
        finally:
            self.last_duration = time.monotonic() - began


def run_now(task: Callable[[], None]) -> None:
    task()
