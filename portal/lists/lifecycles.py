"""The states of a bulk action and the moves between them."""

from enum import StrEnum

from portal.lifecycle import NOW, Lifecycle


class BulkActionState(StrEnum):
    PREPARED = "prepared"  # somebody looks at the preview
    RUNNING = "running"
    DONE = "done"


class BulkActionMove(StrEnum):
    START = "start"
    FINISH = "finish"
    STOP = "stop"  # with rows left


S, M = BulkActionState, BulkActionMove
LIFECYCLE: Lifecycle[BulkActionState, BulkActionMove] = Lifecycle(
    "change",
    S.PREPARED,
    {M.START: ({S.PREPARED}, S.RUNNING), M.FINISH: ({S.RUNNING}, S.DONE), M.STOP: ({S.RUNNING}, S.DONE)},
    columns={M.START: {"started_at": NOW}, M.FINISH: {"finished_at": NOW}, M.STOP: {"finished_at": NOW}},
)
