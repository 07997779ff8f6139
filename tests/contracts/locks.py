"""Which tables a transaction locks rows of, and in which order: within one test, as tests/lock_order.py does for a run.

A lock that tests/asks/dinners.py asks for counts here, as it is a program's.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event

from tests.lock_order import lock_of

PEOPLE = ("accounts", "advocates", "asks")  # in this order, and after the record of the program


class Transaction:
    """`own`: tables with a row that it wrote itself, which nobody else sees."""

    def __init__(self) -> None:
        self.tables: list[str] = []
        self.own: set[str] = set()

    def note(self, statement: str) -> None:
        lock = lock_of(statement)
        if lock is None or not lock.waits or lock.table in self.tables:
            return
        if lock.is_new:
            self.own.add(lock.table)
        elif lock.table not in self.own or "FOR " in statement:
            self.tables.append(lock.table)


@contextmanager
def transactions() -> Iterator[list[Transaction]]:
    """Those that locked or wrote something meanwhile."""
    ended: list[Transaction] = []
    running: dict[int, Transaction] = {}

    def note(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        running.setdefault(id(connection), Transaction()).note(statement)

    def end(connection: Connection) -> None:
        if (over := running.pop(id(connection), None)) and over.tables:
            ended.append(over)

    listeners: dict[str, Callable[..., None]] = {
        "before_cursor_execute": note,
        "commit": end,
        "rollback": end,
    }
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    try:
        yield ended
    finally:
        for name, listener in listeners.items():
            event.remove(Engine, name, listener)


def out_of_order(done: Sequence[Transaction], records: Sequence[str]) -> list[list[str]]:
    """Transactions that did not lock records first, then company, person and ask."""
    order = [*records, *PEOPLE]
    taken = [[table for table in one.tables if table in order] for one in done]
    return [tables for tables in taken if tables != sorted(tables, key=order.index)]
