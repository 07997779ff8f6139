"""What a person may do about letters, one or many. Those that moved on meanwhile are left alone, and counted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from portal.errors import Conflict
from portal.outreach import actions, queries
from portal.outreach.models import Hold, Letter, LetterState, Move
from tenants.models import Membership

AS_IT_IS = frozenset({Hold.OVER, Hold.PAUSED})  # trying again would send what is over, or change nothing


def may_be_tried(letter: Letter) -> bool:
    """Is there any use in it? What is looked at again by itself needs nobody."""
    if Move.TRY_AGAIN not in letter.moves or letter.state is LetterState.UNKNOWN:
        return False
    if letter.state is not LetterState.HELD or letter.held_for is Hold.DOUBT:
        return True
    return letter.due_at is None and letter.held_for not in AS_IT_IS


def may_be_given_up(letter: Letter) -> bool:
    return Move.GIVE_UP in letter.moves and letter.state is not LetterState.UNKNOWN


@dataclass(frozen=True)
class Done:
    letters: int
    left: int  # nothing was done about these
    waiting: int = 0  # of them, those that a rule holds which ends by itself, and those that are over


@dataclass(frozen=True)
class Picked:
    """Letters that may be tried again: surely not arrived, and those that may arrive twice."""

    plain: Sequence[Letter]
    doubtful: Sequence[Letter]

    @property
    def all(self) -> list[Letter]:
        return [*self.plain, *self.doubtful]


def picked(session: Session, ids: Collection[UUID]) -> Picked:
    found = [letter for letter in queries.some(session, ids) if may_be_tried(letter)]
    return Picked(
        [letter for letter in found if not letter.in_doubt], [letter for letter in found if letter.in_doubt]
    )


def try_again(session: Session, ids: Collection[UUID], *, by: Membership) -> Done:
    found = queries.some_locked(session, ids)
    may = [letter for letter in found if may_be_tried(letter)]
    waiting = sum(letter.state is LetterState.HELD and letter not in may for letter in found)
    tried = sum(_tried(session, letter, by) for letter in may)
    return Done(tried, len(set(ids)) - tried, waiting)


def _tried(session: Session, letter: Letter, by: Membership) -> bool:
    """One that must not leave keeps no other."""
    try:
        actions.try_again(session, letter, by=by)
    except Conflict:
        return False
    return True


def give_up(session: Session, ids: Collection[UUID], *, by: Membership) -> Done:
    may = [letter for letter in queries.some_locked(session, ids) if may_be_given_up(letter)]
    for letter in may:
        actions.give_up(session, letter, by=by)
    return Done(len(may), len(set(ids)) - len(may))


def try_alike(session: Session, why: str, *, by: Membership) -> Done:
    """Every letter that failed for this reason, a thousand at a time."""
    return try_again(session, session.scalars(queries.failed_alike(why)).all(), by=by)
