"""How long one job goes on before it hands over: so that stopping, recycling and the others never wait long."""

import time
from collections.abc import Callable, Iterator, Sequence
from threading import Event
from uuid import UUID

BUDGET_SECONDS = 20.0
stop_requested = Event()  # the process was asked to stop
last_served: dict[str, UUID] = {}  # work -> the workspace whose turn it was last


class TimeBudget:
    def __init__(self, seconds: float = BUDGET_SECONDS) -> None:
        self.ends_at = time.monotonic() + seconds

    @property
    def is_spent(self) -> bool:
        return stop_requested.is_set() or time.monotonic() > self.ends_at

    def within(self, ids: Sequence[UUID]) -> Iterator[UUID]:
        for each in ids:
            if self.is_spent:
                return
            yield each


def round_robin(
    work: str, due: Callable[[], Sequence[UUID]], run_one: Callable[[UUID], int], budget: TimeBudget
) -> int:
    """Run a batch for every workspace with such work, again and again, until there is none or the budget is spent.

    A budget that is spent within a round leaves nobody out for good: the next one begins with whoever comes
    after. A round that gets nothing done ends it: what is left is in other workers' hands.
    """
    done = 0
    while not budget.is_spent and (waiting := due()):
        got = 0
        for tenant_id in budget.within(_rotated(work, waiting)):
            last_served[work] = tenant_id
            got += run_one(tenant_id)
        if not got:
            break
        done += got
    return done


def _rotated(work: str, waiting: Sequence[UUID]) -> list[UUID]:
    """In one order, from the one after the last on, and round to it."""
    last, ids = last_served.get(work), sorted(waiting)
    return (
        ids if last is None else [*(one for one in ids if one > last), *(one for one in ids if one <= last)]
    )
