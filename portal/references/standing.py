"""Where a request stands, worked out from its asks and meetings: the same answer whoever was quicker."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from portal.asks.models import Ask
from portal.asks.models import State as AskState
from portal.references import queries
from portal.references.clock import promises
from portal.references.models import (
    LIFECYCLE,
    Meeting,
    MeetingState,
    Move,
    ReferenceRequest,
    State,
)
from tenants.clock import utc_now

LIVE = frozenset({AskState.SENT, AskState.ACCEPTED})
ASKABLE = frozenset({State.SUBMITTED, State.MATCHING, State.ASKED, State.SCHEDULED, State.DELIVERED})
ROADS = {
    (State.SUBMITTED, State.ASKED): (Move.ASK,),
    (State.MATCHING, State.ASKED): (Move.ASK,),
    (State.MATCHING, State.SCHEDULED): (Move.ASK, Move.SCHEDULE),
    (State.ASKED, State.SCHEDULED): (Move.SCHEDULE,),
    (State.ASKED, State.MATCHING): (Move.RETURN,),
    (State.SCHEDULED, State.MATCHING): (Move.RETURN,),
    (State.SCHEDULED, State.ASKED): (Move.RETURN, Move.ASK),
}


def live(asks: Sequence[Ask]) -> list[Ask]:
    return [ask for ask in asks if ask.state in LIVE]


def still_wanted(wanted: ReferenceRequest, asks: Sequence[Ask]) -> int:
    """How many more people can be asked: each reference wanted needs one ask that is open or done."""
    done = [ask for ask in asks if ask.state is AskState.COMPLETED]
    return wanted.wanted - len(live(asks)) - len(done)


def settle(session: Session, wanted: ReferenceRequest) -> None:
    """After an ask or a meeting changed: take the request to the state that follows from them."""
    aim = _aim(queries.asks_for(session, wanted.id), queries.meetings_for(session, wanted.id))
    for move in ROADS.get((wanted.state, aim), ()):
        wanted.state = LIFECYCLE.after(move, wanted.state)


def _aim(asks: Sequence[Ask], meetings: Sequence[Meeting]) -> State:
    if any(meeting.state is MeetingState.SCHEDULED for meeting in meetings):
        return State.SCHEDULED
    return State.ASKED if live(asks) else State.MATCHING


def answered(session: Session, wanted: ReferenceRequest) -> None:
    """The desk's first word: from here on somebody looks for a candidate."""
    if wanted.answered_at is None:
        wanted.answered_at = utc_now()
        wanted.due_at = promises(session).next_due(wanted)
    if wanted.state is State.SUBMITTED:
        wanted.state = LIFECYCLE.after(Move.MATCH, wanted.state)


def named(session: Session, wanted: ReferenceRequest) -> None:
    """The first advocate was asked."""
    if wanted.named_at is None:
        wanted.named_at = utc_now()
        wanted.due_at = promises(session).next_due(wanted)


def name_for_rep(session: Session, ask: Ask) -> str:
    """For letters after a yes: the name, or nothing where the workspace keeps names from its reps."""
    return ask.advocate.name if promises(session).name_after_yes else ""


def keeps_name(session: Session, wanted: ReferenceRequest) -> bool:
    """Somebody said yes, and the workspace keeps the name from its reps."""
    asks = queries.asks_for(session, wanted.id)
    return not promises(session).name_after_yes and any(ask.state is AskState.ACCEPTED for ask in asks)


def delivered(wanted: ReferenceRequest) -> bool:
    """True when this was the first reference of the request to arrive."""
    if wanted.state not in {State.ASKED, State.SCHEDULED}:
        return False
    wanted.state = LIFECYCLE.after(Move.DELIVER, wanted.state)
    wanted.delivered_at = utc_now()
    wanted.waiting_since, wanted.waiting_for = None, ""
    return True


def stop_clock(wanted: ReferenceRequest, waiting_for: str) -> None:
    wanted.waiting_since = wanted.waiting_since or utc_now()
    wanted.waiting_for = waiting_for


def restart_clock(session: Session, wanted: ReferenceRequest) -> None:
    """The rep answered: what was waited is not held against the desk."""
    if wanted.waiting_since is None:
        return
    promised = promises(session)
    waited = promised.calendar.between(wanted.waiting_since, promised.now)
    wanted.waited_seconds += round(waited.total_seconds())
    wanted.waiting_since, wanted.waiting_for = None, ""
    wanted.due_at = promised.next_due(wanted)
