"""The states of a sequence and of its runs, and the moves between them."""

from enum import StrEnum

from portal.history import HistoryAction
from portal.lifecycle import NOW, Lifecycle


class SequenceState(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"


class SequenceMove(StrEnum):
    START = "start"
    START_BUILT_IN = "start_built_in"  # one that every workspace has, in the moment it is made
    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"  # somebody ended it, or it reached a limit
    COMPLETE = "complete"  # everybody got every email


class SequenceAction(HistoryAction):
    """What the history says was done; kept as these values."""

    CREATED = "made"
    CHANGED = "changed"
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    FINISHED = "finished"
    COMPLETED = "done"
    RECIPIENT_REMOVED = "recipient_removed"
    ANSWERED = "answered"
    REFUSED = "sequence_refused"  # by a worker: what was asked for could not be done


S, M = SequenceState, SequenceMove
FINISHABLE_STATES = frozenset({S.RUNNING, S.PAUSED})
LIFECYCLE: Lifecycle[SequenceState, SequenceMove] = Lifecycle(
    "sequence",
    S.DRAFT,
    {
        M.START: ({S.DRAFT}, S.RUNNING),
        M.START_BUILT_IN: ({S.DRAFT}, S.RUNNING),
        M.PAUSE: ({S.RUNNING}, S.PAUSED),
        M.RESUME: ({S.PAUSED}, S.RUNNING),
        M.FINISH: (FINISHABLE_STATES, S.FINISHED),
        M.COMPLETE: (FINISHABLE_STATES, S.FINISHED),
    },
    columns={
        M.START: {"started_at": NOW},
        M.START_BUILT_IN: {"started_at": NOW},
        M.FINISH: {"ended_at": NOW},
        M.COMPLETE: {"ended_at": NOW},
    },
    actions={
        M.START: SequenceAction.STARTED,
        M.PAUSE: SequenceAction.PAUSED,
        M.RESUME: SequenceAction.RESUMED,
        M.FINISH: SequenceAction.FINISHED,
        M.COMPLETE: SequenceAction.COMPLETED,
    },
)


class RunState(StrEnum):
    WAITING = "waiting"  # for its next step
    DONE = "done"  # every step was written
    STOPPED = "stopped"


class StopReason(StrEnum):
    """Why a run ended early."""

    ANSWERED = "answered"
    DISMISSED = "dismissed"  # the person hid it and was not asked again
    WITHDRAWN = "withdrawn"  # what it is about was taken back, moved or ended
    UNSUBSCRIBED = "unsubscribed"
    LEFT = "left"  # the person left the program
    LIMIT = "limit"  # the sequence reached its goal or its number of emails
    BY_HAND = "by_hand"


class RunMove(StrEnum):
    COMPLETE = "complete"
    STOP = "stop"
    STOP_ANSWERED = "stop answered"  # whoever had every email already and answers now has answered, too
    RESTART = "restart"  # for another moment, or after it was taken back


R = RunState
RUN_LIFECYCLE: Lifecycle[RunState, RunMove] = Lifecycle(
    "recipient",
    R.WAITING,
    {
        RunMove.COMPLETE: ({R.WAITING}, R.DONE),
        RunMove.STOP: ({R.WAITING}, R.STOPPED),
        RunMove.STOP_ANSWERED: ({R.WAITING, R.DONE}, R.STOPPED),
        RunMove.RESTART: ({R.WAITING, R.DONE, R.STOPPED}, R.WAITING),
    },
    columns={
        RunMove.COMPLETE: {"next_at": None, "ended_at": NOW},
        RunMove.STOP: {"next_at": None, "ended_at": NOW},
        RunMove.STOP_ANSWERED: {"next_at": None, "ended_at": NOW},
        RunMove.RESTART: {"stop_reason": None, "ended_at": None},
    },
)
