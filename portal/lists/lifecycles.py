"""The states of a bulk action and the moves between them."""

from enum import StrEnum

from portal.lifecycle import NOW, Lifecycle


class BulkActionState(StrEnum):
    GATHERING = "gathering"  # a worker finds the rows, which are very many, and who is left out
    PREPARED = "prepared"  # somebody looks at the preview
    RUNNING = "running"
    DONE = "done"


class BulkActionMove(StrEnum):
    GATHER = "gather"
    SHOW = "show"  # all are gathered
    GIVE_UP = "give_up"  # before they were
    START = "start"
    FINISH = "finish"
    STOP = "stop"  # with rows left


S, M = BulkActionState, BulkActionMove
LIFECYCLE: Lifecycle[BulkActionState, BulkActionMove] = Lifecycle(
    "change",
    S.PREPARED,
    {
        M.GATHER: ({S.PREPARED}, S.GATHERING),
        M.SHOW: ({S.GATHERING}, S.PREPARED),
        M.GIVE_UP: ({S.GATHERING}, S.DONE),
        M.START: ({S.PREPARED}, S.RUNNING),
        M.FINISH: ({S.RUNNING}, S.DONE),
        M.STOP: ({S.RUNNING}, S.DONE),
    },
    columns={
        M.GIVE_UP: {"started_at": NOW, "finished_at": NOW},
        M.START: {"started_at": NOW},
        M.FINISH: {"finished_at": NOW},
        M.STOP: {"finished_at": NOW},
    },
)
