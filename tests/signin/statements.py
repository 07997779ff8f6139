"""What an act asks of the database."""

from collections.abc import Callable

from sqlalchemy import event

from tenants.database import database


def statements_of(act: Callable[[], object]) -> list[str]:
    seen: list[str] = []

    def note(*given: object) -> None:
        seen.append(" ".join(str(given[2]).split()))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return seen
