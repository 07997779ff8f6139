"""Two days of the same story. On the bad one two workers are killed in the middle of their work."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import LiteralString

import psutil

from tests.e2e.stack import Demo, until

MERGING = """SELECT 1 FROM imports JOIN tenants ON tenants.id = tenant_id, pg_stat_activity busy
    WHERE slug = %s AND imports.state = 'merging'
    AND usename = 'goodword_app' AND backend_xid IS NOT NULL AND query ~ 'incoming|twins'"""
SENDING = """SELECT 1 FROM letters JOIN tenants ON tenants.id = tenant_id
    WHERE slug = %s AND kind = 'ask' AND state = 'sending'"""
BREATH = 0.005  # seconds


@dataclass(frozen=True)
class GoodDay:
    """Nothing falls."""

    demo: Demo
    number: int = 0
    slug: str = "brightloom"
    name: str = "Brightloom"

    @contextmanager
    def the_merge(self) -> Iterator[None]:
        yield

    @contextmanager
    def the_ask_letter(self) -> Iterator[None]:
        yield


@dataclass(frozen=True)
class BadDay(GoodDay):
    """kill -9 of the import worker in its merge, and of the mail worker with the ask letter in its hands."""

    number: int = 1
    slug: str = "harbourline"
    name: str = "Harbourline"

    @contextmanager
    def the_merge(self) -> Iterator[None]:
        with self._killed_while("imports", MERGING):
            yield

    @contextmanager
    def the_ask_letter(self) -> Iterator[None]:
        with self._killed_while("mail", SENDING):
            yield

    @contextmanager
    def _killed_while(self, queue: str, state: LiteralString) -> Iterator[None]:
        """The worker holds still while it is given the work, goes on, and is killed in this very state."""
        worker = self.demo.worker(queue)
        worker.suspend()
        try:
            yield
            self._catch(worker, state)
        finally:
            worker.kill()
        fell = f"worker-{queue} stopped (SIGKILL)"
        until(lambda: fell in self.demo.words(), f"“{fell}”")

    def _catch(self, worker: psutil.Process, state: LiteralString) -> None:
        """It runs in breaths and is looked at while it holds its breath, so that no moment is missed."""
        deadline = time.monotonic() + 60
        with self.demo.looking() as database:
            while database.execute(state, (self.slug,)).fetchone() is None:
                assert time.monotonic() < deadline, f"never seen: {state}"
                worker.resume()
                time.sleep(BREATH)
                worker.suspend()
