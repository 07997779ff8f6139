"""Contracts that no program can be held to yet, each with what it waits for.

When that comes, `test_registration.py` fails and says where the contract belongs; then its entry goes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from portal.advocates.lifecycles import LIFECYCLE, AdvocateState


@dataclass(frozen=True, kw_only=True)
class LaterContract:
    name: str
    promise: str  # what will be asked of every program
    waits_for: str
    has_come: Callable[[], bool]

    def __str__(self) -> str:
        return self.name


def can_be_erased() -> bool:
    return any(target is AdvocateState.ERASED for _sources, target in LIFECYCLE.moves.values())


def can_be_merged() -> bool:
    return "merged" in {state.value for state in AdvocateState}


LATER = (
    LaterContract(
        name="erased",
        promise="Open asks of a person who is erased end, words they wrote are gone from the program's record, "
        "its timeline, impact and metrics still open, and counts stay.",
        waits_for="Nobody can be erased yet: there is a state for it, and no move leads there.",
        has_come=can_be_erased,
    ),
    LaterContract(
        name="merged",
        promise="Of two people who were one, the survivor has the asks of both, of two open asks for one record "
        "one stays, and links that were sent to either open it.",
        waits_for="Two people can’t be merged yet: no state says that somebody became somebody else.",
        has_come=can_be_merged,
    ),
)
