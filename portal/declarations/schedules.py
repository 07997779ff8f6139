"""What a program does by the clock: row by row, each in a unit of work of its own, so that none holds up the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True, kw_only=True)
class DueWork:
    """`due_ids` looks at what is due now, so a turn that was missed is made up for by the next one.

    `workspaces` asks across all of them which have something due, where that is cheaper than a turn for each.
    """

    name: str
    every: timedelta
    due_ids: Callable[[Session], Sequence[UUID]]  # a batch of them; the next turn takes the rest
    act: Callable[[Session, UUID], Any]
    workspaces: Callable[[Session], Sequence[UUID]] | None = None  # in a session of none; None: every one
    goes_on_while_off: bool = False  # what was agreed to is seen through
