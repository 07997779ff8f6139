"""A lifecycle is data: a table that a page, an action and a test all read; `move` makes a move of it.

move(session, ask, AskMove.SEND, by=member)
move_many(session, Ask, ids, AskMove.EXPIRE)    # workers, in one statement; returns the ids that moved
"""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from portal import history
from portal.errors import Conflict
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.models import Membership

State = TypeVar("State", bound=StrEnum)
Move = TypeVar("Move", bound=StrEnum)


class ImpossibleMove(Conflict):
    """Somebody was quicker, or the page was old."""


@dataclass(frozen=True)
class Lifecycle(Generic[State, Move]):
    noun: str
    moves: Mapping[Move, tuple[AbstractSet[State], State]]
    times: Mapping[Move, str] = field(
        default_factory=dict
    )  # the column that keeps when a move was first made
    actions: Mapping[Move, str] = field(default_factory=dict)  # its line of the history

    def after(self, move: Move, state: State) -> State:
        """The state that follows; raises ImpossibleMove when this move is not possible from here."""
        sources, target = self.moves[move]
        if state not in sources:
            raise ImpossibleMove(
                "This %(noun)s is already “%(state)s”, so you can’t do that anymore. Nothing was changed.",
                noun=self.noun,
                state=state.replace("_", " "),
            )
        return target

    def moves_from(self, state: State) -> list[Move]:
        return [move for move, (sources, _) in self.moves.items() if state in sources]


def move(
    session: Session, row: TenantOwned, step: StrEnum, *, by: Membership | None = None, **detail: Any
) -> datetime:
    """State, time stamp and line of the history of a row that is locked; returns when."""
    lifecycle, subject, now = _lifecycle_of(row), _attributes(row), utc_now()
    subject.state = lifecycle.after(step, subject.state)
    column = lifecycle.times.get(step)
    if column and getattr(row, column) is None:
        setattr(row, column, now)
    if action := lifecycle.actions.get(step):
        history.record(session, row, action, by=by, **detail)
    return now


def move_many(
    session: Session, model: type[TenantOwned], ids: Collection[UUID], step: StrEnum
) -> Sequence[UUID]:
    """Those of the rows that are still where this move is possible; the others stay as they are."""
    lifecycle, columns = _lifecycle_of(model), _attributes(model)
    sources, target = lifecycle.moves[step]
    changes: dict[str, Any] = {"state": target}
    if column := lifecycle.times.get(step):
        changes[column] = func.coalesce(getattr(model, column), utc_now())
    moving = update(model).where(columns.id.in_(ids), columns.state.in_(sources)).values(changes)
    moved = session.scalars(moving.returning(columns.id)).all()
    if action := lifecycle.actions.get(step):
        history.record_many(session, model.__tablename__, moved, action)
    return moved


def _lifecycle_of(model: Any) -> Lifecycle[Any, Any]:
    lifecycle: Lifecycle[Any, Any] = model.lifecycle
    return lifecycle


def _attributes(row: Any) -> Any:
    """`state` is a column of every row with a lifecycle, of its own enum each."""
    return row
