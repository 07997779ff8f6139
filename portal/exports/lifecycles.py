"""The states of an export and the moves between them."""

from enum import StrEnum

from portal.lifecycle import NOW, Lifecycle


class ExportState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


class ExportMove(StrEnum):
    RUN = "run"
    FINISH = "finish"
    FAIL = "fail"
    EXPIRE = "expire"
    RESTART = "restart"


S, M = ExportState, ExportMove
WITHOUT_CONTENT = {"size": 0, "lines_done": 0}
LIFECYCLE: Lifecycle[ExportState, ExportMove] = Lifecycle(
    "export",
    S.QUEUED,
    {
        M.RUN: ({S.QUEUED, S.RUNNING}, S.RUNNING),
        M.FINISH: ({S.RUNNING}, S.READY),
        M.FAIL: ({S.QUEUED, S.RUNNING}, S.FAILED),
        M.EXPIRE: ({S.READY}, S.EXPIRED),
        M.RESTART: ({S.FAILED, S.EXPIRED}, S.QUEUED),
    },
    columns={
        M.RUN: WITHOUT_CONTENT,
        M.FINISH: {"ready_at": NOW},
        M.FAIL: WITHOUT_CONTENT,
        M.EXPIRE: WITHOUT_CONTENT,
        M.RESTART: {
            "asked_at": NOW,
            "ready_at": None,
            "expires_at": None,
            "tries": 0,
            "failure": None,
            **WITHOUT_CONTENT,
        },
    },
)
DUE = (S.QUEUED, S.RUNNING)  # a worker has something to do
