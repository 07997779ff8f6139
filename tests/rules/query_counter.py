"""How many questions a page asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager

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
