"""A lifecycle is data: a table that a page, an action and a test all read. No state is set anywhere but here.

move(session, ask, AskMove.SEND, by=member)
move_many(session, Email, EmailMove.WITHDRAW, Email.sequence_id == ended.id)    # workers, in one statement
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, func, inspect, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal import history
from portal.errors import Conflict
from portal.history import HistoryAction
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC, log_after_commit
from tenants.models import Membership

State = TypeVar("State", bound=StrEnum)
Move = TypeVar("Move", bound=StrEnum)
Columns = Mapping[str, Any]
NO_COLUMNS: Final[Columns] = MappingProxyType({})


class Moment(Enum):
    """In the place of a column's value."""

    NOW = "when the move is made"
    FIRST_TIME = "when it was first made"


NOW, FIRST_TIME = Moment.NOW, Moment.FIRST_TIME


class ImpossibleMove(Conflict):
    """Somebody was quicker, or the page was old."""


@dataclass(frozen=True)
class Lifecycle(Generic[State, Move]):
    noun: str
    initial: State  # the one that a row is written down in
    moves: Mapping[Move, tuple[AbstractSet[State], State]]
    columns: Mapping[Move, Columns] = field(default_factory=dict)  # what else a move sets
    actions: Mapping[Move, HistoryAction] = field(default_factory=dict)  # its line of the history
    log: Mapping[Move, str] = field(default_factory=dict)  # its line of the log

    def after(self, move: Move, state: State) -> State:
        """Return the state that follows; raise ImpossibleMove."""
        sources, target = self.moves[move]
        if state not in sources:
            raise ImpossibleMove(
                "This %(noun)s is already “%(state)s”, so you can’t do that anymore. Nothing was changed.",
                noun=self.noun,
                state=state,
            )
        return target

    def moves_from(self, state: State) -> list[Move]:
        return [move for move, (sources, _) in self.moves.items() if state in sources]


def move(
    session: Session,
    row: TenantOwned,
    step: StrEnum,
    *,
    by: Membership | None = None,
    at: datetime | None = None,
    columns: Columns = NO_COLUMNS,
    **detail: Any,
) -> datetime:
    """Change state, columns, history and log of a locked row; return when.

    `columns`: what this move sets beside what the lifecycle says; `at`: when it was, if not now.
    """
    lifecycle, subject, now = _lifecycle_of(row), _attributes(row), at or utc_now()
    subject.state = lifecycle.after(step, subject.state)
    for name, value in {**lifecycle.columns.get(step, NO_COLUMNS), **columns}.items():
        setattr(row, name, _value(value, getattr(row, name), now))
    if action := lifecycle.actions.get(step):
        history.record(session, row, action, by=by, **detail)
    if line := lifecycle.log.get(step):
        log_after_commit(session, line, [row.id])
    return now


def move_many(
    session: Session,
    model: type[TenantOwned],
    step: StrEnum,
    *which: ColumnElement[bool],
    by: Membership | None = None,
    at: datetime | None = None,
    columns: Columns = NO_COLUMNS,
    returning: Sequence[InstrumentedAttribute[Any]] = (),
    **detail: Any,
) -> Sequence[Any]:
    """Move those rows where it is possible, in one statement.

    Return a row for each that moved: its `id`, and the columns of `returning`. Objects that were read before
    keep what they say.
    """
    lifecycle, table, now = _lifecycle_of(model), _attributes(model), at or utc_now()
    sources, target = lifecycle.moves[step]
    given = {**lifecycle.columns.get(step, NO_COLUMNS), **columns}
    values = {name: _expression(value, getattr(model, name), now) for name, value in given.items()}
    changed = update(model).where(*which, table.state.in_(sorted(sources)))
    changed = changed.values(values | _next_version(model) | {"state": target})
    moved = session.execute(changed.returning(table.id, *returning), execution_options=WITHOUT_SYNC).all()
    ids = [row.id for row in moved]
    if action := lifecycle.actions.get(step):
        history.record_many(session, model.__tablename__, ids, action, by=by, **detail)
    if line := lifecycle.log.get(step):
        log_after_commit(session, line, ids)
    return moved


def new_in_state(model: type[TenantOwned], step: StrEnum, *, at: datetime) -> dict[str, Any]:
    """What rows have that are written down and moved in the same moment; their line of the history is separate."""
    lifecycle = _lifecycle_of(model)
    given = {name: _value(value, None, at) for name, value in lifecycle.columns.get(step, NO_COLUMNS).items()}
    version: Any = inspect(model).version_id_col
    return (
        given
        | {"state": lifecycle.after(step, lifecycle.initial)}
        | ({} if version is None else {version.key: 2})
    )


def _value(value: Any, before: Any, now: datetime) -> Any:
    if value is FIRST_TIME:
        return before or now
    return now if value is NOW else value


def _expression(value: Any, column: Any, now: datetime) -> Any:
    if value is FIRST_TIME:
        return func.coalesce(column, now)
    return now if value is NOW else value


def _next_version(model: type[TenantOwned]) -> dict[str, Any]:
    """Whoever has one of these rows open is told that it changed."""
    version: Any = inspect(model).version_id_col
    return {} if version is None else {version.key: version + 1}


def _lifecycle_of(model: Any) -> Lifecycle[Any, Any]:
    lifecycle: Lifecycle[Any, Any] = model.lifecycle
    return lifecycle


def _attributes(row: Any) -> Any:
    """`state` is a column of every row with a lifecycle, of its own enum each."""
    return row
