"""Fails a test in which rows were locked against the order of docs/architecture.md. Loaded as a pytest plugin.

It watches FOR UPDATE of every transaction: those that lock in one order cannot wait for each other in a circle. SKIP
LOCKED does not wait, so it may come at any moment; what it holds counts.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

ORDER = (
    ("envelopes", "received_events", "imports", "exports", "join_requests"),
    ("reference_requests",),
    ("accounts",),
    ("advocates",),
    ("address_changes",),
    ("asks",),
    ("meetings",),
    ("sequences",),
    ("sequence_runs",),
    ("emails",),
    ("daily_mail_stats",),
)
RANKS = {table: rank for rank, tables in enumerate(ORDER) for table in tables}
LOCK = re.compile(r"\bFOR (?:NO KEY )?UPDATE(?: OF (?P<of>\w+))?(?P<skip> SKIP LOCKED)?\s*$", re.DOTALL)
FROM = re.compile(r"\bFROM (?P<table>\w+)")
HELD = "tables locked in this transaction"
violations: list[str] = []


def lock_of(statement: str) -> tuple[str, bool] | None:
    """The table a statement locks rows of, and whether it may have to wait for them."""
    lock, source = LOCK.search(statement), FROM.search(statement)
    if lock is None or source is None:
        return None
    return lock["of"] or source["table"], lock["skip"] is None


def check(held: list[str], statement: str) -> str:
    """What is wrong with this statement after those, if anything; keeps in mind what it locks."""
    found = lock_of(statement)
    if found is None or found[0] not in RANKS or found[0] in held:
        return ""
    table, waits = found
    above = [one for one in held if RANKS[one] > RANKS[table]]
    held.append(table)
    return f"{table} was locked after {', '.join(above)}" if above and waits else ""


@event.listens_for(Engine, "begin")
def _forget(connection: Connection) -> None:
    connection.info[HELD] = []


@event.listens_for(Engine, "before_cursor_execute")
def _watch(connection: Connection, _: Any, statement: str, *__: Any) -> None:
    if problem := check(connection.info.setdefault(HELD, []), statement):
        violations.append(problem)


@pytest.fixture(autouse=True)
def locks_are_taken_in_order() -> Iterator[None]:
    violations.clear()
    yield
    assert violations == []
