from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import event

from portal.web.dispatch import Portal
from tenants.database import door

Recorder = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def statements(app: Portal) -> Recorder:
    """What a page reads from the database; the clock, the wall and the transaction are told, not read."""

    @contextmanager
    def recorded() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(*given: object) -> None:
            if not any(quiet in str(given[2]) for quiet in ("set_config", "SET TRANSACTION", "clock_offset")):
                seen.append(str(given[2]))

        event.listen(door.engine, "before_cursor_execute", note)
        yield seen
        event.remove(door.engine, "before_cursor_execute", note)

    return recorded
