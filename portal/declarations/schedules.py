"""What a program does by the clock: row by row, each in a unit of work of its own, so that none holds up the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True, kw_only=True)
class DueWork:
    """`due_ids` looks at what is due now, so a turn that was missed is made up for by the next one."""

    name: str
    every: timedelta
    due_ids: Callable[[Session], Sequence[UUID]]  # a batch of them; the next turn takes the rest
    act: Callable[[Session, UUID], Any]
