"""The states of a request and of its calls, and the moves between them."""

from enum import StrEnum

from portal.lifecycle import FIRST_TIME, NOW, Lifecycle
from portal.references.history_actions import RequestAction


class RequestState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    MATCHING = "matching"
    ASKED = "asked"
    SCHEDULED = "scheduled"
    DELIVERED = "delivered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    UNFULFILLED = "unfulfilled"
    DUPLICATE = "duplicate"
    CONTENT_ACCEPTED = "content_accepted"


class RequestMove(StrEnum):
    SUBMIT = "submit"
    MATCH = "match"
    ASK = "ask"
    SCHEDULE = "schedule"
    DELIVER = "deliver"
    RETURN_TO_MATCHING = "return_to_matching"  # declined, expired, not held: back to matching
    CLOSE = "close"
    WITHDRAW = "withdraw"
    GIVE_UP = "give_up"
    MARK_DUPLICATE = "mark_duplicate"
    ACCEPT_CONTENT = "accept_content"
    LOG_OFF_PLATFORM = "log_off_platform"  # arranged outside: delivered from the first moment


S = RequestState
LIFECYCLE: Lifecycle[RequestState, RequestMove] = Lifecycle(
    "request",
    S.DRAFT,
    {
        RequestMove.SUBMIT: ({S.DRAFT}, S.SUBMITTED),
        RequestMove.MATCH: ({S.SUBMITTED}, S.MATCHING),
        RequestMove.ASK: ({S.SUBMITTED, S.MATCHING, S.ASKED}, S.ASKED),
        RequestMove.SCHEDULE: ({S.ASKED}, S.SCHEDULED),
        RequestMove.DELIVER: ({S.ASKED, S.SCHEDULED}, S.DELIVERED),
        RequestMove.RETURN_TO_MATCHING: ({S.ASKED, S.SCHEDULED}, S.MATCHING),
        RequestMove.CLOSE: ({S.DELIVERED, S.CLOSED}, S.CLOSED),
        RequestMove.WITHDRAW: ({S.DRAFT, S.SUBMITTED, S.MATCHING, S.ASKED, S.SCHEDULED}, S.WITHDRAWN),
        RequestMove.GIVE_UP: ({S.SUBMITTED, S.MATCHING, S.ASKED, S.SCHEDULED}, S.UNFULFILLED),
        RequestMove.MARK_DUPLICATE: ({S.SUBMITTED, S.MATCHING}, S.DUPLICATE),
        RequestMove.LOG_OFF_PLATFORM: ({S.DRAFT}, S.DELIVERED),
        RequestMove.ACCEPT_CONTENT: ({S.SUBMITTED, S.MATCHING, S.ASKED}, S.CONTENT_ACCEPTED),
    },
    columns={
        RequestMove.SUBMIT: {"submitted_at": NOW},
        RequestMove.DELIVER: {"delivered_at": FIRST_TIME},
        RequestMove.CLOSE: {"ended_at": FIRST_TIME},  # its outcome may be corrected
        RequestMove.WITHDRAW: {"ended_at": NOW},
        RequestMove.GIVE_UP: {"ended_at": NOW},
        RequestMove.MARK_DUPLICATE: {"ended_at": NOW},
        RequestMove.ACCEPT_CONTENT: {"ended_at": NOW},
        RequestMove.LOG_OFF_PLATFORM: {
            "off_platform": True,
            "submitted_at": NOW,
            "first_response_at": NOW,
            "first_ask_at": NOW,
            "delivered_at": NOW,
        },
    },
    actions={  # asking, scheduling and going back are told by the asks and meetings that cause them
        RequestMove.SUBMIT: RequestAction.SUBMITTED,
        RequestMove.DELIVER: RequestAction.DELIVERED,
        RequestMove.CLOSE: RequestAction.OUTCOME_RECORDED,
        RequestMove.WITHDRAW: RequestAction.WITHDRAWN,
        RequestMove.GIVE_UP: RequestAction.GIVEN_UP,
        RequestMove.MARK_DUPLICATE: RequestAction.MARKED_DUPLICATE,
        RequestMove.ACCEPT_CONTENT: RequestAction.CONTENT_ACCEPTED,
        RequestMove.LOG_OFF_PLATFORM: RequestAction.LOGGED,
    },
)


class MeetingState(StrEnum):
    OFFERED = "offered"  # the advocate gave slots; the prospect has not picked
    SCHEDULED = "scheduled"
    HELD = "held"
    MOVED = "moved"
    NOT_HELD = "not_held"
    CANCELLED = "cancelled"


class MeetingMove(StrEnum):
    OFFER_TIMES = "offer_times"
    SCHEDULE = "schedule"
    REOPEN = "reopen"  # the time no longer works, or none did: the advocate offers others
    MARK_HELD = "mark_held"
    MARK_NOT_HELD = "mark_not_held"
    CANCEL = "cancel"


M = MeetingState
MEETING_LIFECYCLE: Lifecycle[MeetingState, MeetingMove] = (
    Lifecycle(  # the request keeps the history of its calls
        "call",
        M.OFFERED,
        {
            MeetingMove.OFFER_TIMES: ({M.OFFERED, M.SCHEDULED, M.MOVED}, M.OFFERED),
            MeetingMove.SCHEDULE: ({M.OFFERED}, M.SCHEDULED),
            MeetingMove.REOPEN: ({M.OFFERED, M.SCHEDULED, M.MOVED}, M.MOVED),
            MeetingMove.MARK_HELD: ({M.SCHEDULED}, M.HELD),
            MeetingMove.MARK_NOT_HELD: ({M.SCHEDULED}, M.NOT_HELD),
            MeetingMove.CANCEL: ({M.OFFERED, M.SCHEDULED, M.MOVED}, M.CANCELLED),
        },
    )
)
