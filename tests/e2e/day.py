"""The day of the story: two workers are killed in the middle of their work."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import LiteralString

from tests.e2e.stack import Demo
from tests.waiting import eventually

MERGING = """SELECT 1 FROM imports JOIN tenants ON tenants.id = tenant_id, pg_locks lock
    WHERE slug = %s AND imports.state = 'merging' AND relation = 'advocates'::regclass AND NOT granted"""
SENDING = """SELECT 1 FROM emails JOIN tenants ON tenants.id = tenant_id, pg_locks lock
    WHERE slug = %s AND kind = 'ask' AND emails.state = 'sending'
    AND relation = 'mailbox'::regclass AND NOT granted"""

WAITING = """SELECT 1 FROM (
    SELECT due_at FROM emails WHERE state = 'queued'
    UNION ALL SELECT '-infinity' FROM emails WHERE state = 'sending'
    UNION ALL SELECT due_at FROM envelopes WHERE handled_at IS NULL AND parked_at IS NULL
    ) waiting WHERE due_at <= %s"""


@dataclass(frozen=True)
class Day:
    """kill -9 of the import worker in its merge, and of the mail worker with the ask email in its hands."""

    demo: Demo
    slug: str = "harbourline"
    name: str = "Harbourline"

    @contextmanager
    def the_merge(self) -> Iterator[None]:
        with self._killed_while("imports", MERGING, writes_to="advocates"):
            yield

    @contextmanager
    def the_ask_email(self) -> Iterator[None]:
        """Emails of others leave first, those of messages too: it must be this one that the worker has in its hands."""
        eventually(
            lambda: not self.demo.rows(WAITING, self.demo.now), "end of the emails and messages that wait"
        )
        with self._killed_while("mail", SENDING, writes_to="mailbox"):
            yield

    @contextmanager
    def _killed_while(self, queue: str, state: LiteralString, *, writes_to: LiteralString) -> Iterator[None]:
        """Whoever writes to that table waits, until the worker is killed as it does."""
        with self.demo.closed(writes_to):
            worker = self.demo.worker(queue)
            yield
            eventually(
                lambda: self.demo.rows(state, self.slug), f"worker of {queue} that writes to {writes_to}"
            )
            worker.kill()
            fell = f"worker-{queue} stopped (SIGKILL)"
            eventually(lambda: fell in self.demo.words(), f"“{fell}”")
