"""A lifecycle is data: a table that a page, an action and a test all read."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from portal.errors import Conflict

State = TypeVar("State", bound=StrEnum)
Move = TypeVar("Move", bound=StrEnum)


class ImpossibleMove(Conflict):
    """Somebody was quicker, or the page was old."""


@dataclass(frozen=True)
class Lifecycle(Generic[State, Move]):
    noun: str
    moves: Mapping[Move, tuple[AbstractSet[State], State]]

    def after(self, move: Move, state: State) -> State:
        """The state that follows; raises ImpossibleMove when this move is not possible from here."""
        sources, target = self.moves[move]
        if state not in sources:
            raise ImpossibleMove(
                "This %(noun)s is already “%(state)s”, so that is no longer possible. Nothing was changed.",
                noun=self.noun,
                state=state.replace("_", " "),
            )
        return target

    def moves_from(self, state: State) -> list[Move]:
        return [move for move, (sources, _) in self.moves.items() if state in sources]
