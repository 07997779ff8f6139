"""The states of an import and the moves between them."""

from enum import StrEnum
from typing import Any

from portal.imports.history_actions import ImportAction
from portal.lifecycle import NOW, Lifecycle


class ImportState(StrEnum):
    READING = "reading"  # a worker has a first look at the file
    UNREADABLE = "unreadable"  # and found no table
    UPLOADED = "uploaded"  # columns are being mapped
    CHECKING = "checking"  # a worker finds out what would become of the lines
    QUEUED = "queued"
    STAGING = "staging"
    MERGING = "merging"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


class ImportMove(StrEnum):
    """Those called `run` are a worker's: said before it is done, so that a killed worker's work is begun again."""

    INSPECT_AGAIN = "inspect_again"  # in the way that somebody chose
    RUN_INSPECTION = "run_inspection"
    FINISH_INSPECTION = "finish_inspection"
    REJECT = "reject"
    KEEP_EARLIER_READING = "keep_earlier_reading"  # it can't be read in the way somebody chose
    CHECK = "check"
    RUN_CHECK = "run_check"
    FINISH_CHECK = "finish_check"  # what the check found
    START = "start"
    RUN_STAGING = "run_staging"
    FINISH_STAGING = "finish_staging"
    RUN_MERGE = "run_merge"
    FINISH = "finish"
    FAIL = "fail"
    START_UNDO = "start_undo"
    RUN_UNDO = "run_undo"
    GIVE_UP_UNDO = "give_up_undo"  # it could not be taken back
    FINISH_UNDO = "finish_undo"


S, M = ImportState, ImportMove
AFRESH: dict[str, Any] = {"tries": 0, "failure": None, "failure_params": {}}
LIFECYCLE: Lifecycle[ImportState, ImportMove] = Lifecycle(
    "import",
    S.READING,
    {
        M.INSPECT_AGAIN: ({S.READING, S.UPLOADED, S.FAILED}, S.READING),
        M.RUN_INSPECTION: ({S.READING}, S.READING),
        M.FINISH_INSPECTION: ({S.READING}, S.UPLOADED),
        M.REJECT: ({S.READING}, S.UNREADABLE),
        M.KEEP_EARLIER_READING: ({S.READING}, S.UPLOADED),
        M.CHECK: ({S.UPLOADED, S.FAILED, S.CHECKING}, S.CHECKING),
        M.RUN_CHECK: ({S.CHECKING}, S.CHECKING),
        M.FINISH_CHECK: ({S.CHECKING}, S.UPLOADED),
        M.START: ({S.UPLOADED, S.FAILED}, S.QUEUED),
        M.RUN_STAGING: ({S.QUEUED, S.STAGING}, S.STAGING),
        M.FINISH_STAGING: ({S.STAGING}, S.MERGING),
        M.RUN_MERGE: ({S.MERGING}, S.MERGING),
        M.FINISH: ({S.MERGING}, S.DONE),
        M.FAIL: ({S.CHECKING, S.QUEUED, S.STAGING, S.MERGING}, S.FAILED),
        M.START_UNDO: ({S.DONE}, S.UNDOING),
        M.RUN_UNDO: ({S.UNDOING}, S.UNDOING),
        M.GIVE_UP_UNDO: ({S.UNDOING}, S.DONE),
        M.FINISH_UNDO: ({S.UNDOING}, S.UNDONE),
    },
    columns={
        M.INSPECT_AGAIN: AFRESH,
        M.FINISH_INSPECTION: AFRESH,
        M.REJECT: {"ended_at": NOW},
        M.KEEP_EARLIER_READING: {"tries": 0},
        M.CHECK: {"check_result": None, **AFRESH},
        M.FINISH_CHECK: AFRESH,
        M.START: {"started_at": NOW, "rows_staged": 0, "line_staged": 0, **AFRESH},
        M.FINISH_STAGING: {"tries": 0},
        M.FINISH: {"ended_at": NOW},
        M.FAIL: {"ended_at": NOW},
        M.START_UNDO: AFRESH,
    },  # an undo leaves `ended_at`: since then rows count as edited
    actions={
        M.START: ImportAction.STARTED,
        M.START_UNDO: ImportAction.UNDO_STARTED,
        M.FINISH_UNDO: ImportAction.UNDONE,
    },
)
DUE = (S.READING, S.CHECKING, S.QUEUED, S.STAGING, S.MERGING, S.UNDOING)  # a worker has something to do
