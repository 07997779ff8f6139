"""The states of a person in the program, and the moves between them."""

from enum import StrEnum

from portal.advocates.history_actions import AdvocateAction
from portal.lifecycle import NOW, Lifecycle


class AdvocateState(StrEnum):
    CANDIDATE = "candidate"
    PENDING = "pending"  # joined by itself from an unknown domain: a manager decides
    INVITED = "invited"
    ENROLLED = "enrolled"
    PAUSED = "paused"
    REFUSED = "refused"
    DEPARTED = "departed"
    ERASED = "erased"


class AdvocateMove(StrEnum):
    INVITE = "invite"
    AWAIT_APPROVAL = "await_approval"  # a nominated or self-joined person waits for a manager
    ENROLL = "enroll"
    PAUSE = "pause"
    RESUME = "resume"
    REFUSE = "refuse"
    DEPART = "depart"


S, M = AdvocateState, AdvocateMove
LIFECYCLE: Lifecycle[AdvocateState, AdvocateMove] = Lifecycle(
    "person",
    S.CANDIDATE,
    {
        M.INVITE: ({S.CANDIDATE, S.PENDING, S.INVITED}, S.INVITED),
        M.AWAIT_APPROVAL: ({S.CANDIDATE, S.REFUSED, S.DEPARTED}, S.PENDING),
        M.ENROLL: ({S.CANDIDATE, S.PENDING, S.INVITED, S.REFUSED, S.DEPARTED}, S.ENROLLED),
        M.PAUSE: ({S.ENROLLED}, S.PAUSED),
        M.RESUME: ({S.PAUSED}, S.ENROLLED),
        M.REFUSE: ({S.CANDIDATE, S.PENDING, S.INVITED}, S.REFUSED),
        M.DEPART: (
            {S.CANDIDATE, S.PENDING, S.INVITED, S.ENROLLED, S.PAUSED, S.REFUSED},
            S.DEPARTED,
        ),
    },
    columns={
        M.INVITE: {"invited_at": NOW},
        M.AWAIT_APPROVAL: {"left_at": None},
        M.ENROLL: {"enrolled_at": NOW, "left_at": None},
        M.PAUSE: {"paused_at": NOW},
        M.RESUME: {"paused_at": None, "paused_until": None},
        M.REFUSE: {"left_at": NOW},
        M.DEPART: {"left_at": NOW, "paused_at": None, "paused_until": None},
    },
    actions={  # who waits for approval was nominated or joined, and that is told
        M.INVITE: AdvocateAction.INVITED,
        M.ENROLL: AdvocateAction.ENROLLED,
        M.PAUSE: AdvocateAction.PAUSED,
        M.RESUME: AdvocateAction.RESUMED,
        M.REFUSE: AdvocateAction.REFUSED,
        M.DEPART: AdvocateAction.DEPARTED,
    },
)
IN_PROGRAM = frozenset({S.ENROLLED, S.PAUSED})
