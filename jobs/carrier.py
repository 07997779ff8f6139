"""Writes one batch of letters and carries it away while the next is claimed: the provider and the database take time in
which this process would only wait. One at a time and in order, so a gateway is never asked two things at once."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

SLOW = 1.0  # seconds; when a batch takes longer the next one is not claimed before it is away, to keep its lease fresh


class Carrier:
    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="carrier")
        self.under_way: Future[None] | None = None
        self.took = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, _: TracebackType | None
    ) -> None:
        try:
            self.wait()
        finally:
            self.pool.shutdown()

    def carry(self, deliver: Callable[[], None]) -> None:
        """Begin once the batch before is away. Raises what went wrong with that one, after this one has begun."""
        before, self.under_way = self.under_way, self.pool.submit(self._timed, deliver)
        if before is not None:
            before.result()
        if self.took > SLOW:
            self.wait()

    def wait(self) -> None:
        under_way, self.under_way = self.under_way, None
        if under_way is not None:
            under_way.result()

    def _timed(self, deliver: Callable[[], None]) -> None:
        began = time.monotonic()
        try:
            deliver()
        finally:
            self.took = time.monotonic() - began


def at_once(deliver: Callable[[], None]) -> None:
    deliver()
