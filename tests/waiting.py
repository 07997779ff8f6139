"""Waiting for what other processes and threads do: with patience, since the machine may be busy with other things."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 120.0  # seconds
Found = TypeVar("Found")


def eventually(
    look: Callable[[], Found | None], what: str = "", *, patience: float = PATIENCE, pause: float = 0.05
) -> Found:
    """What `look` gives, once it gives something."""
    deadline = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < deadline, f"no {what or 'such moment'} after {patience:g} s: {found!r}"
        time.sleep(pause)
    return found
