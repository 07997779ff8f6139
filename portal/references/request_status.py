"""The status of a request, derived from its asks and meetings: the same result whoever was quicker."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from portal.asks.models import Ask, AskState
from portal.asks.queries import ASKED_STATES
from portal.lifecycle import move
from portal.references import queries
from portal.references.models import (
    LIFECYCLE,
    Meeting,
    MeetingState,
    ReferenceRequest,
    RequestMove,
    RequestState,
    WaitingFor,
)
from portal.references.service_levels import service_levels
from tenants.clock import utc_now

ASKABLE_STATES = frozenset(
    {
        RequestState.SUBMITTED,
        RequestState.MATCHING,
        RequestState.ASKED,
        RequestState.SCHEDULED,
        RequestState.DELIVERED,
    }
)
STATE_PATHS = {
    (RequestState.SUBMITTED, RequestState.ASKED): (RequestMove.ASK,),
    (RequestState.MATCHING, RequestState.ASKED): (RequestMove.ASK,),
    (RequestState.MATCHING, RequestState.SCHEDULED): (RequestMove.ASK, RequestMove.SCHEDULE),
    (RequestState.ASKED, RequestState.SCHEDULED): (RequestMove.SCHEDULE,),
    (RequestState.ASKED, RequestState.MATCHING): (RequestMove.RETURN_TO_MATCHING,),
    (RequestState.SCHEDULED, RequestState.MATCHING): (RequestMove.RETURN_TO_MATCHING,),
    (RequestState.SCHEDULED, RequestState.ASKED): (RequestMove.RETURN_TO_MATCHING, RequestMove.ASK),
}


def open_asks(asks: Sequence[Ask]) -> list[Ask]:
    return [ask for ask in asks if ask.state in ASKED_STATES]


def references_still_needed(request: ReferenceRequest, asks: Sequence[Ask]) -> int:
    """Count who can still be asked: each reference needed takes one ask that is open or done."""
    done = [ask for ask in asks if ask.state is AskState.COMPLETED]
    return request.references_needed - len(open_asks(asks)) - len(done)


def sync_status(session: Session, request: ReferenceRequest) -> None:
    aim = _target_state(queries.asks_for(session, request.id), queries.meetings_for(session, request.id))
    for step in STATE_PATHS.get((request.state, aim), ()):
        move(session, request, step)


def _target_state(asks: Sequence[Ask], meetings: Sequence[Meeting]) -> RequestState:
    if any(meeting.state is MeetingState.SCHEDULED for meeting in meetings):
        return RequestState.SCHEDULED
    return RequestState.ASKED if open_asks(asks) else RequestState.MATCHING


def mark_first_response(session: Session, request: ReferenceRequest) -> None:
    if request.first_response_at is None:
        request.first_response_at = utc_now()
        request.due_at = service_levels(session).next_due(request)
    if request.state is RequestState.SUBMITTED:
        move(session, request, RequestMove.MATCH)


def mark_first_ask(session: Session, request: ReferenceRequest) -> None:
    if request.first_ask_at is None:
        request.first_ask_at = utc_now()
        request.due_at = service_levels(session).next_due(request)


def name_for_rep(session: Session, ask: Ask) -> str:
    return ask.advocate.name if service_levels(session).name_after_yes else ""


def is_name_withheld(session: Session, request: ReferenceRequest) -> bool:
    asks = queries.asks_for(session, request.id)
    return not service_levels(session).name_after_yes and any(ask.state is AskState.ACCEPTED for ask in asks)


def is_first_delivery(request: ReferenceRequest) -> bool:
    return RequestMove.DELIVER in LIFECYCLE.moves_from(request.state)


def mark_delivered(session: Session, request: ReferenceRequest) -> None:
    stop_waiting(request)
    move(session, request, RequestMove.DELIVER)


def pause_clock(request: ReferenceRequest, waiting_for: WaitingFor, question: str = "") -> None:
    """`question`: a manager's, for `WaitingFor.QUESTION`."""
    request.waiting_since = request.waiting_since or utc_now()
    request.waiting_for, request.waiting_question = waiting_for, question


def stop_waiting(request: ReferenceRequest) -> None:
    request.waiting_since, request.waiting_for, request.waiting_question = None, None, ""


def resume_clock(session: Session, request: ReferenceRequest) -> None:
    if request.waiting_since is None:
        return
    promised = service_levels(session)
    waited = promised.calendar.working_time_between(request.waiting_since, promised.now)
    request.paused_seconds += round(waited.total_seconds())
    stop_waiting(request)
    request.due_at = promised.next_due(request)
