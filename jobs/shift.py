"""How long one job goes on before it hands over: so that stopping, recycling and the others never wait long."""

import time
from collections.abc import Callable, Iterator, Sequence
from threading import Event
from uuid import UUID

SECONDS = 20.0
leaving = Event()  # the process was asked to stop
served: dict[str, UUID] = {}  # work -> the workspace whose turn it was last


class Shift:
    def __init__(self, seconds: float = SECONDS) -> None:
        self.ends = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        return leaving.is_set() or time.monotonic() > self.ends

    def while_it_lasts(self, ids: Sequence[UUID]) -> Iterator[UUID]:
        for each in ids:
            if self.is_over:
                return
            yield each


def round_robin(
    work: str, due: Callable[[], Sequence[UUID]], turn: Callable[[UUID], int], shift: Shift
) -> int:
    """One batch for every workspace that has this work, then again, until nobody has any or the shift is over.

    A shift that ends within a round leaves nobody out for good: the next one begins with whoever comes after. A round
    that gets nothing done ends it: what is left is in other workers' hands.
    """
    done = 0
    while not shift.is_over and (waiting := due()):
        got = 0
        for tenant_id in shift.while_it_lasts(_in_turn(work, waiting)):
            served[work] = tenant_id
            got += turn(tenant_id)
        if not got:
            break
        done += got
    return done


def _in_turn(work: str, waiting: Sequence[UUID]) -> list[UUID]:
    """In one order, from the one after the last on, and round to it."""
    last, ids = served.get(work), sorted(waiting)
    return (
        ids if last is None else [*(one for one in ids if one > last), *(one for one in ids if one <= last)]
    )
