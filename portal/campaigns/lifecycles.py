"""The states of a campaign and of each person in it, and the moves between them."""

from enum import StrEnum

from portal.history import HistoryAction
from portal.lifecycle import NOW, Lifecycle


class CampaignState(StrEnum):
    REQUESTED = "requested"  # a worker writes down who is in it
    WAITING = "waiting"  # for a second person
    RUNNING = "running"  # from `starts_at` on
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    DECLINED = "declined"


class Halt(StrEnum):
    """Why a worker went no further by itself."""

    AUDIENCE_CHANGED = "audience_changed"  # after the preview; nobody was drawn
    REVIEWS = "reviews"  # satisfaction may decide who is in it, and it asks for reviews
    GREW = "grew"  # far more people than when it was started or approved


class CampaignMove(StrEnum):
    START = "start"
    ASK_FOR_APPROVAL = "ask_for_approval"
    APPROVE = "approve"
    DECLINE = "decline"
    REFUSE = "refuse"  # satisfaction decides who is in it, and it asks for reviews
    TURN_BACK = "turn_back"  # its audience is another one than whoever started it saw
    ASK_AGAIN = "ask_again"  # it is open-ended, and far more people are in it than were approved
    KEEP_SIZE = "keep_size"  # those were not approved
    HALT = "halt"  # it is open-ended, and by now satisfaction decides who is in it
    PAUSE = "pause"
    GO_ON = "go_on"
    STOP = "stop"
    FINISH = "finish"


class PersonState(StrEnum):
    """Of one person, in one round."""

    QUEUED = "queued"
    ASKED = "asked"
    LEFT_OUT = "left_out"


class PersonMove(StrEnum):
    ASK = "ask"
    LEAVE_OUT = "leave_out"


class CampaignAction(HistoryAction):
    """Said of the record it is about."""

    APPROVAL_REQUESTED = "approval_requested"
    APPROVED = "approved"
    DECLINED = "declined"
    REFUSED = "refused_for_reviews"
    PAUSED = "paused"
    WENT_ON = "went_on"
    STOPPED = "stopped"
    SENT = "sent_to_all"
    AUDIENCE_CHANGED = "audience_changed"
    GREW = "audience_grew"
    GROWTH_DECLINED = "growth_declined"
    HALTED = "halted_for_reviews"


S, M = CampaignState, CampaignMove
LIFECYCLE: Lifecycle[CampaignState, CampaignMove] = Lifecycle(
    "campaign",
    S.REQUESTED,
    {
        M.START: ({S.REQUESTED}, S.RUNNING),
        M.ASK_FOR_APPROVAL: ({S.REQUESTED}, S.WAITING),
        M.APPROVE: ({S.WAITING}, S.RUNNING),
        M.DECLINE: ({S.WAITING}, S.DECLINED),
        M.REFUSE: ({S.REQUESTED}, S.DECLINED),
        M.TURN_BACK: ({S.REQUESTED}, S.DECLINED),
        M.ASK_AGAIN: ({S.RUNNING}, S.WAITING),
        M.KEEP_SIZE: ({S.WAITING}, S.PAUSED),
        M.HALT: ({S.RUNNING}, S.PAUSED),
        M.PAUSE: ({S.RUNNING}, S.PAUSED),
        M.GO_ON: ({S.PAUSED}, S.RUNNING),
        M.STOP: ({S.REQUESTED, S.WAITING, S.RUNNING, S.PAUSED}, S.STOPPED),
        M.FINISH: ({S.RUNNING}, S.FINISHED),
    },
    columns={
        M.ASK_FOR_APPROVAL: {"next_at": None, "approval_asked_at": NOW},
        M.APPROVE: {"decided_at": NOW, "halt": None},
        M.DECLINE: {"decided_at": NOW},
        M.REFUSE: {"next_at": None, "decided_at": NOW, "halt": Halt.REVIEWS},
        M.TURN_BACK: {"next_at": None, "decided_at": NOW, "halt": Halt.AUDIENCE_CHANGED},
        M.ASK_AGAIN: {"next_at": None, "approval_asked_at": NOW, "halt": Halt.GREW},
        M.KEEP_SIZE: {"decided_at": NOW, "paused_at": NOW},
        M.HALT: {"next_at": None, "paused_at": NOW, "halt": Halt.REVIEWS},
        M.PAUSE: {"next_at": None, "paused_at": NOW},
        M.GO_ON: {"next_at": NOW, "paused_at": None, "halt": None},
        M.STOP: {"next_at": None, "ended_at": NOW},
        M.FINISH: {"next_at": None, "ended_at": NOW},
    },
)
PERSON_LIFECYCLE: Lifecycle[PersonState, PersonMove] = Lifecycle(
    "campaign",
    PersonState.QUEUED,
    {
        PersonMove.ASK: ({PersonState.QUEUED}, PersonState.ASKED),
        PersonMove.LEAVE_OUT: ({PersonState.QUEUED}, PersonState.LEFT_OUT),
    },
)
ACTIONS = {
    M.ASK_FOR_APPROVAL: CampaignAction.APPROVAL_REQUESTED,
    M.APPROVE: CampaignAction.APPROVED,
    M.DECLINE: CampaignAction.DECLINED,
    M.REFUSE: CampaignAction.REFUSED,
    M.TURN_BACK: CampaignAction.AUDIENCE_CHANGED,
    M.ASK_AGAIN: CampaignAction.GREW,
    M.KEEP_SIZE: CampaignAction.GROWTH_DECLINED,
    M.HALT: CampaignAction.HALTED,
    M.PAUSE: CampaignAction.PAUSED,
    M.GO_ON: CampaignAction.WENT_ON,
    M.STOP: CampaignAction.STOPPED,
    M.FINISH: CampaignAction.SENT,
}
