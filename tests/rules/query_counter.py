"""How many questions a page asks the database, and which of them look for an id."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tenants.database import database

NOT_COUNTED = (
    "SELECT set_config",
    "SET TRANSACTION",
    "SELECT clock_offset",
)  # the frame of every transaction


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements this process sends meanwhile, without those that only open a transaction."""
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(NOT_COUNTED):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


@contextmanager
def statements_given(known: str) -> Iterator[list[str]]:
    """The statements of this process that are given an id meanwhile: nothing else can find a row by it."""
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        if known in statement or known in str(_plain(given)):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def _plain(given: Any) -> Any:
    """Parameters, with what stands in JSON: that says no more than its beginning by itself."""
    if isinstance(given, dict):
        return {name: _plain(value) for name, value in given.items()}
    if isinstance(given, list | tuple):
        return [_plain(value) for value in given]
    return getattr(given, "obj", given)
